"""Clocks: promises, budgets, due dates, warnings. Pure; measures.md "Clocks".

The arithmetic of calendars beneath is `working_time`; other rooms come in here for both.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, date, datetime, time, timedelta

from enquiries.bank_holidays import (
    bank_holidays,
    bank_holidays_ahead,
    bank_holidays_missing,
    is_bank_holiday,
)
from enquiries.working_time import (
    DAYS,
    LONDON,
    ROUND_THE_CLOCK,
    Calendar,
    NoWorkingTime,
    Pause,
    Span,
    add_working_time,
    at_clock,
    merged,
    spend,
    working_time,
)

__all__ = [
    "DAYS",
    "LONDON",
    "OFFICE",
    "ROUND_THE_CLOCK",
    "Calendar",
    "NoWorkingTime",
    "Pause",
    "Span",
    "add_working_time",
    "at_clock",
    "bank_holidays",
    "bank_holidays_ahead",
    "bank_holidays_missing",
    "clock_due",
    "closing_time",
    "days_budget",
    "due_at",
    "end_of_day",
    "is_bank_holiday",
    "london_date",
    "merged",
    "no_later",
    "nth_working_day",
    "plus_days",
    "promised_date",
    "shortened",
    "shortened_days",
    "spend",
    "warn_at",
    "window_end",
    "working_time",
]

OFFICE = Calendar.from_json({day: [["09:00", "17:00"]] for day in DAYS[:5]})
# Who holds the work is told when this share of its budget is spent.
WARNED_AT = 75


def london_date(moment: datetime) -> date:
    """The date that a calendar on the wall in London shows at a moment."""
    return moment.astimezone(LONDON).date()


def nth_working_day(after: date, n: int, calendar: Calendar) -> date:
    """The nth working day after a date, which never counts itself (R6). n = 0 is that date."""
    return calendar.nth_working_day(after, n)


def closing_time(day: date, calendar: Calendar) -> datetime:
    """When a working day ends; for a day without opening hours, the end of the date."""
    spans = calendar.spans(day)
    return spans[-1][1] if spans else at_clock(day, time.max)


def promised_date(received_at: datetime, working_days: int, calendar: Calendar) -> date:
    """The nth working day after the London date of receipt (R6)."""
    return nth_working_day(london_date(received_at), working_days, calendar)


def days_budget(starts_at: datetime, working_days: int, calendar: Calendar) -> timedelta:
    """A promise in working days as working time from the start to its day's closing (R7)."""
    closing = closing_time(promised_date(starts_at, working_days, calendar), calendar)
    return working_time(starts_at, closing, calendar)


def due_at(
    received_at: datetime, working_days: int, calendar: Calendar, pauses: Iterable[Pause] = ()
) -> datetime | None:
    """The closing time of the promised day, moved by pauses; None while one runs (R6, R7)."""
    union = merged(pauses)
    if not union:
        return closing_time(promised_date(received_at, working_days, calendar), calendar)
    budget = days_budget(received_at, working_days, calendar)
    return add_working_time(received_at, budget, calendar, union)


def clock_due(
    starts_at: datetime,
    budget: timedelta,
    calendar: Calendar,
    pauses: Iterable[Pause] = (),
    *,
    elapsed: bool = False,
) -> datetime | None:
    """When a clock's budget is spent, skipping pauses; None while one runs.

    `elapsed` counts hours of the clock through nights and bank holidays, whatever the calendar
    (R5). A case reopened skips the time from outcome to reopening as one more pause (R48).
    """
    return add_working_time(starts_at, budget, ROUND_THE_CLOCK if elapsed else calendar, pauses)


def warn_at(
    starts_at: datetime,
    budget: timedelta,
    calendar: Calendar,
    pauses: Iterable[Pause] = (),
    *,
    elapsed: bool = False,
) -> datetime | None:
    """When three quarters of a clock's budget are spent, walked as it is itself; never after due.

    The same for clocks of hours and of days: of a promise of ten working days two and a half are
    left, of an hour's fifteen minutes.
    """
    return clock_due(starts_at, shortened(budget, WARNED_AT), calendar, pauses, elapsed=elapsed)


def no_later(
    walked: datetime | None,
    stood: datetime | None,
    calendar: Calendar,
    pauses: Iterable[Pause],
    *,
    elapsed: bool = False,
) -> datetime | None:
    """A due date walked anew, but at most the one before moved by the pause that ended last.

    The same wherever the calendar is what it was when the one before was walked.
    """
    union = merged(pauses)
    start, end = union[-1] if union else (None, None)
    if walked is None or stood is None or start is None or end is None:
        return walked
    of = ROUND_THE_CLOCK if elapsed else calendar
    paused = working_time(start, end, of)
    moved = add_working_time(stood, paused, of) if paused else stood
    return min(walked, moved or walked)


def shortened(budget: timedelta, percent: int) -> timedelta:
    """A budget cut to a percentage of it (ClockRule)."""
    return budget * percent / 100


def shortened_days(days: int, percent: int) -> int:
    """Working days cut to a percentage, rounded up: at least one, unless there was none."""
    return -(-days * percent // 100)


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
    return at_clock(day, time.max) - timedelta(microseconds=1)


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
