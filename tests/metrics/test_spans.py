"""Every day of a choice lies in exactly one stretch, and stretches are as long as they can be."""

from __future__ import annotations

from datetime import date, timedelta
from random import Random

import pytest

from metrics.spans import DAY, MONTH, WEEK, cover, next_start

FIRST, LAST = date(2024, 1, 1), date(2026, 12, 31)


def days(since: date | None, until: date | None, units: tuple[str, ...]) -> list[date]:
    found = []
    for one in cover(since, until, units):
        start = one.since or FIRST
        while start < (one.until or LAST):
            end = next_start(start, one.unit)
            assert end <= (one.until or LAST)
            found += [start + timedelta(days=n) for n in range((end - start).days)]
            start = end
    return found


@pytest.mark.parametrize("units", [(MONTH, WEEK, DAY), (WEEK, DAY)])
def test_each_chosen_day_is_in_one_stretch(units: tuple[str, ...]) -> None:
    random = Random(7)
    for _ in range(400):
        since = FIRST + timedelta(days=random.randrange(900))
        until = since + timedelta(days=random.choice([0, 1, 6, 7, 20, 40, 100, 366]))
        expected = [since + timedelta(days=n) for n in range((until - since).days)]
        assert days(since, until, units) == expected


def test_a_year_is_read_by_its_months_and_what_is_left_by_weeks_and_days() -> None:
    found = list(cover(date(2025, 11, 24), date(2026, 11, 24), (MONTH, WEEK, DAY)))

    assert [(one.unit, one.since, one.until) for one in found] == [
        (WEEK, date(2025, 11, 24), date(2025, 12, 1)),
        (MONTH, date(2025, 12, 1), date(2026, 11, 1)),
        (DAY, date(2026, 11, 1), date(2026, 11, 2)),
        (WEEK, date(2026, 11, 2), date(2026, 11, 23)),
        (DAY, date(2026, 11, 23), date(2026, 11, 24)),
    ]


def test_without_an_end_all_there_is_is_chosen() -> None:
    [whole] = cover(None, None, (MONTH, WEEK, DAY))
    assert (whole.unit, whole.since, whole.until) == (MONTH, None, None)
    assert [one.until for one in cover(None, date(2026, 1, 5), (MONTH, WEEK, DAY))] == [
        date(2026, 1, 1), date(2026, 1, 5),
    ]  # fmt: skip
    assert [one.since for one in cover(date(2026, 1, 29), None, (MONTH, WEEK, DAY))] == [
        date(2026, 1, 29), date(2026, 2, 1),
    ]  # fmt: skip
