"""What a device says of itself with a heartbeat, read and judged. Pure.

Its times are its own clock's, in milliseconds; here they become the server's.
"""

from __future__ import annotations

import json
import re
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from core.errors import DomainError

EDITION = 1
# The day's totals that a device counts; what else it may say of a day is where people left.
TOTALS = ("starts", "completions", "resets", "resets_with_data", "helps", "prints")
LEFT = "left"
LONGEST = 65_536
_MOST, _MOST_DAYS, _MOST_PLACES, _MOST_WORDS = 1_000_000, 40, 400, 50
_LATEST_MS = 32_503_680_000_000  # the year 3000
_PROBLEM = re.compile(r"[a-z_]{1,24}")
# A device cannot have counted tomorrow, nor tells of what is older than what it keeps.
_OLDEST_DAY, _NEWEST_DAY = timedelta(days=40), timedelta(days=1)


class NotUnderstood(DomainError):
    """What came is no heartbeat, and nothing of it was taken."""

    code = "kiosk_pulse_not_understood"


@dataclass(frozen=True, slots=True)
class Heard:
    """One heartbeat: `totals` are (day, name, count), `left` (day, service, question, count)."""

    release: str
    content: str
    queued: int
    numbers: int
    printed: int
    oldest_at: datetime | None
    touched_at: datetime | None
    clock_off: float
    problems: list[str]
    done: list[str]
    totals: list[tuple[date, str, int]] = field(default_factory=list)
    left: list[tuple[date, str, str, int]] = field(default_factory=list)


def read(body: bytes, *, now: datetime) -> Heard:
    """What a device said. Raises NotUnderstood."""
    if len(body) > LONGEST:
        raise NotUnderstood("The heartbeat is too long")
    try:
        sent = json.loads(body)
    except (ValueError, RecursionError):
        raise NotUnderstood("The heartbeat is no JSON") from None
    if not isinstance(sent, dict) or sent.get("v") != EDITION:
        raise NotUnderstood("The heartbeat is of an edition that the hub does not know")
    theirs = _moment(sent, "now")
    if theirs is None:
        raise NotUnderstood("The heartbeat does not say what time the device has")
    off = theirs - now.timestamp() * 1000
    totals, left = _counts(sent.get("counts", {}), now.date())
    return Heard(
        release=_word(sent, "release"),
        content=_word(sent, "content"),
        queued=_number(sent.get("queued", 0), "queued"),
        numbers=_number(sent.get("numbers", 0), "numbers"),
        printed=_number(sent.get("printed", 0), "printed"),
        oldest_at=_ours(sent, "oldest", off, now),
        touched_at=_ours(sent, "touched", off, now),
        clock_off=round(off / 1000, 1),
        problems=_problems(sent.get("problems", [])),
        done=_done(sent.get("done", [])),
        totals=totals,
        left=left,
    )


def _moment(sent: Mapping[str, Any], name: str) -> float | None:
    found = sent.get(name)
    if found is None:
        return None
    if isinstance(found, bool) or not isinstance(found, int | float):
        raise NotUnderstood(f"“{name}” is no time")
    if not 0 <= found <= _LATEST_MS:
        raise NotUnderstood(f"“{name}” is no time that there is")
    return float(found)


def _ours(sent: Mapping[str, Any], name: str, off: float, now: datetime) -> datetime | None:
    """A time of its clock as ours; never later than now."""
    theirs = _moment(sent, name)
    if theirs is None:
        return None
    earlier = max(0.0, now.timestamp() * 1000 - (theirs - off))
    return now - timedelta(milliseconds=earlier)


def _number(found: object, name: str) -> int:
    if isinstance(found, bool) or not isinstance(found, int) or not 0 <= found <= _MOST:
        raise NotUnderstood(f"“{name}” is no number from 0 to {_MOST}")
    return found


def _text(found: object, name: str, longest: int) -> str:
    if not isinstance(found, str) or len(found) > longest or not found.isprintable():
        raise NotUnderstood(f"“{name}” is no word of at most {longest} letters")
    return found


def _word(sent: Mapping[str, Any], name: str) -> str:
    return _text(sent.get(name) or "", name, 16)


def _list(found: object, name: str) -> list[Any]:
    if not isinstance(found, list) or len(found) > _MOST_WORDS:
        raise NotUnderstood(f"“{name}” is no list of at most {_MOST_WORDS}")
    return found


def _problems(found: object) -> list[str]:
    words = _list(found, "problems")
    if not all(isinstance(word, str) and _PROBLEM.fullmatch(word) for word in words):
        raise NotUnderstood("“problems” has something that is no word for one")
    return sorted(set(words))


def _done(found: object) -> list[str]:
    try:
        return [str(uuid.UUID(str(one))) for one in _list(found, "done")]
    except ValueError:
        raise NotUnderstood("“done” has something that is no command") from None


def _counts(
    found: object, today: date
) -> tuple[list[tuple[date, str, int]], list[tuple[date, str, str, int]]]:
    """Totals and drop-outs by day; days that cannot be are of a clock that was wrong, and left."""
    totals: list[tuple[date, str, int]] = []
    left: list[tuple[date, str, str, int]] = []
    for said, counted in _members(found, "counts", _MOST_DAYS):
        day = _day(said)
        named = dict(_members(counted, said, len(TOTALS) + 1))
        places = _members(named.pop(LEFT, {}), LEFT, _MOST_PLACES)
        if set(named) - set(TOTALS):
            raise NotUnderstood("“counts” has something that is not counted")
        numbers = [(day, name, _number(value, name)) for name, value in named.items()]
        gone = [(day, *_place(place), _number(value, LEFT)) for place, value in places]
        if today - _OLDEST_DAY <= day <= today + _NEWEST_DAY:
            totals += numbers
            left += gone
    return sorted(totals), sorted(left)


def _members(found: object, name: str, most: int) -> list[tuple[str, Any]]:
    if not isinstance(found, dict) or len(found) > most:
        raise NotUnderstood(f"“{name}” has not the shape that it should have")
    return list(found.items())


def _day(said: str) -> date:
    try:
        return date.fromisoformat(said)
    except ValueError:
        raise NotUnderstood("“counts” has something that is no day") from None


def _place(said: str) -> tuple[str, str]:
    """`service/question`; without a service where none was chosen."""
    service, _, question = _text(said, LEFT, 161).rpartition("/")
    if not question or len(service) > 80 or len(question) > 80:
        raise NotUnderstood("“left” has something that is no question")
    return service, question
