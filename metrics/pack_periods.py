"""Of which week or month a pack is due. Pure."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Final

from enquiries.clocks import LONDON, OFFICE, london_date, nth_working_day

WEEKLY: Final = "weekly"
MONTHLY: Final = "monthly"
# Londoners find it when they begin to work.
AT = time(7)
_DAY = timedelta(days=1)
_WEEK = timedelta(weeks=1)


@dataclass(frozen=True, slots=True)
class Period:
    """London days, half-open, and when the pack about them is due."""

    kind: str
    since: date
    until: date
    due_at: datetime

    @property
    def before(self) -> tuple[date, date]:
        """The days that it is compared with: the week or the month before, half-open."""
        if self.kind == WEEKLY:
            return self.since - _WEEK, self.since
        return first_of_month(self.since - _DAY), self.since

    @property
    def words(self) -> str:
        """The days as people say them."""
        if self.kind == MONTHLY:
            return f"{self.since:%B %Y}"
        last = self.until - _DAY
        first = f"{self.since.day}" if self.since.month == last.month else _day(self.since)
        if self.since.year != last.year:
            first += f" {self.since.year}"
        return f"{first} to {_day(last)} {last.year}"


def _day(day: date) -> str:
    return f"{day.day} {day:%B}"


def week(now: datetime) -> Period:
    """The newest week, Monday to Sunday, whose pack is due: at seven on the Monday after it."""
    today = london_date(now)
    until = today - timedelta(days=today.weekday())
    due = _seven(until)
    if now < due:
        until, due = until - _WEEK, _seven(until - _WEEK)
    return Period(WEEKLY, until - _WEEK, until, due)


def month(now: datetime) -> Period:
    """The newest month whose pack is due: at seven on the first working day after it.

    Monday to Friday, but for England's bank holidays.
    """
    until = first_of_month(london_date(now))
    due = _first_working_day(until)
    if now < due:
        until = first_of_month(until - _DAY)
        due = _first_working_day(until)
    return Period(MONTHLY, first_of_month(until - _DAY), until, due)


def _first_working_day(day: date) -> datetime:
    return _seven(nth_working_day(day - _DAY, 1, OFFICE))


def first_of_month(day: date) -> date:
    """The day on which its month begins."""
    return day.replace(day=1)


def of(kind: str, since: date) -> Period:
    """The week or month that begins on a day."""
    if kind == WEEKLY:
        return Period(kind, since, since + _WEEK, _seven(since + _WEEK))
    until = first_of_month(since + timedelta(days=32))
    return Period(kind, since, until, _first_working_day(until))


def _seven(day: date) -> datetime:
    return datetime.combine(day, AT, LONDON)
