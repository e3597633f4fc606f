"""The facts of a real case, for who writes messages and wants to see them said."""

from __future__ import annotations

from datetime import datetime

from django.utils import translation
from django.utils.translation import gettext

from accounts.permissions import Viewer
from core import audit
from enquiries.actions.telling import context_of, day_words
from enquiries.lifecycle import OUTCOME_WORDS, Outcome
from enquiries.queries import access, sensitive
from enquiries.queries.access import NoSuchCase


def facts_of(viewer: Viewer, reference: str, *, language: str, now: datetime) -> dict[str, str]:
    """What messages would say of a case that the viewer may read. Secrets of links are crossed out.

    Who looked is written down. Raises NoSuchCase, also for what they may not read.
    """
    enquiry = (
        access.visible(viewer)
        .select_related("service", "owner")
        .filter(reference=access.canonical(reference))
        .first()
    )
    if enquiry is None or not sensitive.reads(viewer, enquiry):
        raise NoSuchCase("There is no enquiry with that reference that you may read")
    with translation.override(language):
        found = {
            **context_of(enquiry),
            "words": enquiry.public_words,
            "since": day_words(enquiry.received_at.date()),
        }
        if enquiry.outcome:
            found["outcome_words"] = gettext(OUTCOME_WORDS[Outcome(enquiry.outcome)])
    found["track_url"] = found["track_url"].replace(enquiry.secret, "x" * len(enquiry.secret))
    audit.record(
        "enquiry.said_in_preview", actor=viewer.actor, target=f"enquiry:{enquiry.reference}",
        at=now, data={},
    )  # fmt: skip
    return {name: value for name, value in found.items() if value}
