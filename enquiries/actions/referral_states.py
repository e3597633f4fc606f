"""What each answer to a referral needs first, and how one ends."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from core.errors import DomainError
from enquiries.events import EventType
from enquiries.lifecycle import REFERRAL_TRANSITIONS, ReferralStatus
from enquiries.models import EnquiryEvent, Referral

_ANSWERS = [
    kind.value
    for kind in (
        EventType.ACCEPTED,
        EventType.REJECTED,
        EventType.RETURNED,
        EventType.PART_COMPLETED,
        EventType.RESOLVED,
    )
]


class AlreadyAnswered(DomainError):
    code = "referral_already_answered"


def must_be(referral: Referral, *allowed: ReferralStatus) -> None:
    """Raises AlreadyAnswered unless it stands in one of these, with the name of who was quicker."""
    if referral.status not in allowed:
        raise AlreadyAnswered(
            f"This referral is {referral.status} already{_by_whom(referral)}. "
            "Reload the page to see what happened"
        )


def _by_whom(referral: Referral) -> str:
    """The colleague who answered last; nothing where it was the hub, or time, that ended it."""
    if referral.status in (ReferralStatus.WITHDRAWN, ReferralStatus.EXPIRED):
        return ""
    last = (
        EnquiryEvent.objects.filter(
            enquiry_id=referral.enquiry_id,
            organisation_id=referral.organisation_id,
            actor_kind="staff",
            type__in=_ANSWERS,
        )
        .order_by("-sequence")
        .first()
    )
    return f", by {last.actor_name}" if last is not None else ""


def move(referral: Referral, target: ReferralStatus, *, now: datetime, **fields: Any) -> None:
    """Takes a locked referral to another status, with what belongs to it. Raises AlreadyAnswered.

    What is settled is in nobody's hands any more.
    """
    current = ReferralStatus(referral.status)
    if target not in REFERRAL_TRANSITIONS[current]:
        must_be(referral)
    if not REFERRAL_TRANSITIONS[target]:
        fields |= {"settled_at": now, "assignee": None}
    fields["status"] = target.value
    for name, value in fields.items():
        setattr(referral, name, value)
    referral.save(update_fields=list(fields))
