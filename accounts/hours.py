"""Opening hours as people write them: a whole week on one line, or one day. Pure.

"mon-fri 08:00-18:00; sat 09:00-13:00" is a week; "9am-12.30, 13:30-17:00" is a day.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from itertools import pairwise

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
ROUND_THE_CLOCK = [["00:00", "24:00"]]
_PART = re.compile(
    r"^(?P<first>[a-z]{3})(?:-(?P<last>[a-z]{3}))?\s+"
    r"(?P<opens>[0-2][0-9]:[0-5][0-9])-(?P<closes>[0-2][0-9]:[0-5][0-9])$"
)
_TIME = r"([0-9]{1,2})(?:[:.]([0-5][0-9]))?\s*(am|pm)?"
_SPAN = re.compile(rf"^{_TIME}\s*(?:-|–|—|to|until)\s*{_TIME}$")
_SEVERAL = re.compile(r",|;|\n|\band\b|&")
_CLOSED = frozenset({"", "closed", "none", "-", "–"})
_ALWAYS = frozenset({"24 hours", "24h", "24 h", "all day", "always", "always open"})

Spans = list[list[str]]
Hours = dict[str, Spans]


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
    return {day: apart(spans) for day, spans in hours.items()}


def read_day(text: str) -> Spans:
    """The hours of one day; none for "closed". Raises ValueError with words and a cure."""
    said = " ".join(text.casefold().split())
    if said in _CLOSED:
        return []
    if said in _ALWAYS:
        return [list(span) for span in ROUND_THE_CLOCK]
    parts = [piece.strip() for piece in _SEVERAL.split(said)]
    return apart([_span(part) for part in parts if part])


def _span(part: str) -> list[str]:
    found = _SPAN.match(part)
    if found is None:
        raise ValueError(f'"{part}" are no hours. Write them as 09:00-17:00')
    opens, closes = _time(part, *found.groups()[:3]), _time(part, *found.groups()[3:])
    if closes == "00:00":
        closes = "24:00"
    if opens >= closes:
        cure = "Write a night as two: 22:00-24:00 on its day, 00:00-06:00 on the next"
        if not found[3] and not found[6] and opens < "12:00" and closes < "12:00":
            cure = f"Write {opens}-{_later(closes)}"
        raise ValueError(f'"{part}" closes before it opens. {cure}')
    return [opens, closes]


def _later(clock: str) -> str:
    """The same time after noon."""
    return f"{int(clock[:2]) + 12:02}{clock[2:]}"


def _time(part: str, hour: str, minute: str | None, half: str | None) -> str:
    number, minutes = int(hour), minute or "00"
    if half is not None and 1 <= number <= 12:
        number = number % 12 + (12 if half == "pm" else 0)
    elif half is not None or number > 24 or (number == 24 and minutes != "00"):
        raise ValueError(f'"{part}" has a time that no clock shows. Write it as 09:00-17:00')
    return f"{number:02}:{minutes}"


def apart(spans: Iterable[list[str]]) -> Spans:
    """Spans in their order, earliest first. Raises ValueError where two overlap."""
    ordered = sorted(spans)
    for one, following in pairwise(ordered):
        if following[0] < one[1]:
            raise ValueError(
                f'"{"-".join(one)}" and "{"-".join(following)}" overlap. Join them, or part them'
            )
    return ordered


def day_words(spans: Iterable[Iterable[str]]) -> str:
    """The hours of a day, so that they can be read and written again."""
    found = [list(span) for span in spans]
    if found == ROUND_THE_CLOCK:
        return "24 hours"
    return ", ".join("-".join(span) for span in found) or "closed"
