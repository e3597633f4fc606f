"""Organisations side by side as if all had the same mix of classes and channels (R45, R53)."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

from accounts.permissions import Viewer
from metrics import figures, mix, queries
from metrics.figures import Counted, Measures
from metrics.mix import Adjusted
from metrics.queries import NONE, Chosen, Slice


@dataclass(frozen=True, slots=True)
class Fair:
    """One organisation: its own figures, and its rate with the mix of all that was chosen."""

    slice: Slice
    adjusted: Adjusted


def organisations(viewer: Viewer, chosen: Chosen) -> list[Fair]:
    """Each organisation, most enquiries first; one statement."""
    parts: dict[str, list[Counted]] = defaultdict(list)
    for key, row in queries.counted_by(viewer, chosen, "organisation"):
        parts[str(key) or NONE].append(row)
    return compared(parts)


def compared(parts: dict[str, list[Counted]]) -> list[Fair]:
    """The same of counts by organisation. A class and channel that one does not have takes the
    rate of its class there, else of all its own: `adjusted.borrowed` says for how many."""
    common = mix.mix_of(row for rows in parts.values() for row in rows)
    found = [
        Fair(Slice(key, figures.measures(rows)), mix.adjusted(rows, common))
        for key, rows in parts.items()
    ]
    return sorted(found, key=lambda one: (-_eligible(one.slice.measures), one.slice.key))


def _eligible(measures: Measures) -> int:
    return measures.osr.mature + measures.osr.pending
