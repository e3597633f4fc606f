"""Rules that answer each other for ever: each sets the other off, and they say otherwise. Pure.

Only what stands in the rules is compared. Whether words or places ever meet in one case is left to
the dry run; each acts once on what one change began, whatever is found here (`rule_acts`).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from enquiries.vocabulary import EventType
from teamwork.matching import TRIGGERS
from teamwork.queries_rules import LiveRule
from teamwork.recipes import Act

# What a case can have one of, and the lines that setting it writes.
_WRITES: Mapping[str, frozenset[str]] = {
    "service": frozenset({EventType.TRIAGED.value, EventType.REFERRED.value}),
    "priority": frozenset({EventType.PRIORITY_SET.value}),
    "team": frozenset(),
    "refer": frozenset({EventType.REFERRED.value}),
    "ask": frozenset({EventType.INFO_REQUESTED.value}),
    "resolve": frozenset({EventType.RESOLVED.value}),
}
_ONE_OF = {"service": "the service", "priority": "the priority", "team": "the team",
           "refer": "who it goes to"}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Fight:
    """Another rule, by name and public id, and what they fight over."""

    name: str
    public_id: str
    over: str

    @property
    def words(self) -> str:
        """As it follows "it"."""
        return (
            f"fight over {self.over}: each sets the other off, and undoes what it did. Each acts "
            "once, and the case is left as the last of them wants it"
        )


def fights(one: LiveRule, others: Iterable[LiveRule]) -> tuple[Fight, ...]:
    """Those of the others with which a rule fights."""
    found = []
    for other in others:
        over = _over(one, other) if other.rule != one.rule else ""
        if over and _sets_off(one, other) and _sets_off(other, one):
            found.append(Fight(other.name, other.public_id, over))
    return tuple(found)


def _over(one: LiveRule, other: LiveRule) -> str:
    """What both set, and set differently; "" where they can have no case in common."""
    if None not in (one.team, other.team) and one.team != other.team:
        return ""
    theirs = {act.kind: act for act in other.acts}
    for act in one.acts:
        against = theirs.get(act.kind)
        if act.kind in _ONE_OF and against is not None and _value(against) != _value(act):
            return _ONE_OF[act.kind]
    return ""


def _value(act: Act) -> str:
    """What it sets, without the reason."""
    return next(v for k, v in act.data.items() if k not in ("words", "reason"))


def _sets_off(one: LiveRule, other: LiveRule) -> bool:
    """Whether what one does is what the other waits for, and fits what it asks."""
    written = {line for act in one.acts for line in _WRITES.get(act.kind, ())}
    if not written & TRIGGERS[other.trigger].types:
        return False
    asked, before = other.conditions, one.conditions
    sets = {act.kind: _value(act) for act in one.acts if act.kind in ("service", "priority")}
    return all(
        _may_meet(wanted, (sets[kind],) if kind in sets else had)
        for kind, wanted, had in (
            ("service", asked.services, before.services),
            ("priority", asked.priorities, before.priorities),
            ("", asked.channels, before.channels),
            ("", asked.languages, before.languages),
        )
    )


def _may_meet(wanted: tuple[str, ...], had: tuple[str, ...]) -> bool:
    """Whether a case that was one of these may be one of those; nothing asks nothing."""
    return not wanted or not had or not set(wanted).isdisjoint(had)
