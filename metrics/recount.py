"""Figures as they stood at a moment: the whole ledger judged anew with what was known then.

Clocks, costs and what citizens answered are rows and no lines of the ledger: they are read as they
stood at that moment.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime

from django.db.models import F

import enquiries.queries.ledger as source
from accounts.permissions import SYSTEM_VIEWER
from enquiries.queries import clock_results, referral_results
from metrics import counting_contacts, one_stop, reading, sheets, tallying, yardsticks
from metrics.cutting import Cutting
from metrics.offers import Offer
from metrics.one_stop import Judged
from metrics.queries import Chosen
from metrics.sheets import Counts, Sheet, Yardsticks
from metrics.tallying import Cut
from metrics.times import ClockKey

BATCH = 5_000


def as_of(moment: datetime) -> list[Judged]:
    """Every enquiry of the ledger, judged with what had been recorded by then."""
    lines = [*source.frame()]
    last = 0
    while ids := source.all_ids(last):
        lines.extend(source.ledger(ids))
        last = ids[-1]
    return one_stop.judge(reading.read(lines), moment)


def within(found: Iterable[Judged], chosen: Chosen) -> list[Judged]:
    """Those whose first contact began in the period."""
    cut = Cut(chosen.since, chosen.until)
    return [judged for judged in found if cut.covers(judged.started)]


def by(
    found: Sequence[Judged], chosen: Chosen, dimension: str, *, moment: datetime
) -> dict[str, Sheet]:
    """All figures of the chosen days, by each value of a dimension; of the whole under ""."""
    how = Cutting(SYSTEM_VIEWER, chosen, moment, dimension)
    parts = defaultdict(Counts, tallying.counts(found, how.cut, moment))
    _rows(parts, found, how.cut, moment)
    for key, answers in counting_contacts.surveyed(how).items():
        parts[key].surveyed.update(answers)
    if not dimension:
        parts[""].needs += 0  # the whole is there even where nothing is
    common = Yardsticks(breaks=tallying.breaks(found, moment), costs=yardsticks.costs(moment))
    return sheets.of_parts(
        parts,
        common,
        tallying.mixes(found, how.cut),
        tallying.contacts_before(found, how.cut),
    )


def _rows(parts: dict[str, Counts], found: Iterable[Judged], cut: Cut, moment: datetime) -> None:
    """How the clocks and the offers of these enquiries stood, by part."""
    part = {
        int(judged.enquiry): cut.key(judged, judged.started)
        for judged in found
        if cut.covers(judged.started)
    }
    keys = sorted(part)
    for start in range(0, len(keys), BATCH):
        chosen = keys[start : start + BATCH]
        for row in clock_results.counted(chosen, at=moment, by=F("enquiry_id")):
            key = ClockKey(row.kind, row.organisation, row.result)
            parts[part[row.part]].clocks[key] += row.n
        for one in referral_results.counted(chosen, at=moment, by=F("enquiry_id")):
            parts[part[one.part]].offers[Offer(one.organisation, one.result)] += one.n
