"""The list of bank holidays is held against the law, worked out without it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

import holidays
import pytest
from django.core.management import call_command
from django.core.management.base import SystemCheckError
from django.utils import timezone

from enquiries import bank_holidays, clocks

# Proclaimed for once: new days, and three years in which a Monday moved.
PROCLAIMED = {2002, 2011, 2012, 2020, 2022, 2023}


@pytest.fixture
def forgetful(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A package that ends with 2026."""
    real: Any = holidays.country_holidays

    def some(*args: Any, years: int, **kwargs: Any) -> Any:
        return real(*args, years=years, **kwargs) if years <= 2026 else {}

    monkeypatch.setattr(holidays, "country_holidays", some)
    bank_holidays._listed.cache_clear()
    bank_holidays.bank_holidays.cache_clear()
    yield
    bank_holidays._listed.cache_clear()
    bank_holidays.bank_holidays.cache_clear()


def test_the_package_knows_what_england_has_within_24_months() -> None:
    # Fails when the package is too old: "Bank holidays" in docs/runbook.md says what to do.
    assert clocks.bank_holidays_missing(timezone.localdate()) == []


@pytest.mark.parametrize("year", sorted({*range(2000, 2060)} - PROCLAIMED))
def test_the_law_and_the_package_name_the_same_days(year: int) -> None:
    lawful = {day for day, _ in bank_holidays.lawful(year)}
    assert len(lawful) == 8
    assert lawful == set(bank_holidays._listed(year)) - {
        day
        for day in (date(year, 1, 1), date(year, 12, 25), date(year, 12, 26))
        if day.weekday() >= 5
    }


@pytest.mark.parametrize(
    ("year", "easter_monday"),
    [(2024, "04-01"), (2026, "04-06"), (2027, "03-29"), (2028, "04-17"), (2038, "04-26")],
)
def test_easter_is_worked_out_as_published(year: int, easter_monday: str) -> None:
    lawful = {words: day for day, words in bank_holidays.lawful(year)}
    assert lawful["Easter Monday"] == date.fromisoformat(f"{year}-{easter_monday}")


@pytest.mark.parametrize(
    ("year", "christmas", "boxing_day", "new_year"),
    [
        (2026, "12-25", "12-28", "01-01"),
        (2027, "12-27", "12-28", "01-01"),
        (2028, "12-25", "12-26", "01-03"),
        (2022, "12-27", "12-26", "01-03"),
    ],
)
def test_days_on_a_weekend_have_their_substitutes(
    year: int, christmas: str, boxing_day: str, new_year: str
) -> None:
    lawful = {words: day.strftime("%m-%d") for day, words in bank_holidays.lawful(year)}
    assert lawful["Christmas Day"] == christmas
    assert lawful["Boxing Day"] == boxing_day
    assert lawful["New Year’s Day"] == new_year


@pytest.mark.usefixtures("forgetful")
def test_a_list_that_ends_too_early_is_noticed_and_r4_still_holds(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    missing = clocks.bank_holidays_missing(date(2026, 11, 17))
    assert missing[0] == (date(2027, 1, 1), "New Year’s Day")
    assert len(missing) == 8 + 6  # all of 2027, and 2028 up to the middle of November
    assert clocks.bank_holidays_missing(date(2024, 11, 17)) == []
    assert clocks.is_bank_holiday(date(2027, 12, 25))
    monkeypatch.setattr(timezone, "localdate", lambda: date(2026, 11, 17))
    with pytest.raises(SystemCheckError, match=r"hub\.W010"):
        call_command("check", fail_level="WARNING")


def test_the_next_ones_have_their_names() -> None:
    ahead = clocks.bank_holidays_ahead(date(2026, 12, 25), 4)
    assert [day.isoformat() for day, _ in ahead] == [
        "2026-12-25",
        "2026-12-26",
        "2026-12-28",
        "2027-01-01",
    ]
    assert ahead[0][1] == "Christmas Day"
