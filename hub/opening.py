"""When somebody answers the telephone: the hub's own hours, in the words of whoever reads.

There is one place where they are written: the calendar of the organisation that is the front door.
Each process reads it once a minute at most; a page of an error asks no database that is away.
"""

from __future__ import annotations

import time
from collections.abc import Mapping
from typing import Any, Final

from django.db import Error

import accounts.queries
from accounts.hours import DAYS
from accounts.weeks import week

# What an organisation has until it says otherwise.
_OFFICE_HOURS: Final[Mapping[str, Any]] = {day: [["09:00", "17:00"]] for day in DAYS[:5]}
_KEPT_SECONDS: Final = 60
_kept: tuple[float, Mapping[str, Any]] | None = None


def forget() -> None:
    """Reads the hours anew at the next page."""
    global _kept  # noqa: PLW0603  # one for the process
    _kept = None


def calendar() -> Mapping[str, Any]:
    """The hub's calendar as it was a minute ago at most; what was known where it cannot be read."""
    global _kept  # noqa: PLW0603  # one for the process
    now = time.monotonic()
    if _kept is not None and now - _kept[0] < _KEPT_SECONDS:
        return _kept[1]
    known = _kept[1] if _kept is not None else _OFFICE_HOURS
    try:
        found = next((one for one in accounts.queries.organisations() if one.is_hub), None)
    except Error:
        return known
    _kept = now, (found.calendar if found is not None else _OFFICE_HOURS)
    return _kept[1]


def words() -> str:
    """Monday to Friday 8am to 6pm, Saturday 9am to 1pm: the hours of a usual week."""
    return week(calendar())
