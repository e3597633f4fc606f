"""Figures as they stood at a moment: the whole ledger judged anew with what was known then."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime

import enquiries.queries.ledger as source
from enquiries.clocks import london_date
from metrics import figures, one_stop, reading
from metrics.figures import Measures
from metrics.one_stop import Judged
from metrics.queries import NONE, Chosen

_OF_JUDGED = {"class": "klass"}


def as_of(moment: datetime) -> list[Judged]:
    """Every enquiry of the ledger, judged with what had been recorded by then."""
    lines = [*source.organisations(), *source.services()]
    last = 0
    while ids := source.all_ids(last):
        lines.extend(source.ledger(ids))
        last = ids[-1]
    return one_stop.judge(reading.read(lines), moment)


def within(found: Iterable[Judged], chosen: Chosen) -> list[Judged]:
    """Those whose first contact began in the period."""
    return [
        judged
        for judged in found
        if (chosen.since is None or london_date(judged.started) >= chosen.since)
        and (chosen.until is None or london_date(judged.started) < chosen.until)
    ]


def overall(found: Iterable[Judged]) -> Measures:
    """All figures of these verdicts."""
    return figures.measures(figures.count(found))


def by(found: Iterable[Judged], dimension: str) -> dict[str, Measures]:
    """The figures of each value of a dimension."""
    slices: dict[str, list[Judged]] = defaultdict(list)
    for judged in found:
        key = getattr(judged, _OF_JUDGED.get(dimension, dimension)) or NONE
        slices[key].append(judged)
    return {key: overall(rows) for key, rows in sorted(slices.items())}
