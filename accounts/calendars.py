"""What a working calendar says: hours by day, and closed days with their reasons. Pure.

As it is kept: {"mon": [["09:00", "17:00"]], …, "closed": ["2026-12-24"], "why": {"2026-12-24":
"Staff day"}, "changed": {"by": "Ada Officer", "at": "2026-11-17T10:00:00+00:00"}}. Nothing here
changes what it is given.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import groupby
from typing import Any

from accounts.hours import DAYS, ROUND_THE_CLOCK, Hours, day_words

Calendar = Mapping[str, Any]
DAY_NAMES = {
    "mon": "Monday",
    "tue": "Tuesday",
    "wed": "Wednesday",
    "thu": "Thursday",
    "fri": "Friday",
    "sat": "Saturday",
    "sun": "Sunday",
}
# A year's closing at once is a slip of the pen.
LONGEST_CLOSURE_DAYS = 62


@dataclass(frozen=True, slots=True)
class Closure:
    """Days in a row that are closed for one reason."""

    first: date
    last: date
    why: str

    @property
    def days(self) -> int:
        """How many they are."""
        return (self.last - self.first).days + 1


def hours(calendar: Calendar) -> Hours:
    """The opening hours of each day that has any."""
    return {day: [list(span) for span in calendar[day]] for day in DAYS if calendar.get(day)}


def bare(calendar: Calendar) -> dict[str, Any]:
    """Hours and closed days alone: what clocks need, without anybody's name or reason."""
    closed = {"closed": list(calendar["closed"])} if calendar.get("closed") else {}
    return {**hours(calendar), **closed}


def is_round_the_clock(calendar: Calendar) -> bool:
    """Whether it is open at every hour of every day (bank holidays aside, R5)."""
    return all(list(map(list, calendar.get(day, ()))) == ROUND_THE_CLOCK for day in DAYS)


def week_words(calendar: Calendar) -> str:
    """Monday to Friday 09:00-17:00; Saturday 09:00-13:00."""
    if is_round_the_clock(calendar):
        return "Every day, 24 hours"
    said = [(day, day_words(calendar.get(day, ()))) for day in DAYS]
    parts = []
    for words, group in groupby(said, key=lambda pair: pair[1]):
        days = [DAY_NAMES[day] for day, _ in group]
        if words != "closed":
            parts.append(f"{_from_to(days)} {words}")
    return "; ".join(parts) or "Never open"


def _from_to(days: Sequence[str]) -> str:
    if len(days) == 1:
        return days[0]
    return f"{days[0]} {'and' if len(days) == 2 else 'to'} {days[-1]}"


def closures(calendar: Calendar, *, since: date | None = None) -> list[Closure]:
    """Closed days with their reasons, those in a row for one reason together, earliest first."""
    why = calendar.get("why") or {}
    found: list[Closure] = []
    for text in sorted(set(calendar.get("closed") or ())):
        day, words = date.fromisoformat(text), str(why.get(text, ""))
        if found and found[-1].why == words and found[-1].last == day - timedelta(days=1):
            found[-1] = Closure(found[-1].first, day, words)
        else:
            found.append(Closure(day, day, words))
    return [one for one in found if since is None or one.last >= since]


def with_hours(calendar: Calendar, week: Hours) -> dict[str, Any]:
    """The same closures with other hours."""
    kept = {key: value for key, value in calendar.items() if key not in DAYS}
    return {**{day: week[day] for day in DAYS if week.get(day)}, **kept}


def closing(calendar: Calendar, first: date, last: date, why: str) -> dict[str, Any]:
    """Closed on these days as well."""
    days = _days(first, last)
    closed = sorted({*(calendar.get("closed") or ()), *days})
    reasons = {**(calendar.get("why") or {}), **dict.fromkeys(days, why)}
    return {**calendar, "closed": closed, "why": reasons}


def opening(calendar: Calendar, first: date, last: date) -> dict[str, Any]:
    """Open again on these days, as far as their hours go."""
    days = set(_days(first, last))
    closed = [day for day in calendar.get("closed") or () if day not in days]
    reasons = {day: why for day, why in (calendar.get("why") or {}).items() if day not in days}
    rest = {key: value for key, value in calendar.items() if key not in ("closed", "why")}
    return {**rest, **({"closed": closed, "why": reasons} if closed else {})}


def stamped(calendar: Calendar, *, by: str, at: datetime) -> dict[str, Any]:
    """With who changed it last, and when."""
    return {**calendar, "changed": {"by": by, "at": at.isoformat()}}


def changed(calendar: Calendar) -> tuple[str, datetime] | None:
    """Who changed it last, and when; None where nobody has by hand."""
    found = calendar.get("changed")
    if not found:
        return None
    return str(found["by"]), datetime.fromisoformat(str(found["at"]))


def mark(calendar: Calendar | None) -> str:
    """A word for exactly this calendar: two pages that show the same one carry the same."""
    text = json.dumps(calendar, sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def _days(first: date, last: date) -> Sequence[str]:
    return [(first + timedelta(days=n)).isoformat() for n in range((last - first).days + 1)]
