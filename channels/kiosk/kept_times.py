"""When somebody touched Send, in our time, whatever the device's clock said. Pure."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

# What was kept longer has been forgotten by its device; no visit is longer than this.
KEPT, A_VISIT = timedelta(days=7), timedelta(hours=4)
_FURTHEST = 10**15


def behind(device_now: Any, now: datetime) -> int:
    """Milliseconds by which a device's clock is behind ours; 0 where it does not say."""
    said = _number(device_now)
    return 0 if said is None else int(now.timestamp() * 1000) - said


def touch(
    made: Any, offset: Any, *, clock_behind: int, now: datetime, earliest: datetime | None
) -> datetime:
    """When it was made: not later than now, and not before its number was given.

    `offset` is what the device knew of our time when it made it; where it knew nothing, its clock
    is taken to have been as wrong then as it is now.
    """
    floor = min(now, earliest or now - KEPT)
    read = _at(made, offset, clock_behind)
    return floor if read is None else min(max(read, floor), now)


def began(said: Any, offset: Any, *, ours: Any, clock_behind: int, touched: datetime) -> datetime:
    """When the visit began in which it was made: `ours` is our own time of it, where it began on
    our own pages.
    """
    read = _at(ours, 0, 0) or _at(said, offset, clock_behind)
    return touched if read is None else min(max(read, touched - A_VISIT), touched)


def _at(said: Any, offset: Any, clock_behind: int) -> datetime | None:
    moment, known = _number(said), _number(offset)
    if moment is None:
        return None
    at = moment + (clock_behind if known is None else known)
    try:
        return datetime.fromtimestamp(at / 1000, UTC)
    except (ValueError, OverflowError, OSError):
        return None


def _number(said: Any) -> int | None:
    if isinstance(said, bool) or not isinstance(said, int | float):
        return None
    return int(said) if -_FURTHEST < said < _FURTHEST else None
