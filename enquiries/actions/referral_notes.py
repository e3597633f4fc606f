"""What an organisation writes about its part: for itself, for the hub too, or for the citizen."""

from __future__ import annotations

import uuid
from datetime import datetime

from django.db import transaction

from accounts.permissions import Viewer
from core.errors import DomainError
from enquiries import events
from enquiries.actions import deadlines, telling
from enquiries.actions.referral_states import must_be
from enquiries.actions.resolutions import checked_words
from enquiries.events import EventType
from enquiries.lifecycle import ReferralStatus
from enquiries.models import Enquiry, EnquiryEvent
from enquiries.queries.access import referral_locked

READERS = ("us", "hub", "public")


class NoReader(DomainError):
    code = "seen_by_unknown"
    field = "seen_by"


def checked_reader(seen_by: str) -> str:
    """Who may see something. Raises NoReader: nobody is chosen for anybody."""
    if seen_by not in READERS:
        raise NoReader("Choose who sees it: only you, the hub too, or the citizen")
    return seen_by


@transaction.atomic
def note(
    *,
    public_id: uuid.UUID,
    viewer: Viewer,
    words: str,
    seen_by: str,
    now: datetime,
    sends_away: bool = False,
) -> None:
    """Keeps a note for exactly those readers; `public` tells the citizen, and ends nothing.

    `sends_away`: what the citizen is told sends them to another door (S2). The same note again
    straight away is one. Raises AlreadyAnswered, WordsMissing, NoReader.
    """
    words, seen_by = checked_words(words), checked_reader(seen_by)
    referral, enquiry = referral_locked(viewer, public_id)
    must_be(referral, ReferralStatus.OFFERED, ReferralStatus.ACCEPTED)
    if _is_said(enquiry, referral.organisation_id, words, seen_by):
        return
    if sends_away and seen_by == "public":
        events.record(enquiry, EventType.TOLD_TO_CONTACT, actor=viewer.actor, at=now)
    kind = EventType.REPLIED if seen_by == "public" else EventType.NOTED
    event = events.record(
        enquiry,
        kind,
        actor=viewer.actor,
        at=now,
        organisation=referral.organisation.name,
        seen_by=seen_by,
        words=words,
    )
    if seen_by != "public":
        return
    deadlines.responded(enquiry, at=now)
    telling.citizen(
        enquiry,
        "replied",
        key=f"replied:{enquiry.pk}:{event.sequence}",
        owner=referral.organisation.name,
        words=words,
        now=now,
    )


def _is_said(enquiry: Enquiry, organisation_id: int, words: str, seen_by: str) -> bool:
    newest = EnquiryEvent.objects.filter(enquiry=enquiry, organisation_id=organisation_id)
    last = newest.order_by("-sequence").first()
    return last is not None and (last.data.get("words"), last.data.get("seen_by")) == (
        words,
        seen_by,
    )
