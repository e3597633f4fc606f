"""Whether the conditions of a rule hold of a case, when a line of the ledger is written. Pure."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from enquiries.case_facts import CaseFacts, LedgerLine
from enquiries.vocabulary import EventType
from teamwork.recipes import Conditions

_LONDON = ZoneInfo("Europe/London")


@dataclass(frozen=True, slots=True)
class Trigger:
    """What may set a rule off: lines of the ledger, in words after "When"."""

    words: str
    types: frozenset[str]
    kind: str = ""


def _on(words: str, *types: EventType, kind: str = "") -> Trigger:
    return Trigger(words, frozenset(one.value for one in types), kind)


TRIGGERS: Mapping[str, Trigger] = {
    "received": _on(
        "an enquiry comes in", EventType.RECEIVED, EventType.LET_GO, EventType.NOT_SPAM
    ),
    "routed": _on("an enquiry is routed", EventType.TRIAGED, EventType.REFERRED),
    "moved": _on(
        "the status of a case changes", EventType.TRIAGED, EventType.REFERRED, EventType.ACCEPTED,
        EventType.REJECTED, EventType.RETURNED, EventType.EXPIRED, EventType.INFO_REQUESTED,
        EventType.INFO_RECEIVED, EventType.RESOLVED, EventType.REOPENED, EventType.CLOSED,
    ),
    "given_back": _on(
        "a partner gives a case back", EventType.REJECTED, EventType.RETURNED, EventType.EXPIRED
    ),
    "accepted": _on("a partner accepts a case", EventType.ACCEPTED),
    "contact": _on("somebody is in touch about a case", EventType.CONTACTED),
    "chased": _on("somebody asks how a case is going", EventType.CONTACTED, kind="chase"),
    "answered": _on("the citizen answers our question", EventType.INFO_RECEIVED),
    "warned": _on("a clock of a case will soon run out", EventType.DUE_SOON),
    "missed": _on("a clock of a case has run out", EventType.ESCALATED),
    "message_lost": _on("a message cannot reach the citizen", EventType.MESSAGE_LOST),
    "priority": _on("the priority of a case is set", EventType.PRIORITY_SET),
    "attached": _on("a file is added to a case", EventType.ATTACHED),
    "resolved": _on("a case is resolved", EventType.RESOLVED),
    "reopened": _on("a case is opened again", EventType.REOPENED),
}  # fmt: skip


def sets_off(trigger: str, line: LedgerLine) -> bool:
    """Whether a line of the ledger is what a rule waits for."""
    known = TRIGGERS.get(trigger)
    return known is not None and line.type in known.types and known.kind in ("", line.kind)


def holds(
    asked: Conditions,
    case: CaseFacts,
    line: LedgerLine,
    *,
    is_working: Callable[[datetime], bool],
) -> bool:
    """Whether all that is asked fits. What may be spam fits nothing."""
    return not case.is_held and not _misses(asked, case) and _in_time(asked, case, line, is_working)


def _misses(asked: Conditions, case: CaseFacts) -> bool:
    """Whether anything that is asked of the case itself does not fit."""
    lists = (
        (asked.services, case.service),
        (asked.channels, case.channel),
        (asked.priorities, case.priority),
        (asked.statuses, case.status),
        (asked.outcomes, case.outcome),
        (asked.languages, case.language),
    )
    return (
        any(wanted and value not in wanted for wanted, value in lists)
        or bool(asked.areas and case.areas.isdisjoint(asked.areas))
        or bool(asked.partners and case.partners.isdisjoint(asked.partners))
        or bool(asked.vulnerable and (asked.vulnerable == "yes") != case.is_vulnerable)
        or case.chases < asked.chases
        or bool(asked.words and not _says(asked.words, case.words))
    )


def _in_time(
    asked: Conditions, case: CaseFacts, line: LedgerLine, is_working: Callable[[datetime], bool]
) -> bool:
    if asked.hours and line.at - case.received_at < timedelta(hours=asked.hours):
        return False
    if asked.start:
        clock = f"{line.at.astimezone(_LONDON):%H:%M}"
        by_day = asked.start <= clock < asked.end
        by_night = asked.start > asked.end and (clock >= asked.start or clock < asked.end)
        if not (by_day or by_night):
            return False
    return not asked.time or (asked.time == "working") == is_working(line.at)


def _says(words: tuple[str, ...], text: str) -> bool:
    return bool(_pattern(words).search(" ".join(text.lower().split())))


@lru_cache(maxsize=512)
def _pattern(words: tuple[str, ...]) -> re.Pattern[str]:
    """Whole words: "cat" is not in "location"; one with a star is the beginning of a word."""
    rows = (
        rf"(?<!\w){re.escape(one.removesuffix('*'))}" + ("" if one.endswith("*") else r"(?!\w)")
        for one in words
    )
    return re.compile("|".join(rows))
