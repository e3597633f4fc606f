"""What staff let others read of an enquiry before they report the same (ADR 18)."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

import customers.queries
from accounts.permissions import Viewer
from core import audit
from core.errors import DomainError
from core.privacy import redact_text
from enquiries.models import Attachment, Enquiry, PublicNote
from enquiries.queries import nearby
from enquiries.queries.access import for_desk

MAX_WORDS = 300


class NotForNeighbours(DomainError):
    """It may not be shown so; the field says where."""

    code = "not_for_neighbours"


@transaction.atomic
def show(
    *, reference: str, viewer: Viewer, words: str, picture: str, picture_words: str, now: datetime
) -> None:
    """Lets neighbours read these words, and see that picture of it. Again is another wording.

    Raises NoSuchCase, and NotForNeighbours for a service that is shown to nobody, words that name
    somebody, and a picture that is not of this enquiry or has no words.
    """
    enquiry = for_desk(viewer, reference)
    if not nearby.is_shown(enquiry):
        raise NotForNeighbours("Reports of this service are never shown to others")
    words = " ".join(words.replace("\x00", "").split())
    _check_words(enquiry, words, "words")
    chosen = _picture(enquiry, picture)
    described = " ".join(picture_words.replace("\x00", "").split())[:200] if chosen else ""
    if chosen is not None:
        _check_words(enquiry, described, "picture_words")
    PublicNote.objects.update_or_create(
        enquiry=enquiry,
        defaults={
            "words": words,
            "picture": chosen,
            "picture_words": described,
            "shown_at": now,
            "shown_by": viewer.name[:120],
            "hidden_at": None,
        },
    )
    _audit("shown", enquiry, viewer=viewer, now=now, picture=chosen)


@transaction.atomic
def hide(*, reference: str, viewer: Viewer, now: datetime) -> None:
    """Takes words and picture back. Twice changes nothing. Raises NoSuchCase."""
    enquiry = for_desk(viewer, reference)
    if PublicNote.objects.filter(enquiry=enquiry, hidden_at=None).update(hidden_at=now):
        _audit("hidden", enquiry, viewer=viewer, now=now, picture=None)


def _check_words(enquiry: Enquiry, words: str, field: str) -> None:
    if not words:
        what = "what neighbours read" if field == "words" else "what the picture shows"
        raise NotForNeighbours(f"Write {what}", field=field)
    if len(words) > MAX_WORDS:
        raise NotForNeighbours(f"Use {MAX_WORDS} characters or fewer", field=field)
    person = enquiry.person_id
    is_named = person is not None and customers.queries.is_named(person, words)
    if is_named or redact_text(words) != words:
        raise NotForNeighbours(
            "Anybody can read this. Leave out names, house numbers of people, telephone numbers "
            "and email addresses",
            field=field,
        )


def _picture(enquiry: Enquiry, picture: str) -> Attachment | None:
    if not picture:
        return None
    found = next((one for one in nearby.pictures(enquiry) if str(one.public_id) == picture), None)
    if found is None:
        raise NotForNeighbours("Choose a picture of this enquiry", field="picture")
    return found


def _audit(
    what: str, enquiry: Enquiry, *, viewer: Viewer, now: datetime, picture: Attachment | None
) -> None:
    data: dict[str, object] = {"picture": str(picture.public_id) if picture else ""}
    audit.record(
        f"neighbours.{what}",
        actor=viewer.actor,
        target=f"enquiry:{enquiry.reference}",
        at=now,
        data=data,
    )
