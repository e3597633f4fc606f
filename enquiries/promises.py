"""The date to promise: the sooner of the service's promise and what was agreed. Pure (R6, R50)."""

from __future__ import annotations

from collections.abc import Sequence
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

    def step(self, calendar: clocks.Calendar, percent: int = 100) -> AgreedStep:
        """The same as a step on the hours of who agreed."""
        days = self.work_wd if self.elapsed else clocks.shortened_days(self.work_wd, percent)
        return AgreedStep(self.accept_budget(percent), days, calendar, self.elapsed, percent)


@dataclass(frozen=True, slots=True)
class AgreedStep:
    """What one holder agreed: time to accept, then days for the work, on whose hours.

    `elapsed` counts both by the clock, the days as 24 hours each cut to `percent` (R5).
    """

    accept: timedelta
    work_wd: int
    calendar: clocks.Calendar
    elapsed: bool = False
    percent: int = 100


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
    steps: Sequence[AgreedStep] = (),
    *,
    percent: int = 100,
) -> Promised | None:
    """What to promise; None for a service that promises no date.

    `calendar` is that of whoever has the work, `steps` what was agreed, already shortened;
    `percent` shortens the service's promise alike (ClockRule).
    """
    if promise_wd is None:
        return None
    day = clocks.promised_date(received_at, clocks.shortened_days(promise_wd, percent), calendar)
    soonest = _by(day, received_at, calendar)
    if not steps:
        return soonest
    day, due_at = _walked(received_at, steps)
    if all(step.elapsed for step in steps):
        by_agreement = Promised(day, due_at, due_at - received_at, elapsed=True)
    else:
        by_agreement = _by(day, received_at, calendar)
    return min(soonest, by_agreement, key=lambda one: one.due_at)


def agreed_by(received_at: datetime, steps: Sequence[AgreedStep]) -> date:
    """The date on which agreements end, walked one after the other from receipt (R50)."""
    return _walked(received_at, steps)[0]


def _walked(received_at: datetime, steps: Sequence[AgreedStep]) -> tuple[date, datetime]:
    """Each on the hours of whoever holds it; the next begins when the work before is due."""
    moment, day = received_at, clocks.london_date(received_at)
    for step in steps:
        if step.elapsed:
            work = clocks.shortened(timedelta(days=step.work_wd), step.percent)
            moment = moment + step.accept + work
            day = clocks.london_date(moment)
        else:
            accepted = clocks.spend(moment, step.accept, step.calendar)
            day = clocks.promised_date(accepted, step.work_wd, step.calendar)
            moment = clocks.closing_time(day, step.calendar)
    return day, moment


def _by(day: date, received_at: datetime, calendar: clocks.Calendar) -> Promised:
    closing = clocks.closing_time(day, calendar)
    if closing <= received_at or not calendar.is_working_day(day):
        # "The same day" said after closing time, or on a closed day, is the next that opens.
        day = clocks.nth_working_day(day, 1, calendar)
        closing = clocks.closing_time(day, calendar)
    return Promised(day, closing, clocks.working_time(received_at, closing, calendar))
