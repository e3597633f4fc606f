"""What is left of a clock, as people at work count it: in the hours that they are there. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from enquiries.clocks import Calendar, london_date, working_time

SOON = timedelta(hours=4)
_HOUR, _MINUTE = timedelta(hours=1), timedelta(minutes=1)
# From here on people count in days, and nobody walks through the hours of a year.
_DAYS = 2
_LONG_AGO = timedelta(days=366)


@dataclass(frozen=True, slots=True)
class TimeLeft:
    """`words` say it whole, "3 working hours left"; `state` is ok, soon, late, paused or none."""

    words: str
    state: str


NO_DATE = TimeLeft("No date was promised", "none")
PAUSED = TimeLeft("Stands still until they answer", "paused")


def left(due_at: datetime | None, now: datetime, calendar: Calendar) -> TimeLeft:
    """How much working time lies between now and a moment, and whether that is little.

    Where two working days or more lie between, they are counted. What is left is rounded down,
    so that nobody counts on an hour that is not there. Round the clock all time is counted, and
    nobody calls it working time.
    """
    if due_at is None:
        return NO_DATE
    if due_at <= now:
        return TimeLeft(_late_by(due_at, now, calendar), "late")
    days = _days(now, due_at, calendar)
    if days >= _DAYS:
        return TimeLeft(f"{days} {_work(calendar)}days left", "ok")
    span = working_time(now, due_at, calendar)
    if span < _MINUTE:
        return TimeLeft(f"No {_work(calendar)}time left", "soon")
    return TimeLeft(f"{_counted(span, calendar)} left", "soon" if span <= SOON else "ok")


def _late_by(due_at: datetime, now: datetime, calendar: Calendar) -> str:
    if now - due_at > _LONG_AGO:
        return "Late by more than a year"
    days = _days(due_at, now, calendar)
    if days >= _DAYS:
        return f"Late by {days} {_work(calendar)}days"
    span = working_time(due_at, now, calendar)
    return f"Late by {_counted(span, calendar)}" if span >= _MINUTE else "Just late"


def _days(after: datetime, until: datetime, calendar: Calendar) -> int:
    """Working days after the date of the one moment, up to the date of the other."""
    return calendar.working_days(london_date(after), london_date(until))


def _work(calendar: Calendar) -> str:
    return "" if calendar.round_the_clock else "working "


def _counted(span: timedelta, calendar: Calendar) -> str:
    number, word = (span // _HOUR, "hour") if span >= _HOUR else (span // _MINUTE, "minute")
    return f"{number} {_work(calendar)}{word}{'' if number == 1 else 's'}"
