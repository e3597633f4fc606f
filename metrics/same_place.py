"""Reports that may be another party's of an earlier one at the same place (R20), found in the order
of time from what facts say. Pure.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import datetime
from typing import NamedTuple

from metrics import ties
from metrics.one_stop import Kind

DUPLICATE = "duplicate"
# What an enquiry may be called though it is a duplicate as well, which is said before them (R39).
_AFTER_IT = frozenset({DUPLICATE, "withdrawn", "staged"})


class Report(NamedTuple):
    """A fact about a place; `places` are those of its ties that say where."""

    enquiry: int
    started: datetime
    first_contact: str
    window_end: datetime | None
    verdict: str
    reason: str
    places: Sequence[str]


class Near(NamedTuple):
    """A report with those of other groups, told before and nearby, that it may be again; `of_own`
    says that one of its own group may be one, too."""

    enquiry: int
    others: tuple[int, ...]
    of_own: bool


def near(reports: Iterable[Report], group: Callable[[int], int]) -> Iterator[Near]:
    """Those of the reports about one service that may be told again, the earliest first.

    Who is of another group is another party: a person or an address would tie them together.
    """
    told: dict[str, list[tuple[datetime, int]]] = defaultdict(list)
    for one in sorted(reports, key=lambda row: (row.started, row.first_contact)):
        counts = one.verdict != Kind.EXCLUDED.value
        if counts or one.reason in _AFTER_IT:
            found: set[int] = set()
            for place in ties.wanted(one.places):
                if place in told:
                    still = [row for row in told[place] if row[0] >= one.started]
                    told[place] = still
                    found.update(key for _, key in still)
            own = group(one.enquiry)
            others = tuple(sorted(key for key in found if group(key) != own))
            if found:
                yield Near(one.enquiry, others, len(others) < len(found))
        if one.window_end is not None and (counts or one.reason == DUPLICATE):
            for place in one.places:
                told[place].append((one.window_end, one.enquiry))
