"""Opening hours as people write them, "mon-fri 08:00-18:00; sat 09:00-13:00". Pure."""

from __future__ import annotations

import re

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_PART = re.compile(
    r"^(?P<first>[a-z]{3})(?:-(?P<last>[a-z]{3}))?\s+"
    r"(?P<opens>[0-2][0-9]:[0-5][0-9])-(?P<closes>[0-2][0-9]:[0-5][0-9])$"
)

Hours = dict[str, list[list[str]]]


def read_hours(text: str) -> Hours:
    """Hours by day of the week. Raises ValueError with words for the person who wrote them."""
    hours: Hours = {}
    for part in (piece.strip().lower() for piece in text.split(";")):
        if not part:
            continue
        found = _PART.match(part)
        if found is None or {found["first"], found["last"] or "mon"} - set(DAYS):
            raise ValueError(f'"{part}" are no opening hours')
        if not found["opens"] < found["closes"] <= "24:00":
            raise ValueError(f'"{part}" closes before it opens')
        first, last = DAYS.index(found["first"]), DAYS.index(found["last"] or found["first"])
        if last < first:
            raise ValueError(f'"{part}" names its days backwards')
        for day in DAYS[first : last + 1]:
            hours.setdefault(day, []).append([found["opens"], found["closes"]])
    return {day: sorted(spans) for day, spans in hours.items()}
