"""What became of offers between organisations, counted (measures.md, R57)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Case, Count, F, Value, When
from django.db.models.expressions import Combinable

from enquiries.lifecycle import ReferralStatus
from enquiries.models import Referral


@dataclass(frozen=True, slots=True)
class Results:
    """How many offers to an organisation stood how: a word of ReferralStatus.

    `part` is what the caller had them counted by.
    """

    part: Any
    organisation: str
    result: str
    n: int


def counted(
    enquiries: Any, *, at: datetime, by: Combinable | None = None, organisation: str = ""
) -> Iterator[Results]:
    """The offers of these enquiries (keys, or a statement of them) as they stood at a moment."""
    rows = Referral.objects.filter(enquiry__in=enquiries, offered_at__lte=at).order_by()
    if organisation:
        rows = rows.filter(organisation__slug=organisation)
    result = Case(
        When(settled_at__lte=at, then=F("status")),
        When(accepted_at__lte=at, then=Value(ReferralStatus.ACCEPTED.value)),
        default=Value(ReferralStatus.OFFERED.value),
    )
    grouped = rows.annotate(part=by or Value(""), result=result, whose=F("organisation__slug"))
    for part, whose, said, n in (
        grouped.values("part", "whose", "result")
        .annotate(n=Count("pk"))
        .values_list("part", "whose", "result", "n")
    ):
        yield Results(part, whose, said, n)
