"""When a device should be awake: its own opening hours, else its site's. Pure.

Clocks are kept in another room (enquiries.clocks): who asks hands its reader of calendars in, so
that bank holidays and summer time are everywhere the same.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from kiosks.models import Kiosk


class Hours(Protocol):
    """Opening hours that can be walked."""

    def spans(self, day: date) -> Sequence[tuple[datetime, datetime]]:
        """Opening hours of a date as moments."""
        ...

    def worked(self, start: datetime, end: datetime) -> timedelta:
        """How much of the time between two moments it is open."""
        ...


Reader = Callable[[Mapping[str, Any]], Hours]


def opening(kiosk: Kiosk) -> dict[str, Any]:
    """The week that counts, with the days on which whoever runs the site is closed."""
    return _closed_too(kiosk.site.opening if kiosk.opening is None else kiosk.opening, kiosk)


def staffed(kiosk: Kiosk) -> dict[str, Any]:
    """The week in which staff are at its site, whenever the device itself is awake."""
    return _closed_too(kiosk.site.opening, kiosk)


def _closed_too(week: Mapping[str, Any], kiosk: Kiosk) -> dict[str, Any]:
    closed = {*(week.get("closed") or ()), *(kiosk.site.organisation.calendar.get("closed") or ())}
    return {**week, "closed": sorted(closed)}


def is_open(hours: Hours, now: datetime) -> bool:
    """Whether it is open at a moment."""
    return hours.worked(now, now + timedelta(microseconds=1)) > timedelta()


def first_open(hours: Hours, since: datetime, now: datetime) -> datetime:
    """The first moment from `since` on at which it is open; `now` where it never was."""
    day = (since - timedelta(days=1)).date()
    while day <= now.date() + timedelta(days=1):
        for opens, closes in hours.spans(day):
            if closes > since:
                return min(max(opens, since), now)
        day += timedelta(days=1)
    return now
