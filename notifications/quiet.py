"""Hours in which no text wakes anybody: it is held until the morning. Pure but for settings.

E-mail goes at any time. So does a text that somebody waits for: an answer to their own text, a
link or a code that they have just asked for, an emergency.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from django.conf import settings

from notifications.events import EVENTS, SMS

# Texts of the night go over so long a time, so that they do not all go in one second.
SPREAD = timedelta(minutes=20)
_WRITTEN = re.compile(r"([01]\d|2[0-3]):([0-5]\d)-([01]\d|2[0-3]):([0-5]\d)")


class NotHours(ValueError):
    """Quiet hours are written like 20:00-08:00."""


@dataclass(frozen=True, slots=True)
class Hours:
    """From when to when, by the clock on the wall. `start` may be later than `end`: the night."""

    start: time
    end: time

    def holds(self, at: time) -> bool:
        """Whether it is quiet at this time of the day."""
        if self.start <= self.end:
            return self.start <= at < self.end
        return at >= self.start or at < self.end


@lru_cache(maxsize=8)
def read(text: str) -> Hours | None:
    """Quiet hours as a setting writes them; None for `off`. Raises NotHours."""
    if text.strip().lower() in ("", "off"):
        return None
    found = _WRITTEN.fullmatch(text.strip())
    if found is None:
        raise NotHours(f"{text!r} are no hours: write them like 20:00-08:00")
    first, second, third, fourth = map(int, found.groups())
    return Hours(time(first, second), time(third, fourth))


def until(now: datetime, hours: Hours | None, zone: ZoneInfo) -> datetime | None:
    """When the quiet hours that `now` lies in are over; None outside them.

    By the clock on the wall: a night in which clocks change is an hour longer or shorter.
    """
    local = now.astimezone(zone)
    if hours is None or hours.start == hours.end or not hours.holds(local.time()):
        return None
    day = local.date()
    if local.time() >= hours.end:
        day += timedelta(days=1)
    # Of an hour that comes twice it is the second: nobody is woken by the first.
    return datetime.combine(day, hours.end, zone).replace(fold=1).astimezone(UTC)


def hold(event: str, medium: str, *, whose: str, now: datetime) -> datetime | None:
    """When a message may go that may not go now, `whose` spreading them; None: it may go."""
    if medium != SMS or (event in EVENTS and EVENTS[event].at_once):
        return None
    over = until(now, read(settings.HUB_QUIET_HOURS), ZoneInfo(settings.TIME_ZONE))
    return over + _spread(whose) if over is not None else None


def _spread(whose: str) -> timedelta:
    """So long after the end: always the same for one case, whose news keep their order."""
    drawn = int.from_bytes(hashlib.sha256(whose.encode()).digest()[:4], "big")
    return timedelta(seconds=drawn % int(SPREAD.total_seconds()))
