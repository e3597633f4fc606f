"""What each answer to a referral needs first, and how one ends."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from core.errors import DomainError
from enquiries.lifecycle import REFERRAL_TRANSITIONS, ReferralStatus
from enquiries.models import Referral


class AlreadyAnswered(DomainError):
    code = "referral_already_answered"


def must_be(referral: Referral, *allowed: ReferralStatus) -> None:
    """Raises AlreadyAnswered unless it stands in one of these."""
    if referral.status not in allowed:
        raise AlreadyAnswered(
            f"This referral is {referral.status} already. Reload the page to see what happened"
        )


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
