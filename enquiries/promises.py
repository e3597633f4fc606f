"""The date to promise: the sooner of the service's promise and what was agreed. Pure (R6, R50)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from enquiries import clocks


@dataclass(frozen=True, slots=True)
class Agreed:
    """Hours to accept, then days to do the work; working time, or the clock's where `elapsed`."""

    accept_wh: int
    work_wd: int
    elapsed: bool = False

    def accept_budget(self, percent: int = 100) -> timedelta:
        """How long there is to say yes or no."""
        return clocks.shortened(timedelta(hours=self.accept_wh), percent)

    def work_budget(
        self, accepted_at: datetime, calendar: clocks.Calendar, percent: int = 100
    ) -> timedelta:
        """How long there is to do the work, from when it was accepted."""
        if self.elapsed:
            return clocks.shortened(timedelta(days=self.work_wd), percent)
        days = clocks.shortened_days(self.work_wd, percent)
        return _by(clocks.promised_date(accepted_at, days, calendar), accepted_at, calendar).budget


@dataclass(frozen=True, slots=True)
class Promised:
    """The date that the citizen is told and the clock behind it.

    `budget` is the working time from receipt to `due_at` (R7), or all of it where `elapsed`.
    """

    on: date
    due_at: datetime
    budget: timedelta
    elapsed: bool = False


def promised(
    received_at: datetime,
    promise_wd: int | None,
    calendar: clocks.Calendar,
    agreed: Agreed | None = None,
    *,
    percent: int = 100,
) -> Promised | None:
    """What to promise; None for a service that promises no date.

    `calendar` is that of whoever has the work; `percent` shortens everything (ClockRule).
    """
    if promise_wd is None:
        return None
    day = clocks.promised_date(received_at, clocks.shortened_days(promise_wd, percent), calendar)
    soonest = _by(day, received_at, calendar)
    if agreed is None:
        return soonest
    by_agreement = _sum(received_at, agreed, calendar, percent)
    return min(soonest, by_agreement, key=lambda one: one.due_at)


def _sum(
    received_at: datetime, agreed: Agreed, calendar: clocks.Calendar, percent: int
) -> Promised:
    """Accepting, then working, one after the other (R50)."""
    if agreed.elapsed:
        work = clocks.shortened(timedelta(days=agreed.work_wd), percent)
        budget = agreed.accept_budget(percent) + work
        due_at = received_at + budget
        return Promised(clocks.london_date(due_at), due_at, budget, elapsed=True)
    accept_by = clocks.spend(received_at, agreed.accept_budget(percent), calendar)
    days = clocks.shortened_days(agreed.work_wd, percent)
    return _by(clocks.promised_date(accept_by, days, calendar), received_at, calendar)


def _by(day: date, received_at: datetime, calendar: clocks.Calendar) -> Promised:
    closing = clocks.closing_time(day, calendar)
    if closing <= received_at:
        # "The same day" said after closing time is the next day that opens.
        day = clocks.nth_working_day(day, 1, calendar)
        closing = clocks.closing_time(day, calendar)
    return Promised(day, closing, clocks.working_time(received_at, closing, calendar))
