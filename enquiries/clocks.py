"""Working-time arithmetic: calendars, promises, due dates, pauses. Pure; measures.md "Clocks"."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

import holidays

LONDON = ZoneInfo("Europe/London")
DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
# A calendar without any opening hours would be walked for ever.
HORIZON = timedelta(days=3 * 366)

Span = tuple[datetime, datetime]


class NoWorkingTime(ValueError):
    """A calendar never opens, so nothing can fall due in it."""


@lru_cache(maxsize=64)
def bank_holidays(year: int) -> frozenset[date]:
    """England's bank holidays of a year, substitutes included, and 1 Jan, 25 and 26 Dec (R4)."""
    listed = holidays.country_holidays("GB", subdiv="ENG", years=year)
    fixed = {date(year, 1, 1), date(year, 12, 25), date(year, 12, 26)}
    return frozenset(listed) | fixed


def is_bank_holiday(day: date) -> bool:
    """Whether a date is a bank holiday in England."""
    return day in bank_holidays(day.year)


@dataclass(frozen=True, slots=True)
class Calendar:
    """Opening hours by weekday (0 is Monday), in London time. Bank holidays are always out."""

    hours: Mapping[int, tuple[tuple[time, time], ...]]
    closed: frozenset[date] = field(default=frozenset())

    @classmethod
    def from_json(cls, data: Mapping[str, Iterable[Iterable[str]]]) -> Calendar:
        """Reads {"mon": [["09:00", "17:00"]], …}; "24:00" is the end of a day."""
        hours = {}
        for index, day in enumerate(DAYS):
            spans = tuple((_clock(start), _clock(end)) for start, end in data.get(day, ()))
            if spans:
                hours[index] = spans
        closed = frozenset(date.fromisoformat(str(day)) for day in data.get("closed", ()))
        return cls(hours, closed)

    def is_working_day(self, day: date) -> bool:
        """Whether there are opening hours on a date (R6)."""
        return day.weekday() in self.hours and day not in self.closed and not is_bank_holiday(day)

    def spans(self, day: date) -> list[Span]:
        """Opening hours of a date as moments in UTC, earliest first."""
        if not self.is_working_day(day):
            return []
        return [
            (_moment(day, start), _moment(day, end)) for start, end in self.hours[day.weekday()]
        ]


def _clock(text: str) -> time:
    return time.max if text == "24:00" else time.fromisoformat(text)


def _moment(day: date, clock: time) -> datetime:
    if clock == time.max:
        return datetime.combine(day + timedelta(days=1), time.min, LONDON).astimezone(UTC)
    return datetime.combine(day, clock, LONDON).astimezone(UTC)


OFFICE = Calendar.from_json({day: [["09:00", "17:00"]] for day in DAYS[:5]})


def london_date(moment: datetime) -> date:
    """The date that a calendar on the wall in London shows at a moment."""
    return moment.astimezone(LONDON).date()


def nth_working_day(after: date, n: int, calendar: Calendar) -> date:
    """The nth working day after a date, which never counts itself (R6). n = 0 is that date."""
    day = after
    limit = after + HORIZON
    while n > 0:
        day += timedelta(days=1)
        if day > limit:
            raise NoWorkingTime(f"no {n} more working days within three years of {after}")
        n -= calendar.is_working_day(day)
    return day


def closing_time(day: date, calendar: Calendar) -> datetime:
    """When a working day ends; for a day without opening hours, the end of the date."""
    spans = calendar.spans(day)
    return spans[-1][1] if spans else _moment(day, time.max)


def merged(
    pauses: Iterable[tuple[datetime, datetime | None]],
) -> list[tuple[datetime, datetime | None]]:
    """Pauses as their union, earliest first; None is a pause that still runs."""
    union: list[tuple[datetime, datetime | None]] = []
    for start, end in sorted(pauses, key=lambda pause: pause[0]):
        if union and (union[-1][1] is None or start <= union[-1][1]):
            last_start, last_end = union[-1]
            later = None if last_end is None or end is None else max(last_end, end)
            union[-1] = (last_start, later)
        else:
            union.append((start, end))
    return union


def _open_spans(start: datetime, calendar: Calendar) -> Iterator[Span]:
    day = london_date(start) - timedelta(days=1)
    limit = day + HORIZON
    while day <= limit:
        for opens, closes in calendar.spans(day):
            if closes > start:
                yield max(opens, start), closes
        day += timedelta(days=1)
    raise NoWorkingTime(f"no opening hours within three years of {start}")


def _without(span: Span, pauses: list[tuple[datetime, datetime | None]]) -> Iterator[Span]:
    opens, closes = span
    for start, end in pauses:
        if end is not None and end <= opens:
            continue
        if start >= closes:
            break
        if start > opens:
            yield opens, start
        if end is None:
            return
        opens = max(opens, end)
        if opens >= closes:
            return
    if opens < closes:
        yield opens, closes


def add_working_time(
    start: datetime,
    budget: timedelta,
    calendar: Calendar,
    pauses: Iterable[tuple[datetime, datetime | None]] = (),
) -> datetime | None:
    """When a budget of working time is spent, skipping pauses (R7).

    None while a pause still runs and the budget was not spent before it.
    """
    union = merged(pauses)
    open_since = union[-1][0] if union and union[-1][1] is None else None
    left = budget
    for span in _open_spans(start, calendar):
        for opens, closes in _without(span, union):
            if closes - opens >= left:
                return opens + left
            left -= closes - opens
        if open_since is not None and span[0] >= open_since:
            return None
    raise NoWorkingTime("unreachable")  # _open_spans raises first


def spend(start: datetime, budget: timedelta, calendar: Calendar) -> datetime:
    """When a budget of working time is spent, without pauses."""
    end = add_working_time(start, budget, calendar)
    if end is None:
        raise NoWorkingTime("a clock without pauses always ends")
    return end


def working_time(
    start: datetime,
    end: datetime,
    calendar: Calendar,
    pauses: Iterable[tuple[datetime, datetime | None]] = (),
) -> timedelta:
    """How much working time lies between two moments, pauses left out."""
    union = merged(pauses)
    total = timedelta()
    if end <= start:
        return total
    day, last = london_date(start) - timedelta(days=1), london_date(end)
    while day <= last:
        for opens, closes in calendar.spans(day):
            clipped = (max(opens, start), min(closes, end))
            if clipped[0] < clipped[1]:
                total += sum((b - a for a, b in _without(clipped, union)), timedelta())
        day += timedelta(days=1)
    return total


def promised_date(received_at: datetime, working_days: int, calendar: Calendar) -> date:
    """The nth working day after the London date of receipt (R6)."""
    return nth_working_day(london_date(received_at), working_days, calendar)


def due_at(
    received_at: datetime,
    working_days: int,
    calendar: Calendar,
    pauses: Iterable[tuple[datetime, datetime | None]] = (),
) -> datetime | None:
    """The closing time of the promised day, moved by pauses; None while one runs (R6, R7)."""
    closing = closing_time(promised_date(received_at, working_days, calendar), calendar)
    union = merged(pauses)
    if not union:
        return closing
    budget = working_time(received_at, closing, calendar)
    return add_working_time(received_at, budget, calendar, union)


def plus_days(moment: datetime, days: int) -> datetime:
    """The same London clock time N calendar days later, by the rules of R2."""
    local = moment.astimezone(LONDON)
    naive = local.replace(tzinfo=None) + timedelta(days=days)
    # fold=1: the second of two equal times; in the spring gap it moves forward by the gap.
    later = naive.replace(tzinfo=LONDON, fold=1)
    if later.astimezone(UTC).astimezone(LONDON).replace(tzinfo=None) != naive:
        later = naive.replace(tzinfo=LONDON, fold=0)
    return later.astimezone(UTC)


def end_of_day(day: date) -> datetime:
    """The last microsecond of a London date."""
    return _moment(day, time.max) - timedelta(microseconds=1)


def window_end(
    resolution_class: str,
    first_contact_ended: datetime,
    promised_on: date | None,
    calendar: Calendar,
) -> datetime:
    """When the repeat window W closes (measures.md, resolution classes; R3).

    INFORM 7 days, TRANSACT and STAGED 14; REQUEST the end of the fifth working day after the
    promised date, at least 14 and at most 90 days.
    """
    if resolution_class == "INFORM":
        return plus_days(first_contact_ended, 7)
    soonest = plus_days(first_contact_ended, 14)
    if resolution_class != "REQUEST" or promised_on is None:
        return soonest
    wanted = end_of_day(nth_working_day(promised_on, 5, calendar))
    return min(max(wanted, soonest), plus_days(first_contact_ended, 90))
