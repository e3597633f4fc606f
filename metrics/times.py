"""How long it takes, with what is still open beside it: percentiles, ages, clocks. Pure.

Times are whole minutes that have passed, counted as {minutes: how many}, so that days add up and a
percentile of the sum is exact to the minute. Never of the finished alone (R54).
"""

from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from itertools import accumulate, pairwise
from math import ceil

from metrics.cases import Case
from metrics.facts import INFORM

Minutes = Mapping[int, int]

DAY = 24 * 60
# Days of age at which a band of open work ends.
EDGES = (1, 2, 5, 10, 20, 40)
_ENDS_OF_BANDS = tuple(edge * DAY for edge in EDGES)
# Of what part the longest time is told.
SHARES = (0.5, 0.9)
# What answers a citizen, besides an outcome: "we have it" does not (R49).
RESPONSES = frozenset({"replied", "info_requested", "accepted", "new_date"})
_ENDS = frozenset({"closed", "withdrawn", "abandoned", "silent"})
# Somebody has work with it again: also what was left online and finished elsewhere.
_REVIVES = frozenset({"reopened", "referred", "channel_forced"})
_ALMOST = 1e-9


class Standing(StrEnum):
    """Whether somebody still has work with it."""

    OPEN = "open"
    SETTLED = "settled"
    # Without an outcome, and in nobody's queue: cancelled, closed, left, or an answer's "no".
    ENDED = "ended"


@dataclass(frozen=True, slots=True)
class Milestones:
    """When an enquiry was received, first answered and first settled, and how it stands.

    `final` is the last outcome of one that was opened again after its first; None for others, and
    while it is open.
    """

    received: datetime
    responded: datetime | None
    settled: datetime | None
    standing: Standing
    final: datetime | None = None


def milestones(case: Case) -> Milestones:
    """The moments that times are counted between, whatever its window (R49, R54, R55)."""
    responded = settled = final = None
    is_again = False
    standing = _unanswered(case)
    for event in case.events:
        if event.is_outcome:
            final = event.at if is_again else None
            settled = settled or event.at
            standing = Standing.SETTLED
        elif event.name in _REVIVES:
            standing = Standing.OPEN
            is_again, final = is_again or settled is not None, None
        elif event.name in _ENDS and standing is Standing.OPEN:
            standing = Standing.ENDED
        if event.is_outcome or event.name in RESPONSES:
            responded = responded or event.at
    return Milestones(case.received, responded, settled, standing, final)


def _unanswered(case: Case) -> Standing:
    """A "no" to an answer stands in no queue (R37)."""
    said_no = case.klass == INFORM and "article_no" in case.first.signals
    return Standing.ENDED if said_no else Standing.OPEN


def minutes(since: datetime, until: datetime) -> int:
    """Whole minutes between two moments; what was settled while it was told took none."""
    return max(0, int((until - since).total_seconds() // 60))


def nearest_rank(values: Minutes, share: float) -> int | None:
    """The smallest value that so large a share of all does not exceed (R54); None of nothing."""
    return _nearest_ranks(values, (share,))[0]


def _nearest_ranks(values: Minutes, shares: Sequence[float]) -> list[int | None]:
    """The same of several shares: what was sorted once serves them all."""
    order = sorted(values)
    reached = list(accumulate(values[value] for value in order))
    total = reached[-1] if reached else 0
    ranks = (max(1, ceil(share * total - _ALMOST)) for share in shares)
    places = (bisect_left(reached, rank) for rank in ranks)
    return [order[place] if place < len(order) else None for place in places]


def with_open(ended: Minutes, still_open: Minutes, share: float) -> int | None:
    """The same with open work taken to end no sooner than its age (Kaplan and Meier).

    None where so many are open that it cannot be told yet. Without open work it is the nearest
    rank.
    """
    return _with_open(ended, still_open, (share,))[0]


def _with_open(ended: Minutes, still_open: Minutes, shares: Sequence[float]) -> list[int | None]:
    """The same of several shares, the smallest first."""
    at_risk = sum(ended.values()) + sum(still_open.values())
    left = 1.0
    found: list[int | None] = []
    for value in sorted({*ended, *still_open}):
        if done := ended.get(value, 0):
            left *= 1 - done / at_risk
            while len(found) < len(shares) and left <= 1 - shares[len(found)] + _ALMOST:
                found.append(value)
            if len(found) == len(shares):
                break
        at_risk -= done + still_open.get(value, 0)
    return found + [None] * (len(shares) - len(found))


@dataclass(frozen=True, slots=True)
class Waited:
    """How long something took, and how old is what it has not happened to yet. In minutes."""

    ended: int
    median: int | None
    p90: int | None
    median_with_open: int | None
    p90_with_open: int | None
    still_open: int
    open_median: int | None
    open_p90: int | None
    oldest: int | None
    bands: Mapping[str, int]


def waited(ended: Minutes, still_open: Minutes) -> Waited:
    """Percentiles of what ended, of both together, and the ages of what is open."""
    median, p90 = _nearest_ranks(ended, SHARES)
    median_with_open, p90_with_open = _with_open(ended, still_open, SHARES)
    open_median, open_p90 = _nearest_ranks(still_open, SHARES)
    return Waited(
        ended=sum(ended.values()),
        median=median,
        p90=p90,
        median_with_open=median_with_open,
        p90_with_open=p90_with_open,
        still_open=sum(still_open.values()),
        open_median=open_median,
        open_p90=open_p90,
        oldest=max(still_open, default=None),
        bands=by_age(still_open),
    )


def bands() -> tuple[str, ...]:
    """The names of the bands of age, youngest first."""
    first, last = f"under {EDGES[0]} day", f"{EDGES[-1]} days or more"
    return (first, *(f"{low} to {high} days" for low, high in pairwise(EDGES)), last)


def by_age(ages: Minutes) -> dict[str, int]:
    """How many are how old; a band begins with its first number and ends before its second."""
    names = bands()
    found = dict.fromkeys(names, 0)
    for age, n in ages.items():
        found[names[bisect_right(_ENDS_OF_BANDS, age)]] += n
    return found


@dataclass(frozen=True, slots=True)
class ClockKey:
    """Clocks that are counted together: what they measure, whose they are, how they ended."""

    kind: str
    organisation: str
    result: str


RESULTS = ("met", "missed", "running", "void")
# Between organisations, by who was asked; the others are the citizen's.
BETWEEN = ("accept", "work")


@dataclass(frozen=True, slots=True)
class Kept:
    """Results of clocks of one kind: `share` is met of those that were decided."""

    met: int = 0
    missed: int = 0
    running: int = 0
    void: int = 0

    @property
    def decided(self) -> int:
        """Met or missed."""
        return self.met + self.missed

    @property
    def share(self) -> float | None:
        """0 to 1; None where none was decided."""
        return self.met / self.decided if self.decided else None


def kept(counted: Mapping[ClockKey, int]) -> dict[str, Kept]:
    """The clocks of the citizen by kind: first response, promise, after reopening."""
    rows = [(key, n) for key, n in counted.items() if key.kind not in BETWEEN]
    return {kind: _kept(rows, kind) for kind in sorted({key.kind for key, _ in rows})}


def agreed(counted: Mapping[ClockKey, int]) -> dict[str, dict[str, Kept]]:
    """The clocks between organisations, by organisation and kind."""
    found: dict[str, dict[str, Kept]] = {}
    for organisation in sorted({key.organisation for key in counted if key.kind in BETWEEN}):
        rows = [(key, n) for key, n in counted.items() if key.organisation == organisation]
        found[organisation] = {kind: _kept(rows, kind) for kind in BETWEEN}
    return found


def _kept(rows: Iterable[tuple[ClockKey, int]], kind: str) -> Kept:
    numbers: Counter[str] = Counter()
    for key, n in rows:
        if key.kind == kind:
            numbers[key.result] += n
    return Kept(**{result: numbers[result] for result in RESULTS})
