"""Which week and month a pack is of, and from when on it is due."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from metrics import pack_periods
from metrics.pack_periods import MONTHLY, WEEKLY


def at(day: str, hour: int, minute: int = 0) -> datetime:
    """A moment of the clock of the world, not of London's."""
    found = date.fromisoformat(day)
    return datetime(found.year, found.month, found.day, hour, minute, tzinfo=UTC)


@pytest.mark.parametrize(
    ("now", "since", "until"),
    [
        (at("2026-11-23", 6, 59), "2026-11-09", "2026-11-16"),
        (at("2026-11-23", 7), "2026-11-16", "2026-11-23"),
        (at("2026-11-29", 23, 59), "2026-11-16", "2026-11-23"),
        # In summer London is an hour ahead, on the Monday after the clocks went on as well.
        (at("2026-03-30", 5, 59), "2026-03-16", "2026-03-23"),
        (at("2026-03-30", 6), "2026-03-23", "2026-03-30"),
    ],
)
def test_a_week_is_due_on_the_monday_after_it_at_seven_in_london(
    now: datetime, since: str, until: str
) -> None:
    found = pack_periods.week(now)

    assert (str(found.since), str(found.until)) == (since, until)
    assert found.due_at <= now
    assert found == pack_periods.of(WEEKLY, found.since)


@pytest.mark.parametrize(
    ("now", "since"),
    [
        # 1 August 2026 is a Saturday.
        (at("2026-08-03", 5, 59), "2026-06-01"),
        (at("2026-08-03", 6), "2026-07-01"),
        # New Year's Day is a holiday, and what follows it a Saturday and a Sunday.
        (at("2027-01-03", 12), "2026-11-01"),
        (at("2027-01-04", 7), "2026-12-01"),
    ],
)
def test_a_month_is_due_on_the_first_working_day_after_it(now: datetime, since: str) -> None:
    found = pack_periods.month(now)

    assert str(found.since) == since
    assert found.until == pack_periods.first_of_month(found.until)
    assert found == pack_periods.of(MONTHLY, found.since)


def test_it_is_compared_with_the_week_or_month_before_and_says_its_days() -> None:
    week = pack_periods.of(WEEKLY, date(2026, 12, 28))
    month = pack_periods.of(MONTHLY, date(2026, 3, 1))

    assert week.before == (date(2026, 12, 21), date(2026, 12, 28))
    assert month.before == (date(2026, 2, 1), date(2026, 3, 1))
    assert (week.words, month.words) == ("28 December 2026 to 3 January 2027", "March 2026")
    assert pack_periods.of(WEEKLY, date(2026, 11, 16)).words == "16 to 22 November 2026"
    assert pack_periods.of(WEEKLY, date(2026, 9, 28)).words == "28 September to 4 October 2026"
