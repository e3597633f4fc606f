"""Lines of a ledger from elsewhere: what each says, or in plain words why it cannot be taken.

Nothing here knows of other lines (`metrics.staging` does) or of the database.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any, NoReturn

from enquiries import clocks
from enquiries.channels import Channel, ItemKind
from enquiries.lifecycle import Outcome
from enquiries.vocabulary import EventType
from metrics import exports, reading
from metrics.facts import OUTCOMES

Line = dict[str, Any]
LONGEST_NAME = 100
_NEEDED: Mapping[str, tuple[str, ...]] = {
    "org": ("id",),
    "service": ("id", "class"),
    "agreement": ("service", "to"),
    "person": ("id",),
    "merge": ("keep", "drop", "at"),
    "unmerge": ("keep", "drop", "at"),
    "contact": ("id", "channel", "start"),
    "item": ("id", "contact", "enquiry", "kind"),
    "correction": ("item", "earlier", "linked", "at"),
    "enquiry": ("id",),
    "event": ("enquiry", "at", "event"),
    "outbound": ("channel", "at"),
    "interaction": ("service", "interaction"),
    "unit_cost": ("org", "channel", "cost"),
    "survey": ("answer",),
}
_CHOICES: Mapping[tuple[str, str], frozenset[str]] = {
    ("org", "role"): frozenset({"front_door", "partner"}),
    ("service", "class"): frozenset({"INFORM", "TRANSACT", "REQUEST", "STAGED"}),
    ("service", "subject"): frozenset({"place", "person"}),
    ("contact", "channel"): frozenset(Channel),
    ("item", "kind"): frozenset(ItemKind),
    ("unit_cost", "channel"): frozenset(Channel),
    ("survey", "answer"): frozenset({"yes", "partly", "no"}),
    ("survey", "channel"): frozenset(Channel),
    ("item", "desk_answer"): frozenset({"yes", "no"}),
    ("event", "mode"): frozenset({"warm", "cold"}),
}
_OUTCOMES = frozenset({*Outcome})
_FLAGS = frozenset(
    {"abandoned", "linked", "elapsed", "unforeseeable", "inside", "same_sitting"}
    | {"context_carried", "permissible", "enabled", "waits"}
)
# Those of ledger.md that the hub says in other words, and all of the hub's own.
_EVENTS = OUTCOMES | {one.value.removeprefix("enquiry.") for one in EventType} | {
    "withdrawn", "duplicate", "told_to_contact", "test", "silent", "out_of_partnership",
}  # fmt: skip
_MOMENTS = ("at", "start", "end", "recorded")
_LISTS = ("addresses", "signals", "evidence")
_NAMES = frozenset(
    {"id", "contact", "enquiry", "item", "person", "about", "earlier", "keep", "drop", "service"}
    | {"owner", "address", "site", "thread", "session", "submission", "leg_of", "assists", "org"}
    | {"target", "to_contact", "to", "team", "avoidable", "family"}
)  # fmt: skip
_BODY, _PLACE, _TEAM, _OWNER = 50, 50, 80, 64
_ROOM = {
    ("org", "id"): _BODY, ("service", "id"): 80, ("service", "owner"): _BODY,
    ("service", "family"): 80, ("agreement", "to"): _BODY, ("contact", "site"): _PLACE,
    ("contact", "org"): _BODY, ("contact", "team"): _TEAM, ("enquiry", "owner"): _BODY,
    ("enquiry", "team"): _TEAM, ("event", "event"): 24, ("event", "owner"): _OWNER,
    ("event", "org"): _BODY, ("event", "to"): _BODY, ("item", "avoidable"): 32,
}  # fmt: skip
# A budget that a body open one day a week can keep before the calendar's horizon.
_MOST_DAYS, _MOST_HOURS, _MOST_METRES = 500, 1_000, 10_000_000
# Of what a line speaks that cannot be read; no such name has signs that nobody can write.
_NAMED = r'"%s"\s*:\s*"([^"\\\x00-\x1f\ud800-\udfff]{1,100})"'
_ENQUIRY = re.compile(_NAMED % "enquiry")
_CONTACT = re.compile(_NAMED % "contact")
_LONGEST_WHY = 300
# Windows and promises are walked day by day: a year that nobody meant would be walked for long.
_FIRST, _LAST = 1980, 2100


@dataclass(frozen=True, slots=True)
class Said:
    """One line: what kind it is, what it is called and of what it speaks; `why` it is not taken.

    `line` has only the fields that a ledger may carry, None where the line is not taken.
    """

    number: int
    kind: str = ""
    name: str = ""
    contact: str = ""
    enquiry: str = ""
    item: str = ""
    line: Mapping[str, Any] | None = None
    why: str = ""


class CannotTakeError(ValueError):
    """A line that is not taken; the message says why."""


def read(number: int, text: str) -> Said:
    """One line of the file. Never raises: what cannot be taken says why."""
    try:
        line = _parsed(text)
    except CannotTakeError as why:
        enquiry, contact = _ENQUIRY.search(text), _CONTACT.search(text)
        return Said(
            number,
            enquiry=enquiry[1] if enquiry else "",
            contact=contact[1] if contact else "",
            why=str(why)[:_LONGEST_WHY],
        )
    kind = line["type"] if isinstance(line.get("type"), str) else ""
    said = Said(
        number,
        kind if kind in _NEEDED else "",
        name=_called(line.get("id")),
        contact=_called(line.get("contact")) if kind == "item" else "",
        enquiry=_called(line.get("enquiry")),
        item=_called(line.get("item")),
    )
    try:
        return replace(said, line=_checked(kind, line))
    except CannotTakeError as why:
        return replace(said, why=str(why)[:_LONGEST_WHY])


def _parsed(text: str) -> Line:
    try:
        line = json.loads(text, parse_constant=_no_number)
        json.dumps(line, ensure_ascii=False, allow_nan=False).encode()
    except (ValueError, RecursionError) as error:
        raise CannotTakeError("it is not one JSON object in UTF-8") from error
    if not isinstance(line, dict):
        raise CannotTakeError("it is not one JSON object in UTF-8")
    if "\\u0000" in text:
        raise CannotTakeError("it has a character that nobody can read (U+0000)")
    return line


def _no_number(text: str) -> NoReturn:
    raise ValueError(text)


def _called(value: object) -> str:
    """A name; numbers are names, too."""
    if isinstance(value, str | int) and not isinstance(value, bool):
        return str(value)[: LONGEST_NAME + 1]
    return ""


def _checked(kind: str, line: Line) -> Line:
    if kind not in _NEEDED:
        said = line.get("type")
        raise CannotTakeError(f'there is no type "{said}"' if said else "it has no type")
    wrong = [*_missing(kind, line), *_badly_written(kind, line)]
    if not wrong:
        wrong = list(_CHECKS.get(kind, _nothing)(line))
    if wrong:
        raise CannotTakeError("; ".join(wrong))
    free = {key: value for key, value in line.items() if key in exports.carried(kind)}
    beside = [_its_contact(line)] if kind == "item" else []
    try:
        reading.read([free, *beside])
    except reading.BadLineError as error:
        raise CannotTakeError(f"it cannot be read: {error}") from error
    return free


def _its_contact(line: Line) -> Line:
    """An item is read with its contact; whether that is there is asked of all lines together."""
    return {
        "type": "contact", "id": line["contact"], "channel": "web",
        "start": "2026-03-02T10:00:00+00:00",
    }  # fmt: skip


def _missing(kind: str, line: Line) -> Iterator[str]:
    for key in _NEEDED[kind]:
        if line.get(key) in (None, ""):
            yield f"{key} is missing"


def _badly_written(kind: str, line: Line) -> Iterator[str]:
    for key, value in line.items():
        if value is None or value == "":
            continue
        if key in _MOMENTS and (problem := _moment(value)):
            yield f"{key}: {problem}"
        elif key in _NAMES:
            room = _ROOM.get((kind, key), LONGEST_NAME)
            if not _called(value):
                yield f"{key} is not a name"
            elif len(_called(value)) > room:
                yield f"{key} is longer than {room} characters"
        elif key in _LISTS and not (isinstance(value, list) and all(map(_is_word, value))):
            yield f"{key} is not a list of words"
        elif key in _FLAGS and not isinstance(value, bool):
            yield f"{key} is neither true nor false"
        choices = _CHOICES.get((kind, key))
        if choices is not None and not (isinstance(value, str) and value in choices):
            yield f'{key} "{value}" is none of {", ".join(sorted(choices))}'


def _is_word(value: object) -> bool:
    """A word; of signals also {"kind": word}, with when it was."""
    return isinstance(value, str) or (
        isinstance(value, dict) and isinstance(value.get("kind", value.get("signal")), str)
    )


def _moment(value: object) -> str:
    try:
        read_value = datetime.fromisoformat(value) if isinstance(value, str) else None
    except ValueError:
        read_value = None
    if read_value is None:
        return f"{value} is no time like 2026-03-02T10:00:00+00:00"
    if not _FIRST <= read_value.year <= _LAST:
        return f"{value} lies before {_FIRST} or after {_LAST}"
    return "" if read_value.tzinfo is not None else f"{value} has no offset, such as +00:00"


def _nothing(_line: Line) -> Iterator[str]:
    yield from ()


def _org(line: Line) -> Iterator[str]:
    calendar = line.get("calendar") or {}
    try:
        hours = clocks.Calendar.from_json({**{day: [] for day in clocks.DAYS}, **calendar})
    except (KeyError, TypeError, ValueError, AttributeError):
        yield 'calendar is not written as {"mon": [["09:00", "17:00"]]}'
        return
    if strange := set(calendar) - {*clocks.DAYS, "closed"}:
        yield f"calendar has no {', '.join(sorted(map(str, strange)))}: days are mon, tue, ..."
    elif any(opens >= closes for spans in hours.hours.values() for opens, closes in spans):
        yield "calendar closes before it opens"


def _service(line: Line) -> Iterator[str]:
    yield from _whole(line, "promise_wd", _MOST_DAYS, "working days")


def _agreement(line: Line) -> Iterator[str]:
    yield from _whole(line, "accept_wh", _MOST_HOURS, "working hours")
    yield from _whole(line, "work_wd", _MOST_DAYS, "working days")


def _whole(line: Line, key: str, most: int, unit: str) -> Iterator[str]:
    value = line.get(key)
    is_whole = isinstance(value, int) and not isinstance(value, bool)
    if value is not None and not (is_whole and 0 <= value <= most):
        yield f"{key} is no number of {unit} from 0 to {most}"


def _contact(line: Line) -> Iterator[str]:
    end = line.get("end")
    if end and datetime.fromisoformat(end) < datetime.fromisoformat(line["start"]):
        yield "it ends before it starts"


def _enquiry(line: Line) -> Iterator[str]:
    place = line.get("place")
    if place is None:
        return
    if not isinstance(place, dict):
        yield "place is neither null nor {uprn} nor {e, n}"
        return
    metres = [place.get("e"), place.get("n")]
    if any(one is not None for one in metres) and not all(_is_number(one) for one in metres):
        yield "place needs e and n, both in metres"
    uprn = place.get("uprn")
    if uprn is not None and not (_called(uprn) and len(_called(uprn)) <= LONGEST_NAME):
        yield f"place has a uprn that is no name of at most {LONGEST_NAME} characters"
    if place.get("approx") not in (None, True, False):
        yield "approx is neither true nor false"


def _event(line: Line) -> Iterator[str]:
    name = str(line["event"]).removeprefix("enquiry.")
    if name not in _EVENTS:
        yield f'there is no event "{name}"'
    if name == "resolved" and line.get("outcome") not in (None, "", *_OUTCOMES):
        yield f'outcome "{line["outcome"]}" is none of {", ".join(sorted(_OUTCOMES))}'
    if name == "promise_set":
        yield from _day("date", line.get("date"))


def _unit_cost(line: Line) -> Iterator[str]:
    if not _is_number(line["cost"]) or not 0 <= round(line["cost"], 2) < 1_000_000:
        yield "cost is no number of pounds"
    if line.get("since") is not None:
        yield from _day("since", line["since"])


def _day(key: str, value: object) -> Iterator[str]:
    try:
        day = date.fromisoformat(str(value)[:10])
    except ValueError:
        yield f"{key}: {value} is no day like 2026-03-02"
        return
    if not _FIRST <= day.year <= _LAST:
        yield f"{key}: {value} lies before {_FIRST} or after {_LAST}"


def _is_number(value: object) -> bool:
    return (
        isinstance(value, int | float) and not isinstance(value, bool) and abs(value) < _MOST_METRES
    )


_CHECKS: Mapping[str, Callable[[Line], Iterator[str]]] = {
    "org": _org,
    "service": _service,
    "agreement": _agreement,
    "contact": _contact,
    "enquiry": _enquiry,
    "event": _event,
    "unit_cost": _unit_cost,
}
