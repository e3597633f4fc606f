"""A text that staff write to the citizen of a case; what they answer lands on it."""

from __future__ import annotations

import secrets
import uuid
from datetime import datetime

from django.db import transaction

import customers.queries
import notifications.actions
from accounts.permissions import Viewer
from core import audit
from core.errors import DomainError
from enquiries import events
from enquiries.actions import deadlines
from enquiries.actions.resolutions import checked_words
from enquiries.events import EventType
from enquiries.lifecycle import ENDED, NotNow
from enquiries.queries import text_out
from enquiries.queries.access import for_desk
from enquiries.queries.ways import speaks_for


class NotTexted(DomainError):
    """Their number may not be texted, or there is none."""

    code = "not_texted"
    field = "words"


@transaction.atomic
def text(
    *, reference: str, viewer: Viewer, words: str, now: datetime, with_link: bool = False
) -> int:
    """Sends the citizen a text of somebody's own words, and their own link with it where that was
    asked for. Stops the first-response clock. Returns the number of its line in the ledger.

    It is for who told us, and for no follower. Raises NoSuchCase, NotNow, WordsMissing, NotTexted.
    """
    words = checked_words(words)
    if len(words) > text_out.MOST_WORDS:
        raise NotTexted(f"A text must be {text_out.MOST_WORDS} characters or fewer")
    enquiry = for_desk(viewer, reference)
    if enquiry.status in ENDED:
        raise NotNow("This enquiry has ended. Open it again before you write about it")
    number = text_out.number_of(enquiry)
    if not number.phone:
        raise NotTexted(number.why_not)
    deadlines.responded(enquiry, at=now)
    event = events.record(enquiry, EventType.REPLIED, actor=viewer.actor, at=now, words=words)
    notifications.actions.send(
        # The same key as other words of ours: their page shows how it was sent.
        key=f"replied:{enquiry.pk}:{event.sequence}",
        event=text_out.EVENT,
        medium="sms",
        to=number.phone,
        context={**text_out.context(enquiry, words), **({} if with_link else {"link": ""})},
        hidden={"link": text_out.own_link(enquiry)} if with_link else None,
        organisation=speaks_for(enquiry),
        about=enquiry.reference,
        language=enquiry.language,
        now=now,
    )
    return event.sequence


@transaction.atomic
def text_first(*, person: uuid.UUID, viewer: Viewer, words: str, now: datetime) -> None:
    """Sends somebody a text before there is a case. What they answer opens one for the viewer's
    organisation, with this text in it. Raises NoSuchPerson, WordsMissing, NotTexted."""
    words = checked_words(words)
    if len(words) > text_out.MOST_WORDS:
        raise NotTexted(f"A text must be {text_out.MOST_WORDS} characters or fewer")
    shown = customers.queries.person(viewer, person)
    number = text_out.number_of_person(shown.id)
    if not number.phone:
        raise NotTexted(number.why_not)
    name = secrets.token_hex(7)
    notifications.actions.send(
        key=f"{text_out.FIRST}:{name}",
        event=text_out.FIRST,
        medium="sms",
        to=number.phone,
        context={"owner": viewer.organisation_name, "written": words},
        about=f"{text_out.ABOUT}{name}",
        organisation=viewer.organisation_slug,
        now=now,
    )
    audit.record("person.texted", actor=viewer.actor, target=f"person:{person}", at=now)
