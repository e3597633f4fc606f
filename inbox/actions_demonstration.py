"""Made-up days of calls, for a demonstration: how many rang, and how many in vain."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from inbox.models import CallDay


@dataclass(frozen=True, slots=True)
class Rang:
    """Calls of one London day, as `CallDay` counts them."""

    day: date
    rang: int
    answered: int
    prompt: int
    given_up: int


def rang(days: Sequence[Rang]) -> int:
    """Writes the days of which nothing is written yet; how many they were."""
    there = set(CallDay.objects.filter(day__in=[one.day for one in days]).values_list(flat=True))
    fresh = [one for one in days if one.day not in there]
    CallDay.objects.bulk_create(
        [
            CallDay(
                day=one.day,
                rang=one.rang,
                answered=one.answered,
                prompt=one.prompt,
                given_up=one.given_up,
            )
            for one in fresh
        ],
        ignore_conflicts=True,
        batch_size=500,
    )
    return len(fresh)
