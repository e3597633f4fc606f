"""Organisations, weeks and months side by side as if all had the same mix of classes and channels
(R45, R53)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from accounts.permissions import Viewer
from metrics import figures, mix, queries, sums, yardsticks
from metrics.cutting import Cutting
from metrics.figures import Rates
from metrics.mix import Adjusted
from metrics.queries import NONE, Chosen, Period, Slice
from metrics.sums import Cells


@dataclass(frozen=True, slots=True)
class Fair:
    """One organisation: its own figures, and its rate with the mix of all that was chosen."""

    slice: Slice
    adjusted: Adjusted


def same_mix(
    viewer: Viewer, chosen: Chosen, periods: Iterable[Period], *, now: datetime
) -> dict[date, float]:
    """The rate of each week or month, by its first day, with the mix of the twelve months before
    the chosen days; {} where there is none."""
    before = yardsticks.mixes(Cutting(viewer, chosen, now)).get("")
    if not before:
        return {}
    found = {one.start: mix.adjusted(one.cells, before).value for one in periods}
    return {start: value for start, value in found.items() if value is not None}


def organisations(viewer: Viewer, chosen: Chosen) -> list[Fair]:
    """Each organisation, most enquiries first; one statement."""
    found = queries.cells(viewer, chosen, "organisation")
    return compared({str(key) or NONE: cells for key, cells in found.items()})


def compared(parts: Mapping[str, Cells]) -> list[Fair]:
    """The same of sums by organisation. A class and channel that one does not have takes the
    rate of its class there, else of all its own: `adjusted.borrowed` says for how many."""
    common = mix.mix_of(sums.joined(parts.values()))
    found = [
        Fair(Slice(key, figures.rates(cells)), mix.adjusted(cells, common))
        for key, cells in parts.items()
    ]
    return sorted(found, key=lambda one: (-_eligible(one.slice.measures), one.slice.key))


def _eligible(measures: Rates) -> int:
    return measures.osr.mature + measures.osr.pending
