"""Organisations that say of each other that it is theirs: who said no, why, and whom they name."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from enquiries.lifecycle import REJECT_WORDS, RejectReason
from enquiries.models import Referral
from enquiries.models.referrals import ReferralStatus


@dataclass(frozen=True, slots=True)
class Refusal:
    """One organisation's no. `words` is what it wrote, `suggested` whom it named."""

    organisation: str
    reason: str
    words: str
    suggested: str


def refusals(enquiry_ids: Iterable[int]) -> dict[int, tuple[Refusal, ...]]:
    """The rejections of each of these enquiries, oldest first; one statement for all of them."""
    rows = (
        Referral.objects.filter(
            enquiry_id__in=list(enquiry_ids), status=ReferralStatus.REJECTED.value
        )
        .select_related("organisation", "suggested")
        .order_by("settled_at", "pk")
    )
    found: dict[int, tuple[Refusal, ...]] = {}
    for row in rows:
        found[row.enquiry_id] = (*found.get(row.enquiry_id, ()), _refusal(row))
    return found


def _refusal(row: Referral) -> Refusal:
    reason = REJECT_WORDS[RejectReason(row.reject_reason)] if row.reject_reason else ""
    return Refusal(
        organisation=row.organisation.short_name,
        reason=reason,
        words=row.answer_reason,
        suggested=row.suggested.short_name if row.suggested else "",
    )
