"""Working time: opening hours, closed days, and walking them fast. Pure.

A calendar keeps, for each year it was asked about, its opening spans with the time worked up to
each: a due date is then two binary searches, however far away it lies.
"""

from __future__ import annotations

import json
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from enquiries.bank_holidays import is_bank_holiday

LONDON = ZoneInfo("Europe/London")
DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
# Nothing is promised further ahead; a calendar whose every day is closed would be walked for ever.
HORIZON_YEARS = 12

Span = tuple[datetime, datetime]
Pause = tuple[datetime, datetime | None]
_NONE = timedelta()
_READ = (*DAYS, "closed")
_MIDNIGHT = time.max  # "24:00", which `time` cannot say


class NoWorkingTime(ValueError):
    """A calendar never opens, so nothing can fall due in it."""


@dataclass(frozen=True, slots=True)
class _Year:
    """One year's opening spans, and the time worked from 1 January to the end of each."""

    days: tuple[date, ...]
    opens: tuple[datetime, ...]
    closes: tuple[datetime, ...]
    through: tuple[timedelta, ...]

    @property
    def total(self) -> timedelta:
        return self.through[-1] if self.through else _NONE

    def until(self, moment: datetime) -> timedelta:
        """The time worked from 1 January to a moment of this year."""
        index = bisect_right(self.opens, moment) - 1
        if index < 0:
            return _NONE
        return self.through[index] - max(self.closes[index] - moment, _NONE)

    def when(self, worked: timedelta) -> datetime:
        """The first moment by which that much has been worked, of more than nothing."""
        index = bisect_left(self.through, worked)
        return self.closes[index] - (self.through[index] - worked)


@dataclass(frozen=True, slots=True)
class Calendar:
    """Opening hours by weekday (0 is Monday), in London time. Bank holidays are always out.

    `round_the_clock` counts every hour instead, by night and on bank holidays too: elapsed time.
    """

    hours: Mapping[int, tuple[tuple[time, time], ...]]
    closed: frozenset[date] = field(default=frozenset())
    round_the_clock: bool = False
    # What was worked out already; an entry is never changed, so threads may share it.
    _years: dict[int, _Year] = field(default_factory=dict, init=False, repr=False, compare=False)

    @classmethod
    def from_json(cls, data: Mapping[str, object]) -> Calendar:
        """Reads {"mon": [["09:00", "17:00"]], …, "closed": ["2026-12-24"]}; "24:00" ends a day.

        The same hours give the same calendar, with what it has worked out already. What else is
        kept with them (why a day is closed, who changed it) is nothing to a clock.
        """
        return _read(json.dumps({key: data[key] for key in _READ if key in data}))

    def is_working_day(self, day: date) -> bool:
        """Whether there are opening hours on a date (R6)."""
        return self.round_the_clock or (
            day.weekday() in self.hours and day not in self.closed and not is_bank_holiday(day)
        )

    def spans(self, day: date) -> list[Span]:
        """Opening hours of a date as moments in UTC, earliest first."""
        if not self.is_working_day(day):
            return []
        hours = ((time.min, _MIDNIGHT),) if self.round_the_clock else self.hours[day.weekday()]
        spans = ((at_clock(day, opens), at_clock(day, closes)) for opens, closes in hours)
        return [(opens, closes) for opens, closes in spans if opens < closes]

    def nth_working_day(self, after: date, n: int) -> date:
        """The nth working day after a date, which never counts itself (R6). n = 0 is that date."""
        if n <= 0:
            return after
        first = bisect_right(self._year(after.year).days, after)
        for year in range(after.year, after.year + HORIZON_YEARS):
            days = self._year(year).days
            if first + n <= len(days):
                return days[first + n - 1]
            n -= len(days) - first
            first = 0
        raise NoWorkingTime(f"no {n} more working days within {HORIZON_YEARS} years of {after}")

    def working_days(self, after: date, until: date) -> int:
        """Working days after a date, up to another one."""
        if until <= after:
            return 0
        if self.round_the_clock:
            return (until - after).days
        return sum(
            bisect_right(days, until) - bisect_right(days, after)
            for days in (self._year(year).days for year in range(after.year, until.year + 1))
        )

    def worked(self, start: datetime, end: datetime) -> timedelta:
        """How much working time lies between two moments in UTC; none where end is not later."""
        if end <= start:
            return _NONE
        first, last = self._year(start.year), self._year(end.year)
        between = sum((self._year(year).total for year in range(start.year, end.year)), start=_NONE)
        return between - first.until(start) + last.until(end)

    def after(self, start: datetime, budget: timedelta) -> datetime:
        """When so much working time has been spent; the next open moment for a budget of none."""
        worked = self._year(start.year).until(start) + budget
        for number in range(start.year, start.year + HORIZON_YEARS):
            year = self._year(number)
            if budget and worked <= year.total:
                return year.when(worked)
            worked -= year.total
            opened = None if budget else _open_after(year, start)
            if opened is not None:
                return opened
        raise NoWorkingTime(f"not open long enough within {HORIZON_YEARS} years of {start}")

    def _year(self, number: int) -> _Year:
        year = self._years.get(number)
        if year is None:
            year = self._years[number] = _work_out(self, number)
        return year


# A clock in elapsed time runs on this one, whoever holds the work (R5).
ROUND_THE_CLOCK = Calendar({}, round_the_clock=True)


def _work_out(calendar: Calendar, number: int) -> _Year:
    """In January London keeps UTC, so a year there is the same stretch of time as a year in UTC."""
    days, spans = [], []
    day = date(number, 1, 1)
    while day.year == number:
        open_then = calendar.spans(day)
        if open_then:
            days.append(day)
            spans += open_then
        day += timedelta(days=1)
    through, worked = [], _NONE
    for opens, closes in spans:
        worked += closes - opens
        through.append(worked)
    opening, closing = tuple(span[0] for span in spans), tuple(span[1] for span in spans)
    return _Year(tuple(days), opening, closing, tuple(through))


def _open_after(year: _Year, start: datetime) -> datetime | None:
    index = bisect_right(year.closes, start)
    return max(year.opens[index], start) if index < len(year.opens) else None


@lru_cache(maxsize=256)
def _read(text: str) -> Calendar:
    data = json.loads(text)
    hours = {}
    for index, day in enumerate(DAYS):
        spans = sorted((_clock(opens), _clock(closes)) for opens, closes in data.get(day, ()))
        if spans:
            hours[index] = tuple(_joined(spans))
    closed = frozenset(date.fromisoformat(day) for day in data.get("closed", ()))
    return Calendar(hours, closed)


def _clock(text: str) -> time:
    return _MIDNIGHT if text == "24:00" else time.fromisoformat(text)


def _joined(spans: Iterable[tuple[time, time]]) -> list[tuple[time, time]]:
    """Spans that touch or overlap become one: no minute counts twice."""
    joined: list[tuple[time, time]] = []
    for opens, closes in spans:
        if joined and opens <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(joined[-1][1], closes))
        else:
            joined.append((opens, closes))
    return joined


@lru_cache(maxsize=10_000)
def at_clock(day: date, clock: time) -> datetime:
    """When a clock on the wall in London shows a time on a date, in UTC.

    A time that occurs twice is its second occurrence (R2). One that the spring skips is the
    moment of the change: opening hours neither grow nor turn round by it.
    """
    if clock == _MIDNIGHT:
        day, clock = day + timedelta(days=1), time.min
    wall = datetime.combine(day, clock.replace(fold=1), LONDON)
    moment = wall.astimezone(UTC)
    if moment.astimezone(LONDON).replace(tzinfo=None, fold=0) != wall.replace(tzinfo=None, fold=0):
        # In London the skipped hour is always the one from one to two.
        return datetime.combine(day, time(2), LONDON).astimezone(UTC)
    return moment


def merged(pauses: Iterable[Pause]) -> list[Pause]:
    """Pauses as their union, earliest first; None is a pause that still runs."""
    union: list[Pause] = []
    for start, end in sorted(pauses, key=lambda pause: pause[0]):
        if end is not None and end <= start:
            continue
        if union and (union[-1][1] is None or start <= union[-1][1]):
            last_start, last_end = union[-1]
            later = None if last_end is None or end is None else max(last_end, end)
            union[-1] = (last_start, later)
        else:
            union.append((start, end))
    return union


def _utc(moment: datetime) -> datetime:
    return moment.astimezone(UTC)


def add_working_time(
    start: datetime, budget: timedelta, calendar: Calendar, pauses: Iterable[Pause] = ()
) -> datetime | None:
    """When a budget of working time is spent, skipping pauses (R7).

    None while a pause still runs and the budget was not spent before it. A budget of nothing is
    spent at the first open moment outside pauses.
    """
    at, left = _utc(start), max(budget, _NONE)
    if not left:
        at = calendar.after(at, left)
    for begins, ends in merged(pauses):
        if ends is not None and ends <= at:
            continue
        worked = calendar.worked(at, _utc(begins))
        if worked >= left and (left or begins > at):
            break
        if ends is None:
            return None
        left -= worked
        at = _utc(ends) if left else calendar.after(_utc(ends), left)
    return calendar.after(at, left)


def spend(start: datetime, budget: timedelta, calendar: Calendar) -> datetime:
    """When a budget of working time is spent, without pauses."""
    return calendar.after(_utc(start), max(budget, _NONE))


def working_time(
    start: datetime, end: datetime, calendar: Calendar, pauses: Iterable[Pause] = ()
) -> timedelta:
    """How much working time lies between two moments, pauses left out."""
    start, end = _utc(start), _utc(end)
    total = calendar.worked(start, end)
    for begins, ends in merged(pauses):
        total -= calendar.worked(
            max(_utc(begins), start), end if ends is None else min(_utc(ends), end)
        )
    return total
