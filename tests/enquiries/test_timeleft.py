"""Time left in working hours: counted as people at work count, never more than there is."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from enquiries.clocks import OFFICE, ROUND_THE_CLOCK, Calendar, working_time
from enquiries.queries.timeleft import SOON, left

ALWAYS = Calendar.from_json(
    {day: [["00:00", "24:00"]] for day in ("mon", "tue", "wed", "thu", "fri", "sat", "sun")}
)
NEVER = Calendar.from_json({})
STOCKTAKING = Calendar(OFFICE.hours, frozenset({date(2026, 11, 18)}))


def at(text: str) -> datetime:
    """A moment of November 2026 in UTC, which London keeps then; the 16th is a Monday."""
    day, clock = text.split()
    return datetime(2026, 11, int(day), int(clock[:2]), int(clock[3:]), tzinfo=UTC)


@pytest.mark.parametrize(
    ("now", "due", "words", "state"),
    [
        ("17 10:00", "17 13:00", "3 working hours left", "soon"),
        ("17 10:00", "17 14:00", "4 working hours left", "soon"),
        ("17 10:00", "17 14:01", "4 working hours left", "ok"),
        ("17 10:00", "17 17:00", "7 working hours left", "ok"),
        ("17 10:00", "17 11:59", "1 working hour left", "soon"),
        ("17 10:00", "17 10:59", "59 working minutes left", "soon"),
        ("17 10:00", "17 10:01", "1 working minute left", "soon"),
        # The night does not count.
        ("17 16:30", "18 10:00", "1 working hour left", "soon"),
        ("17 20:00", "18 10:00", "1 working hour left", "soon"),
        # Nor does the weekend: from Friday afternoon to Monday morning it is one hour.
        ("20 16:00", "23 09:30", "1 working hour left", "soon"),
        ("20 10:00", "23 17:00", "15 working hours left", "ok"),
        ("20 10:00", "24 09:00", "2 working days left", "ok"),
        ("16 10:00", "20 17:00", "4 working days left", "ok"),
        # Due while nobody is there.
        ("17 17:00", "17 23:59", "No working time left", "soon"),
        ("17 13:00", "17 10:00", "Late by 3 working hours", "late"),
        ("17 10:00", "17 10:00", "Just late", "late"),
        ("17 10:20", "17 10:00", "Late by 20 working minutes", "late"),
        ("18 10:00", "17 17:00", "Late by 1 working hour", "late"),
        # On Saturday nobody has lost any working time since Friday at five.
        ("21 12:00", "20 17:00", "Just late", "late"),
        ("20 09:00", "17 17:00", "Late by 3 working days", "late"),
    ],
)
def test_the_table(now: str, due: str, words: str, state: str) -> None:
    shown = left(at(due), at(now), OFFICE)
    assert (shown.words, shown.state) == (words, state)


def test_no_date_is_said_plainly() -> None:
    assert left(None, at("17 10:00"), OFFICE).words == "No date was promised"
    assert left(None, at("17 10:00"), OFFICE).state == "none"


def test_a_team_that_never_closes_has_the_night_too() -> None:
    assert left(at("18 09:00"), at("17 17:00"), ALWAYS).words == "16 working hours left"
    assert left(at("18 09:00"), at("17 17:00"), OFFICE).words == "No working time left"


def test_elapsed_time_is_not_called_working_time() -> None:
    assert left(at("18 09:00"), at("17 17:00"), ROUND_THE_CLOCK).words == "16 hours left"
    assert left(at("20 09:00"), at("17 17:00"), ROUND_THE_CLOCK).words == "3 days left"
    assert left(at("17 09:00"), at("17 17:00"), ROUND_THE_CLOCK).words == "Late by 8 hours"


def test_a_closure_of_its_own_does_not_count() -> None:
    assert left(at("19 10:00"), at("17 16:00"), STOCKTAKING).words == "2 working hours left"
    assert left(at("19 10:00"), at("17 16:00"), OFFICE).words == "2 working days left"


def test_a_bank_holiday_does_not_count() -> None:
    eve = datetime(2026, 12, 24, 16, 0, tzinfo=UTC)
    after = datetime(2026, 12, 29, 10, 0, tzinfo=UTC)  # the 28th stands in for the 26th
    assert left(after, eve, OFFICE).words == "2 working hours left"


def test_a_calendar_that_never_opens_breaks_nothing() -> None:
    assert left(at("30 09:00"), at("17 17:00"), NEVER).words == "No working time left"
    assert left(at("17 17:00"), at("30 09:00"), NEVER).words == "Just late"


def test_what_is_late_for_years_is_not_counted_day_by_day() -> None:
    long_ago = datetime(2019, 1, 7, 9, 0, tzinfo=UTC)
    assert left(long_ago, at("17 10:00"), OFFICE).words == "Late by more than a year"


YEAR = datetime(2026, 1, 1, tzinfo=UTC)
moments = st.timedeltas(timedelta(), timedelta(days=364)).map(lambda span: YEAR + span)


@given(now=moments, budget=st.timedeltas(timedelta(minutes=1), timedelta(days=30)))
def test_it_is_late_from_the_moment_on_and_soon_within_four_hours(
    now: datetime, budget: timedelta
) -> None:
    due = now + budget
    shown = left(due, now, OFFICE)
    assert shown.state != "late"
    assert (shown.state == "soon") == (working_time(now, due, OFFICE) <= SOON)
    assert left(due, due, OFFICE).state == "late"
    assert left(due, due - timedelta(microseconds=1), OFFICE).state == "soon"
