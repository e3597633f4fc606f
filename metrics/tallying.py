"""Verdicts into counts, whole or by one value of a dimension. Pure.

What `metrics.queries_sheets` has the database count from the facts, counted from a list.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from enquiries.clocks import london_date
from metrics import mix, ratios, sums, times
from metrics.figures import Cell
from metrics.mix import Breaks
from metrics.one_stop import Judged, Kind
from metrics.ratios import Said
from metrics.sheets import Counts
from metrics.sums import Counted, Sums
from metrics.times import Standing
from metrics.value import Taken

# Stands for "has none", e.g. an enquiry whose service nobody has named yet.
NONE = "-"
# How long before now windows closed that open ones are likened to (R53).
LIKENED = timedelta(weeks=8)
_NOBODYS = ("test", "spam")
# Dimensions that an item has of its own contact; the others it has of its enquiry.
_OF_CONTACT = ("channel", "site")


@dataclass(frozen=True, slots=True)
class Cut:
    """Which London days, half-open, and by what: a dimension, "week", "month" or "" for whole."""

    since: date | None = None
    until: date | None = None
    dimension: str = ""

    def covers(self, moment: datetime | None) -> bool:
        """Whether a moment lies in the days."""
        if moment is None:
            return False
        day = london_date(moment)
        return (self.since is None or day >= self.since) and (
            self.until is None or day < self.until
        )

    def key(self, judged: Judged, at: datetime) -> str:
        """The part that an enquiry belongs to; `at` says which week or month."""
        if self.dimension in ("week", "month"):
            return period_of(london_date(at), self.dimension).isoformat()
        if not self.dimension:
            return ""
        name = "klass" if self.dimension == "class" else self.dimension
        return str(getattr(judged, name) or NONE)


def period_of(day: date, unit: str) -> date:
    """The first day of the week or month that a day lies in."""
    return day - timedelta(days=day.weekday()) if unit == "week" else day.replace(day=1)


def counts(found: Iterable[Judged], cut: Cut, as_of: datetime) -> dict[str, Counts]:
    """The counts of each part; of the whole under ""."""
    parts: dict[str, Counts] = defaultdict(Counts)
    for judged in found:
        if cut.covers(judged.started):
            _enquiry(parts[cut.key(judged, judged.started)], judged, as_of)
        if _is_open(judged) and (
            cut.dimension not in ("week", "month") or cut.covers(judged.started)
        ):
            waited = times.minutes(judged.milestones.received, as_of)
            parts[cut.key(judged, judged.started)].backlog[waited] += 1
        settled = judged.need_settled
        if settled is not None and cut.covers(settled) and judged.verdict.reason not in _NOBODYS:
            parts[cut.key(judged, settled)].needs += 1
        _items(parts, judged, cut)
    return dict(parts)


def _enquiry(part: Counts, judged: Judged, as_of: datetime) -> None:
    part.enquiries.add(Counted(sums.group_of(judged), 1, judged.recontacts))
    if judged.verdict.kind is Kind.EXCLUDED:
        is_staged = judged.verdict.reason == "staged"
        part.staged_settled += is_staged and judged.milestones.settled is not None
        return
    if judged.verdict.kind is Kind.PENDING and not judged.broken:
        part.ages[(judged.klass, _days(judged.opened, as_of))] += 1
    been = judged.milestones
    open_for = times.minutes(been.received, as_of)
    is_open = been.standing is Standing.OPEN
    if been.responded is not None:
        part.responded[times.minutes(been.received, been.responded)] += 1
    elif is_open:
        part.unanswered[open_for] += 1
    if been.settled is not None:
        part.settled[times.minutes(been.received, been.settled)] += 1
        if been.final is not None:
            part.final[times.minutes(been.received, been.final)] += 1
        elif is_open:
            part.unfinal[open_for] += 1
    elif is_open:
        part.unsettled[open_for] += 1
    else:
        part.ended += 1


def _is_open(judged: Judged) -> bool:
    """Whether somebody has work with it: a second ticket's is that of the first."""
    in_figures = judged.verdict.kind is not Kind.EXCLUDED or judged.verdict.reason == "staged"
    return in_figures and judged.milestones.standing is Standing.OPEN


def _items(parts: dict[str, Counts], judged: Judged, cut: Cut) -> None:
    for item in judged.spoken:
        if not cut.covers(item.at):
            continue
        if cut.dimension in _OF_CONTACT:
            key = str(getattr(item, cut.dimension) or NONE)
        else:
            key = cut.key(judged, item.at)
        said = Said(item.channel, item.avoidable, item.heads, item.left_out)
        parts[key].said[said] += 1
        if item.heads:
            taken = Taken(item.taken_by or "", item.channel, london_date(item.at))
            parts[key].taken[taken] += 1


def _days(since: datetime, until: datetime) -> int:
    return max(0, (london_date(until) - london_date(since)).days)


def breaks(found: Iterable[Judged], as_of: datetime) -> Breaks:
    """What became of windows that closed on the 56 days before today, by class and day (R53)."""
    today = london_date(as_of)
    rows: dict[str, Counter[int | None]] = defaultdict(Counter)
    for judged in found:
        decided = judged.verdict.kind in (Kind.SUCCESS, Kind.FAILURE)
        end = judged.window_end
        if not decided or end is None or not today - LIKENED <= london_date(end) < today:
            continue
        broke = judged.broken_at
        rows[judged.klass][None if broke is None else _days(judged.opened, broke)] += 1
    return rows


def mixes(found: Iterable[Judged], cut: Cut) -> dict[str, Mapping[Cell, int]]:
    """E_mature of the twelve months before the days of a cut, by part; none without a first day.

    Weeks and months are weighted with one mix, that of the whole.
    """
    if cut.since is None:
        return {}
    before = Cut(a_year_before(cut.since), cut.since, cut.dimension)
    parts: dict[str, Sums] = defaultdict(Sums)
    for judged in found:
        if before.covers(judged.started):
            key = "" if cut.dimension in ("week", "month") else before.key(judged, judged.started)
            parts[key].add(Counted(sums.group_of(judged), 1))
    return {key: mix.mix_of(found.cells) for key, found in parts.items()}


def a_year_before(day: date) -> date:
    """The same day of the year before; 28 February for the 29th."""
    last = 28 if (day.month, day.day) == (2, 29) else day.day
    return day.replace(year=day.year - 1, day=last)


def contacts_before(found: Iterable[Judged], cut: Cut) -> dict[str, dict[str, int]]:
    """Contacts by channel in as many days before the cut's, by part; none without both ends."""
    if cut.since is None or cut.until is None or cut.dimension in ("week", "month"):
        return {}
    before = Cut(cut.since - (cut.until - cut.since), cut.since, cut.dimension)
    parts: dict[str, Counts] = defaultdict(Counts)
    for judged in found:
        _items(parts, judged, before)
    return {key: ratios.contacts(part.said) for key, part in parts.items()}
