"""England's bank holidays, and whether the list that we were given can still be trusted. Pure.

The days come from the `holidays` package. A holiday that the government proclaims for once, or
moves, is in it only after an update; until then it is a closure of everybody's calendar.
"""

from __future__ import annotations

from datetime import date, timedelta
from functools import lru_cache

import holidays

# Clocks reach this far ahead: the longest promise, with pauses, and a year's notice.
MONTHS_AHEAD = 24


@lru_cache(maxsize=64)
def bank_holidays(year: int) -> frozenset[date]:
    """England's bank holidays of a year, substitutes included, and 1 Jan, 25 and 26 Dec (R4)."""
    return frozenset(_listed(year)) | {date(year, 1, 1), date(year, 12, 25), date(year, 12, 26)}


def is_bank_holiday(day: date) -> bool:
    """Whether a date is a bank holiday in England."""
    return day in bank_holidays(day.year)


def bank_holidays_ahead(today: date, count: int) -> list[tuple[date, str]]:
    """The next bank holidays with their names, from a day on."""
    found: list[tuple[date, str]] = []
    year = today.year
    while len(found) < count and year <= today.year + count:
        listed = {**dict.fromkeys(bank_holidays(year), "Bank holiday"), **_listed(year)}
        found += [(day, words) for day, words in sorted(listed.items()) if day >= today]
        year += 1
    return found[:count]


def bank_holidays_missing(today: date) -> list[tuple[date, str]]:
    """What the law gives England within the next 24 months and the package does not list."""
    end = today.replace(year=today.year + MONTHS_AHEAD // 12, day=min(today.day, 28))
    return [
        (day, words)
        for year in range(today.year, end.year + 1)
        for day, words in lawful(year)
        if today <= day < end and day not in _listed(year)
    ]


def lawful(year: int) -> list[tuple[date, str]]:
    """The eight bank holidays of a year as the law has them, worked out without the package.

    A proclamation may move one: the list then says so until this year has passed.
    """
    easter = _easter(year)
    new_year, christmas, boxing_day = (
        _off_the_weekend(date(year, *day)) for day in ((1, 1), (12, 25), (12, 26))
    )
    if christmas == boxing_day:  # one of them has the Monday, and moves the other on
        moved = boxing_day + timedelta(days=1)
        sunday = date(year, 12, 25).weekday() == 6
        christmas, boxing_day = (moved, boxing_day) if sunday else (christmas, moved)
    return [
        (new_year, "New Year’s Day"),
        (easter - timedelta(days=2), "Good Friday"),
        (easter + timedelta(days=1), "Easter Monday"),
        (_monday_from(date(year, 5, 1)), "Early May bank holiday"),
        (_monday_from(date(year, 5, 25)), "Spring bank holiday"),
        (_monday_from(date(year, 8, 25)), "Summer bank holiday"),
        (christmas, "Christmas Day"),
        (boxing_day, "Boxing Day"),
    ]


@lru_cache(maxsize=64)
def _listed(year: int) -> dict[date, str]:
    days = holidays.country_holidays("GB", subdiv="ENG", years=year, language="en_GB")
    return {day: str(words) for day, words in days.items()}


def _monday_from(day: date) -> date:
    return day + timedelta(days=-day.weekday() % 7)


def _off_the_weekend(day: date) -> date:
    """The day itself, or the Monday after it where it falls on a weekend."""
    return _monday_from(day) if day.weekday() >= 5 else day


def _easter(year: int) -> date:
    """Easter Sunday of the Gregorian calendar (Meeus, Jones, Butcher)."""
    a, b, c = year % 19, year // 100, year % 100
    d, e = divmod(b, 4)
    g = (8 * b + 13) // 25
    h = (19 * a + b - d - g + 15) % 30
    i, k = divmod(c, 4)
    m = (a + 11 * h) // 319
    n = (2 * e + 2 * i - k - h + m + 32) % 7
    month = (h - m + n + 90) // 25
    return date(year, month, (h - m + n + month + 19) % 32)
