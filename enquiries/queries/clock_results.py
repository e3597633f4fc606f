"""How clocks ended, counted: the results that stand on the performance page (R49)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Case, Count, F, Q, Value, When
from django.db.models.expressions import Combinable

from enquiries.lifecycle import ClockState
from enquiries.models import Clock


@dataclass(frozen=True, slots=True)
class Results:
    """How many clocks of a kind and an organisation ended how: met, missed, running or void.

    `part` is what the caller had them counted by.
    """

    part: Any
    kind: str
    organisation: str
    result: str
    n: int


def counted(
    enquiries: Any, *, at: datetime, by: Combinable | None = None, organisation: str = ""
) -> Iterator[Results]:
    """The clocks of these enquiries (keys, or a statement of them) as they stood at a moment.

    A clock is missed from the moment at which its due date passed, whenever that was noticed.
    Those that had not begun are not counted.
    """
    rows = Clock.objects.filter(enquiry__in=enquiries, starts_at__lte=at).order_by()
    if organisation:
        rows = rows.filter(organisation__slug=organisation)
    missed = Q(missed_at__lte=at) | Q(state=ClockState.RUNNING.value, due_at__lt=at)
    ended = Q(stopped_at__lte=at)
    result = Case(
        When(missed, then=Value(ClockState.MISSED.value)),
        When(ended & Q(state=ClockState.MET.value), then=Value(ClockState.MET.value)),
        When(ended & Q(state=ClockState.VOID.value), then=Value(ClockState.VOID.value)),
        default=Value(ClockState.RUNNING.value),
    )
    grouped = rows.annotate(part=by or Value(""), result=result, whose=F("organisation__slug"))
    for part, kind, whose, said, n in (
        grouped.values("part", "kind", "whose", "result")
        .annotate(n=Count("pk"))
        .values_list("part", "kind", "whose", "result", "n")
    ):
        yield Results(part, kind, whose, said, n)
