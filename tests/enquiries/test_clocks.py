"""Working time by hand: promised dates, spent hours, later days. More in clock_cases.csv."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from enquiries import clocks
from enquiries.clocks import LONDON, OFFICE, Calendar

SEVEN_DAYS = Calendar.from_json({day: [["09:00", "17:00"]] for day in clocks.DAYS})
ALWAYS = Calendar.from_json({day: [["00:00", "24:00"]] for day in clocks.DAYS})
LUNCH = Calendar.from_json(
    {day: [["09:00", "12:30"], ["13:30", "17:00"]] for day in clocks.DAYS[:5]}
)


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=LONDON)


@pytest.mark.parametrize(
    ("received", "days", "calendar", "promised"),
    [
        ("2026-11-17 10:00", 2, OFFICE, "2026-11-19"),  # Tuesday → Thursday
        ("2026-11-17 23:59", 2, OFFICE, "2026-11-19"),  # after hours is the same London date
        ("2026-11-20 16:59", 1, OFFICE, "2026-11-23"),  # Friday → Monday
        ("2026-11-21 12:00", 1, OFFICE, "2026-11-23"),  # Saturday → Monday
        ("2026-11-22 12:00", 1, OFFICE, "2026-11-23"),  # Sunday → Monday
        ("2026-11-20 12:00", 1, SEVEN_DAYS, "2026-11-21"),  # open on Saturdays
        ("2026-12-24 09:00", 1, OFFICE, "2026-12-29"),  # Christmas Friday, Boxing Day substitute
        ("2027-12-23 09:00", 1, OFFICE, "2027-12-24"),
        ("2027-12-24 09:00", 1, OFFICE, "2027-12-29"),  # both on a weekend, both substituted
        ("2021-12-24 09:00", 1, OFFICE, "2021-12-29"),
        ("2026-04-02 09:00", 1, OFFICE, "2026-04-07"),  # Good Friday and Easter Monday
        ("2026-05-01 09:00", 1, OFFICE, "2026-05-05"),  # early May
        ("2022-06-01 09:00", 1, OFFICE, "2022-06-06"),  # two jubilee days
        ("2026-12-31 09:00", 1, OFFICE, "2027-01-04"),
        ("2028-02-28 09:00", 1, OFFICE, "2028-02-29"),  # leap day
        ("2026-11-17 10:00", 0, OFFICE, "2026-11-17"),
        ("2026-03-27 09:00", 2, ALWAYS, "2026-03-29"),  # into the day that loses an hour
        ("2026-12-24 09:00", 1, ALWAYS, "2026-12-27"),  # always open, but never on bank holidays
    ],
)
def test_the_promised_date_is_the_nth_working_day(
    received: str, days: int, calendar: Calendar, promised: str
) -> None:
    assert clocks.promised_date(at(received), days, calendar) == date.fromisoformat(promised)


@pytest.mark.parametrize(
    ("start", "hours", "calendar", "end"),
    [
        ("2026-11-17 10:00", 4, OFFICE, "2026-11-17 14:00"),
        ("2026-11-17 15:00", 4, OFFICE, "2026-11-18 11:00"),
        ("2026-11-17 07:00", 1, OFFICE, "2026-11-17 10:00"),  # before opening
        ("2026-11-17 20:00", 1, OFFICE, "2026-11-18 10:00"),  # after closing
        ("2026-11-20 16:00", 2, OFFICE, "2026-11-23 10:00"),  # over a weekend
        ("2026-11-17 12:00", 1, LUNCH, "2026-11-17 14:00"),  # through lunch
        ("2026-11-17 09:00", 8, OFFICE, "2026-11-17 17:00"),  # spent at closing time, not next day
        ("2026-03-28 23:00", 3, ALWAYS, "2026-03-29 03:00"),  # the clock springs forward
        ("2026-10-24 23:00", 4, ALWAYS, "2026-10-25 02:00"),  # and falls back
        ("2026-12-24 16:00", 2, OFFICE, "2026-12-29 10:00"),
    ],
)
def test_working_hours_are_walked_by_the_calendar(
    start: str, hours: int, calendar: Calendar, end: str
) -> None:
    assert clocks.spend(at(start), timedelta(hours=hours), calendar) == at(end)


@pytest.mark.parametrize(
    ("pauses", "due"),
    [
        ([], "2026-11-19 17:00"),
        ([("2026-11-18 09:00", "2026-11-18 17:00")], "2026-11-20 17:00"),
        ([("2026-11-18 16:00", "2026-11-19 10:00")], "2026-11-20 11:00"),  # across closing time
        ([("2026-11-18 18:00", "2026-11-19 08:00")], "2026-11-19 17:00"),  # a night costs nothing
        (
            [("2026-11-18 10:00", "2026-11-18 12:00"), ("2026-11-18 11:00", "2026-11-18 13:00")],
            "2026-11-20 12:00",  # the union of both
        ),
    ],
)
def test_a_pause_moves_the_due_date_by_the_working_time_it_took(
    pauses: list[tuple[str, str]], due: str
) -> None:
    spans = [(at(start), at(end)) for start, end in pauses]
    assert clocks.due_at(at("2026-11-17 10:00"), 2, OFFICE, spans) == at(due)


def test_an_open_pause_leaves_no_due_date() -> None:
    pause = [(at("2026-11-18 10:00"), None)]
    assert clocks.due_at(at("2026-11-17 10:00"), 2, OFFICE, pause) is None


def test_a_calendar_that_never_opens_says_so() -> None:
    with pytest.raises(clocks.NoWorkingTime):
        clocks.promised_date(at("2026-11-17 10:00"), 1, Calendar({}))


@pytest.mark.parametrize(
    ("moment", "days", "later"),
    [
        ("2026-11-17 10:00", 7, "2026-11-24 10:00"),
        ("2026-03-28 10:00", 1, "2026-03-29 10:00"),  # the same wall-clock time, 23 hours on
        ("2026-03-28 01:30", 1, "2026-03-29 02:30"),  # a time that does not exist moves on
    ],
)
def test_a_day_later_is_the_same_time_on_the_wall(moment: str, days: int, later: str) -> None:
    assert clocks.plus_days(at(moment), days) == at(later)


def test_a_time_that_occurs_twice_is_its_second_occurrence() -> None:
    later = clocks.plus_days(at("2026-10-24 01:30"), 1)
    assert later == datetime(2026, 10, 25, 1, 30, tzinfo=UTC)
