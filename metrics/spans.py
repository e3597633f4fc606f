"""Days as months, weeks and the days left over: what a rollup is read by. Pure."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

DAY, WEEK, MONTH = "day", "week", "month"


@dataclass(frozen=True, slots=True)
class Stretch:
    """Whole units one after the other, from a first day up to one that is no more; None: open."""

    unit: str
    since: date | None
    until: date | None


def start_of(day: date, unit: str) -> date:
    """The first day of the week or month that a day lies in; of a day itself."""
    if unit == WEEK:
        return day - timedelta(days=day.weekday())
    return day.replace(day=1) if unit == MONTH else day


def next_start(start: date, unit: str) -> date:
    """When the next day, week or month begins."""
    if unit == MONTH:
        return (start + timedelta(days=32)).replace(day=1)
    return start + timedelta(days=7 if unit == WEEK else 1)


def cover(since: date | None, until: date | None, units: tuple[str, ...]) -> Iterator[Stretch]:
    """The chosen days (half-open) in as few units as there are, each day in exactly one.

    `units` from the longest to the shortest; the last one must be `DAY`.
    """
    if since is not None and until is not None and since >= until:
        return
    unit, *shorter = units
    first = None if since is None else _ceil(since, unit)
    last = None if until is None else start_of(until, unit)
    if first is not None and last is not None and first >= last:
        yield from cover(since, until, tuple(shorter))
        return
    if since is not None and since != first:
        yield from cover(since, first, tuple(shorter))
    yield Stretch(unit, first, last)
    if until is not None and until != last:
        yield from cover(last, until, tuple(shorter))


def _ceil(day: date, unit: str) -> date:
    start = start_of(day, unit)
    return day if start == day else next_start(start, unit)
