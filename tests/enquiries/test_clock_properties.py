"""What holds for every clock, whatever the calendar; and a slow oracle that walks minute by minute.

The oracle shares nothing with the code but the calendar's JSON: it has its own list of bank
holidays, copied from the government's page, and asks the wall clock of every minute.
"""

from __future__ import annotations

import itertools
from datetime import UTC, date, datetime, timedelta
from typing import Any

from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from enquiries import clocks, promises
from enquiries.clocks import LONDON, OFFICE, Calendar, Pause
from enquiries.promises import AgreedStep
from tests.enquiries.walks import (
    ALWAYS,
    BUDGETS,
    CALENDARS,
    DATES,
    JSON,
    LENGTHS,
    MINUTE,
    OBSERVED,
    STARTS,
    clock,
    is_open,
    later,
    oracle,
    paused,
)


@settings(max_examples=60, deadline=None)
@given(clock(), st.integers(1, 20 * 60), JSON)
def test_the_fast_walk_is_the_slow_walk(
    one: tuple[datetime, list[Pause]], minutes: int, hours: dict[str, Any]
) -> None:
    start, pauses = one
    found = clocks.clock_due(start, minutes * MINUTE, Calendar.from_json(hours), pauses)
    assert found == oracle(start, minutes * MINUTE, hours, pauses)


@settings(max_examples=40, deadline=None)
@given(clock(), st.integers(1, 50 * 60))
def test_the_fast_walk_of_elapsed_time_is_the_slow_one(
    one: tuple[datetime, list[Pause]], minutes: int
) -> None:
    start, pauses = one
    found = clocks.clock_due(start, minutes * MINUTE, OFFICE, pauses, elapsed=True)
    assert found == oracle(start, minutes * MINUTE, None, pauses)


@settings(max_examples=40, deadline=None)
@given(STARTS, st.integers(0, 12 * 24 * 60), JSON, st.data())
def test_working_time_is_the_count_of_open_minutes(
    start: datetime, minutes: int, hours: dict[str, Any], data: st.DataObject
) -> None:
    pauses = data.draw(clock())[1]
    walked = [start + n * MINUTE for n in range(minutes)]
    counted = sum(is_open(at, hours) and not paused(at, pauses) for at in walked)
    found = clocks.working_time(start, start + minutes * MINUTE, Calendar.from_json(hours), pauses)
    assert found == counted * MINUTE


def test_the_bank_holidays_are_those_that_the_government_published() -> None:
    days = [date(2026, 1, 1) + timedelta(days=n) for n in range(3 * 365 + 1)]
    assert days[-1] == date(2028, 12, 31)
    assert {day for day in days if clocks.is_bank_holiday(day)} == OBSERVED & set(days)


# What always holds.


@given(clock(), clock(), BUDGETS, CALENDARS, st.booleans())
def test_a_pause_never_makes_due_earlier(
    one: tuple[datetime, list[Pause]],
    more: tuple[datetime, list[Pause]],
    budget: timedelta,
    calendar: Calendar,
    elapsed: bool,
) -> None:
    start, pauses = one
    before = clocks.clock_due(start, budget, calendar, pauses, elapsed=elapsed)
    after = clocks.clock_due(start, budget, calendar, [*pauses, *more[1]], elapsed=elapsed)
    assert later(after, before)


@given(clock(), clock(), st.integers(0, 40), CALENDARS)
def test_a_pause_never_makes_a_promise_in_days_earlier(
    one: tuple[datetime, list[Pause]],
    more: tuple[datetime, list[Pause]],
    days: int,
    calendar: Calendar,
) -> None:
    start, pauses = one
    before = clocks.due_at(start, days, calendar, pauses)
    assert later(clocks.due_at(start, days, calendar, [*pauses, *more[1]]), before)


@given(STARTS, LENGTHS, BUDGETS, CALENDARS, st.data())
def test_due_is_monotone_in_the_start(
    start: datetime, gap: timedelta, budget: timedelta, calendar: Calendar, data: st.DataObject
) -> None:
    pauses = data.draw(clock())[1]
    first = clocks.clock_due(start, budget, calendar, pauses)
    assert later(clocks.clock_due(start + gap, budget, calendar, pauses), first)


@given(STARTS, LENGTHS, st.integers(0, 20), CALENDARS)
def test_a_promise_in_days_is_monotone_in_the_start(
    start: datetime, gap: timedelta, days: int, calendar: Calendar
) -> None:
    first = clocks.due_at(start, days, calendar)
    assert later(clocks.due_at(start + gap, days, calendar), first)


@given(clock(open_too=False), BUDGETS, CALENDARS, LENGTHS, LENGTHS)
def test_reopening_restores_no_time(
    one: tuple[datetime, list[Pause]],
    budget: timedelta,
    calendar: Calendar,
    worked_for: timedelta,
    closed_for: timedelta,
) -> None:
    start, pauses = one
    outcome = start + worked_for
    reopened = outcome + closed_for
    first = clocks.clock_due(start, budget, calendar, pauses)
    assert first is not None
    assume(outcome < first)
    final = clocks.clock_due(start, budget, calendar, [*pauses, (outcome, reopened)])
    assert final is not None
    assert later(final, first)
    spent = clocks.working_time(start, outcome, calendar, pauses)
    assert clocks.working_time(reopened, final, calendar, pauses) == budget - spent


@given(clock(), BUDGETS, CALENDARS, st.floats(0, 1), st.randoms(use_true_random=False))
def test_splitting_a_pause_changes_nothing(
    one: tuple[datetime, list[Pause]],
    budget: timedelta,
    calendar: Calendar,
    share: float,
    shuffling: Any,
) -> None:
    start, pauses = one
    split: list[Pause] = []
    for begins, ends in pauses:
        length = timedelta(days=3) if ends is None else ends - begins
        middle = begins + length * share
        split += [(begins, middle), (middle, ends)]
    shuffling.shuffle(split)
    whole = clocks.clock_due(start, budget, calendar, pauses)
    assert clocks.clock_due(start, budget, calendar, split) == whole


@given(clock(), BUDGETS, JSON, DATES)
def test_a_closed_day_adds_no_time_and_never_makes_due_earlier(
    one: tuple[datetime, list[Pause]], budget: timedelta, hours: dict[str, Any], closed: date
) -> None:
    start, pauses = one
    open_then = Calendar.from_json(hours)
    closed_then = Calendar.from_json({**hours, "closed": [*hours["closed"], closed.isoformat()]})
    before = clocks.clock_due(start, budget, open_then, pauses)
    assert later(clocks.clock_due(start, budget, closed_then, pauses), before)
    end = start + timedelta(days=60)
    lost = sum(
        (
            clocks.working_time(max(opens, start), min(closes, end), open_then, pauses)
            for opens, closes in open_then.spans(closed)
        ),
        start=timedelta(),
    )
    whole = clocks.working_time(start, end, open_then, pauses)
    assert clocks.working_time(start, end, closed_then, pauses) == whole - lost


@given(STARTS, st.integers(0, 20), JSON, DATES)
def test_a_closed_day_never_makes_a_promise_in_days_earlier(
    start: datetime, days: int, hours: dict[str, Any], closed: date
) -> None:
    closed_then = Calendar.from_json({**hours, "closed": [*hours["closed"], closed.isoformat()]})
    before = clocks.due_at(start, days, Calendar.from_json(hours))
    after = clocks.due_at(start, days, closed_then)
    # A promise for the same day falls on its closing time, or where none is on its midnight.
    assert later(after, before)


@given(STARTS, LENGTHS, LENGTHS, CALENDARS, st.data())
def test_working_time_adds_up(
    start: datetime, first: timedelta, second: timedelta, calendar: Calendar, data: st.DataObject
) -> None:
    pauses = data.draw(clock())[1]
    middle, end = start + first, start + first + second
    parts = [(start, middle), (middle, end)]
    together = sum((clocks.working_time(*part, calendar, pauses) for part in parts), timedelta())
    assert together == clocks.working_time(start, end, calendar, pauses)


@given(clock(), BUDGETS, CALENDARS)
def test_pauses_count_as_their_union(
    one: tuple[datetime, list[Pause]], budget: timedelta, calendar: Calendar
) -> None:
    start, pauses = one
    union = clocks.merged(pauses)
    assert all(
        ends is not None and ends < following[0]
        for (_, ends), following in itertools.pairwise(union)
    )
    twice = clocks.clock_due(start, budget, calendar, [*pauses, *reversed(pauses)])
    assert twice == clocks.clock_due(start, budget, calendar, union)
    assert twice == clocks.clock_due(start, budget, calendar, pauses)


@given(clock(open_too=False), BUDGETS, CALENDARS)
def test_what_was_budgeted_is_what_lies_between_start_and_due(
    one: tuple[datetime, list[Pause]], budget: timedelta, calendar: Calendar
) -> None:
    start, pauses = one
    due = clocks.clock_due(start, budget, calendar, pauses)
    assert due is not None
    assert clocks.working_time(start, due, calendar, pauses) == budget
    # Due is a moment of work: just before it, some of the budget was left.
    assert clocks.working_time(start, due - MINUTE / 60, calendar, pauses) < budget


@given(STARTS, BUDGETS, CALENDARS, CALENDARS)
@example(datetime(2026, 12, 24, 22, tzinfo=UTC), timedelta(hours=4), OFFICE, ALWAYS)
def test_elapsed_time_asks_no_calendar(
    start: datetime, budget: timedelta, one: Calendar, other: Calendar
) -> None:
    due = clocks.clock_due(start, budget, one, elapsed=True)
    assert due == clocks.clock_due(start, budget, other, elapsed=True) == start + budget


@given(clock(), BUDGETS, CALENDARS, st.booleans(), st.integers(1, 100))
def test_a_warning_and_a_shortened_clock_are_never_later(
    one: tuple[datetime, list[Pause]],
    budget: timedelta,
    calendar: Calendar,
    elapsed: bool,
    percent: int,
) -> None:
    start, pauses = one
    due = clocks.clock_due(start, budget, calendar, pauses, elapsed=elapsed)
    assert later(due, clocks.warn_at(start, budget, calendar, pauses, elapsed=elapsed))
    less = clocks.shortened(budget, percent)
    assert later(due, clocks.clock_due(start, less, calendar, pauses, elapsed=elapsed))
    assert timedelta() < less <= budget


@given(st.integers(0, 400), st.integers(1, 100))
def test_shortened_days_are_at_least_one_and_at_most_all(days: int, percent: int) -> None:
    short = clocks.shortened_days(days, percent)
    assert short * 100 >= days * percent > (short - 1) * 100 or days == short == 0
    assert min(days, 1) <= short <= days


STEPS = st.builds(AgreedStep, BUDGETS, st.integers(0, 15), CALENDARS, elapsed=st.booleans())


@given(STARTS, st.integers(1, 30), CALENDARS, st.lists(STEPS, max_size=3), STEPS)
def test_what_is_promised_is_the_sooner_and_one_more_step_never_ends_sooner(
    start: datetime, days: int, calendar: Calendar, steps: list[AgreedStep], more: AgreedStep
) -> None:
    promised = promises.promised(start, days, calendar, steps)
    alone = promises.promised(start, days, calendar)
    assert promised is not None
    assert alone is not None
    assert alone.on == clocks.promised_date(start, days, calendar)
    assert promised.due_at <= alone.due_at
    if steps and promises.agreed_by(start, steps) > alone.on:
        assert promised == alone
    if steps and all(step.elapsed for step in steps):
        assert promised.on == min(alone.on, promises.agreed_by(start, steps))
    assert promises.agreed_by(start, [*steps, more]) >= promises.agreed_by(start, steps)


@given(st.dates(date(1996, 1, 1), date(2040, 12, 31)))
@example(date(2026, 3, 30))
@example(date(2026, 10, 26))
def test_an_office_day_has_eight_hours_whatever_the_clocks_did(day: date) -> None:
    for opens, closes in OFFICE.spans(day):
        assert closes - opens == timedelta(hours=8)
        assert opens.astimezone(LONDON).hour == 9


def test_the_days_of_both_clock_changes_have_23_and_25_hours() -> None:
    spring, autumn = ALWAYS.spans(date(2026, 3, 29)), ALWAYS.spans(date(2026, 10, 25))
    assert spring[0][1] - spring[0][0] == timedelta(hours=23)
    assert autumn[0][1] - autumn[0][0] == timedelta(hours=25)


@given(st.dates(date(2020, 1, 1), date(2040, 12, 31)), CALENDARS)
def test_a_bank_holiday_is_never_a_working_day(day: date, calendar: Calendar) -> None:
    if clocks.is_bank_holiday(day):
        assert not calendar.is_working_day(day)
        assert calendar.spans(day) == []


def test_a_budget_of_nothing_is_spent_at_the_first_open_moment_outside_pauses() -> None:
    night = datetime(2026, 11, 17, 20, tzinfo=UTC)
    morning = datetime(2026, 11, 18, 9, tzinfo=UTC)
    assert clocks.clock_due(night, timedelta(), OFFICE) == morning
    pause = (morning, morning + timedelta(hours=1))
    assert clocks.clock_due(night, timedelta(), OFFICE, [pause]) == pause[1]
    assert clocks.clock_due(night, timedelta(), OFFICE, [(morning, None)]) is None


def test_the_same_words_are_the_same_calendar() -> None:
    words = {"mon": [["09:00", "17:00"]], "closed": ["2026-12-24"]}
    assert Calendar.from_json(words) is Calendar.from_json(dict(reversed(words.items())))
    assert Calendar.from_json({**words, "closed": []}) != Calendar.from_json(words)


def test_hours_that_overlap_are_counted_once() -> None:
    twice = Calendar.from_json({"mon": [["09:00", "13:00"], ["12:00", "17:00"]]})
    assert clocks.working_time(*twice.spans(date(2026, 11, 16))[0], twice) == timedelta(hours=8)


@given(clock(), BUDGETS, CALENDARS, st.booleans(), st.integers(0, 100), LENGTHS)
def test_while_the_calendar_stays_the_last_pause_alone_moves_what_stood(
    one: tuple[datetime, list[Pause]],
    budget: timedelta,
    calendar: Calendar,
    elapsed: bool,
    how_far: int,
    length: timedelta,
) -> None:
    start, pauses = one
    whole = [pause for pause in clocks.merged(pauses) if pause[1] is not None]
    stood = clocks.clock_due(start, budget, calendar, whole, elapsed=elapsed)
    assert stood is not None
    since = max([start, *(end for _, end in whole if end is not None and end <= stood)])
    begins = since + (stood - since) * how_far / 100
    now = [*(pause for pause in whole if pause[0] < begins), (begins, begins + length)]
    stood = clocks.clock_due(start, budget, calendar, now[:-1], elapsed=elapsed)
    walked = clocks.clock_due(start, budget, calendar, now, elapsed=elapsed)
    assert clocks.no_later(walked, stood, calendar, now, elapsed=elapsed) == walked
