"""What macros and rules may do, and what rules may ask: data, checked here. Pure.

Nothing of it is evaluated as code. Acts are rows {"kind": …, its fields}; conditions are one row
of lists and numbers. What is not known is refused in words for who wrote it, beside the field that
it is about.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from core.errors import DomainError
from enquiries.channels import CHANNEL_WORDS
from enquiries.lifecycle import DECISIONS, OUTCOME_WORDS, PRIORITY_WORDS, STAFF_WORDS
from teamwork import filling

MAX_WORDS = 2_000
MOST_WORDS_ASKED = 20


class Refused(DomainError):
    """It cannot be written so; the field says where."""

    code = "recipe_refused"


@dataclass(frozen=True, slots=True)
class Known:
    """What may be named: services and bodies by slug, teams by number, areas by code, notices and
    languages by theirs, each with how people call it. `own_teams` may be given a case."""

    services: Mapping[str, str] = field(default_factory=dict)
    bodies: Mapping[str, str] = field(default_factory=dict)
    teams: Mapping[str, str] = field(default_factory=dict)
    own_teams: Collection[str] = ()
    areas: Mapping[str, str] = field(default_factory=dict)
    languages: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Act:
    """One thing to do to a case."""

    kind: str
    data: Mapping[str, str]

    def as_data(self) -> dict[str, str]:
        """How it is kept."""
        return {"kind": self.kind, **self.data}


# In the order in which they are done: where a case goes, what is said of it, how it ends. A case
# that has ended takes no more of them, and a service that is set routes it anew.
FIELDS: Mapping[str, tuple[str, ...]] = {
    "service": ("service",),
    "priority": ("priority", "words"),
    "take": (),
    "watch": (),
    "team": ("team",),
    "refer": ("organisation", "reason"),
    "note": ("words",),
    "checklist": (),
    "task": ("words", "days"),
    "tell_team": ("team", "words"),
    "reply": ("words",),
    "ask": ("words", "unforeseeable"),
    "resolve": ("outcome", "words", "next_step"),
}
ORDER = tuple(FIELDS)
MACROS = frozenset(ORDER)
# Whoever uses a macro does these; a rule is nobody in person.
RULES = MACROS - {"take", "watch"}
# What may be left empty.
_MAY_BE_EMPTY = frozenset({"reason", "next_step", "days", "unforeseeable"})
YES = "yes"
MOST_DAYS, MOST_OF_A_TASK = 365, 200
# Words that the citizen reads, or colleagues on the case; a team's e-mail names nobody.
_FILLED = {"reply", "ask", "note", "task", "resolve"}
_MISSING = {
    "service": "Choose the service", "priority": "Choose the priority",
    "team": "Choose the team", "organisation": "Choose who it goes to",
    "outcome": "Choose how it ends", "words": "Write the words",
}  # fmt: skip


def acts(raw: Iterable[Mapping[str, Any]], *, allowed: Collection[str], known: Known) -> list[Act]:
    """Acts that can be done, in their order. Raises Refused with the field, as kind_name."""
    found: dict[str, Act] = {}
    for row in raw:
        kind = str(row.get("kind", ""))
        if kind not in allowed:
            raise Refused(f"Nothing called “{kind[:40]}” can be done here")
        if kind in found:
            raise Refused("Each thing is done once", field=f"{kind}_{_first(kind)}")
        found[kind] = _act(kind, row, known)
    if not found:
        raise Refused("Choose at least one thing to do")
    _agree(found)
    return [found[kind] for kind in ORDER if kind in found]


def _first(kind: str) -> str:
    return FIELDS[kind][0] if FIELDS[kind] else "do"


def _act(kind: str, row: Mapping[str, Any], known: Known) -> Act:
    data: dict[str, str] = {}
    for name in FIELDS[kind]:
        text = str(row.get(name) or "").replace("\x00", "").strip()
        where = f"{kind}_{name}"
        if not text and name not in _MAY_BE_EMPTY:
            raise Refused(_MISSING[name], field=where)
        if len(text) > _longest(kind, name):
            raise Refused("That is too long", field=where)
        if name == "days" and text and not (text.isdecimal() and int(text) <= MOST_DAYS):
            raise Refused(f"Write a number of days up to {MOST_DAYS}", field=where)
        if name in ("words", "reason", "next_step"):
            _check_words(kind, text, where)
        data[name] = text
    _check_names(kind, data, known)
    return Act(kind, data)


def _longest(kind: str, name: str) -> int:
    if name == "reason":
        return 300
    return MOST_OF_A_TASK if kind == "task" else MAX_WORDS


def _check_words(kind: str, text: str, where: str) -> None:
    names = filling.names(text)
    unknown = [name for name in names if name not in filling.VARIABLES]
    if unknown:
        listed = ", ".join(f"{{{name}}}" for name in filling.VARIABLES)
        raise Refused(f"There is no {{{unknown[0]}}}. You can use {listed}", field=where)
    if kind not in _FILLED and filling.PERSONAL.intersection(names):
        raise Refused("These words stand in an email to staff: leave the name out", field=where)


def _check_names(kind: str, data: Mapping[str, str], known: Known) -> None:
    lists: dict[str, tuple[Collection[str], str]] = {
        "service": (known.services, "Choose a service from the list"),
        "organisation": (known.bodies, "Choose an organisation from the list"),
        "team": (known.own_teams if kind == "team" else known.teams, "Choose a team"),
        "priority": ([one.value for one in PRIORITY_WORDS], "Choose a priority"),
        "outcome": ([one.value for one in DECISIONS], "Choose an outcome from the list"),
        # A tick, R33: kept as a word like all else.
        "unforeseeable": (("", YES), "Tick it, or leave it"),
    }
    for name, value in data.items():
        if name in lists and value not in lists[name][0]:
            raise Refused(lists[name][1], field=f"{kind}_{name}")


def _agree(found: Mapping[str, Act]) -> None:
    """What cannot be true of one case at once."""
    if "ask" in found and "resolve" in found:
        raise Refused("A case cannot wait for an answer and end", field="resolve_outcome")
    if "reply" in found and "resolve" in found:
        raise Refused(
            "The citizen would get two messages. Write all of it where it ends", field="reply_words"
        )
    if "team" in found and "refer" in found:
        raise Refused(
            "It goes to a team of ours or to an organisation, not to both", field="team_team"
        )
    if "refer" in found and "resolve" in found:
        raise Refused("What has been sent on is ended by whoever has it", field="resolve_outcome")


@dataclass(frozen=True, slots=True)
class Conditions:
    """What has to hold of a case. Empty asks nothing; of a list one has to fit."""

    services: tuple[str, ...] = ()
    areas: tuple[str, ...] = ()
    partners: tuple[str, ...] = ()
    channels: tuple[str, ...] = ()
    priorities: tuple[str, ...] = ()
    statuses: tuple[str, ...] = ()
    outcomes: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    words: tuple[str, ...] = ()
    vulnerable: str = ""  # yes, no
    chases: int = 0
    hours: int = 0
    time: str = ""  # working, outside
    start: str = ""  # HH:MM, London
    end: str = ""

    def as_data(self) -> dict[str, Any]:
        """How they are kept: only what is asked."""
        rows = ((name, getattr(self, name)) for name in self.__slots__)
        return {n: list(v) if isinstance(v, tuple) else v for n, v in rows if v}


_LISTS = ("services", "areas", "partners", "channels", "priorities", "statuses", "outcomes",
          "languages")  # fmt: skip
CLOCK = re.compile(r"^([01]\d|2[0-3]):[0-5]\d$")


def conditions(raw: Mapping[str, Any], *, known: Known) -> Conditions:
    """Conditions that can be asked. Raises Refused with the field."""
    unknown = set(raw) - set(Conditions.__slots__)
    if unknown:
        raise Refused(f"Nothing called “{min(unknown)[:40]}” can be asked")
    offered: dict[str, Collection[str]] = {
        "services": known.services,
        "areas": known.areas,
        "partners": known.bodies,
        "channels": [one.value for one in CHANNEL_WORDS],
        "priorities": [one.value for one in PRIORITY_WORDS],
        "statuses": [one.value for one in STAFF_WORDS],
        "outcomes": [one.value for one in OUTCOME_WORDS],
        "languages": known.languages,
    }
    lists = {name: _listed(name, raw.get(name), offered[name]) for name in _LISTS}
    start, end = _clock(raw, "start"), _clock(raw, "end")
    if bool(start) != bool(end):
        raise Refused("Write both times, or none", field="end" if start else "start")
    if start and start == end:
        raise Refused("Write two different times", field="end")
    return Conditions(
        **lists,
        words=_words(raw.get("words")),
        vulnerable=_one(raw, "vulnerable", ("", "yes", "no")),
        chases=_number(raw, "chases", 99),
        hours=_number(raw, "hours", 24 * 366),
        time=_one(raw, "time", ("", "working", "outside")),
        start=start,
        end=end,
    )


def _listed(name: str, value: Any, offered: Collection[str]) -> tuple[str, ...]:
    rows = tuple(str(one) for one in value or () if one)
    if any(one not in offered for one in rows):
        raise Refused("Choose from the list", field=name)
    return tuple(dict.fromkeys(rows))


def _words(value: Any) -> tuple[str, ...]:
    rows = [" ".join(str(one).lower().split()) for one in value or ()]
    found = tuple(dict.fromkeys(one for one in rows if one))
    if len(found) > MOST_WORDS_ASKED or any(len(one) > 60 for one in found):
        raise Refused(
            f"At most {MOST_WORDS_ASKED} words or phrases, each of 60 characters", field="words"
        )
    return found


def _one(raw: Mapping[str, Any], name: str, offered: Sequence[str]) -> str:
    value = str(raw.get(name) or "")
    if value not in offered:
        raise Refused("Choose from the list", field=name)
    return value


def _number(raw: Mapping[str, Any], name: str, most: int) -> int:
    value = raw.get(name) or 0
    if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value <= most:
        raise Refused(f"Write a number up to {most}", field=name)
    return value


def _clock(raw: Mapping[str, Any], name: str) -> str:
    text = str(raw.get(name) or "")
    if text and not CLOCK.match(text):
        raise Refused("Write a time like 17:30", field=name)
    return text
