"""Who must act: the first rule that fits, with the reason in words. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any


@dataclass(frozen=True, slots=True)
class Facts:
    """What a decision rests on. `areas` are the codes that contain the place, smallest first.

    `or_areas` are those of the other side of a border that the place is too near to: what both
    sides agree on is decided, anything else is for a person. `place_doubt` says why.
    """

    service: str | None
    service_name: str
    owner_tier: str
    needs_place: bool
    areas: tuple[str, ...]
    area_name: str
    on: date
    answers: Mapping[str, Any] = field(default_factory=dict)
    priority: str = "normal"
    channel: str = ""
    language: str = "en"
    or_areas: tuple[str, ...] = ()
    place_doubt: str = ""


def _given(answer: str | Sequence[str] | None, values: frozenset[str]) -> bool:
    """Whether an answer, or one of several, is among those that a rule names."""
    if answer is None or isinstance(answer, str):
        return answer in values
    return not values.isdisjoint(answer)


@dataclass(frozen=True, slots=True)
class Outside:
    """A body that is not of the partnership, with what a citizen is told."""

    id: int
    name: str
    phone: str
    hand_off: str

    @property
    def words(self) -> str:
        """What a citizen reads: what they say of themselves, and how to reach them."""
        said = self.hand_off if self.phone in self.hand_off else f"{self.hand_off} {self.phone}"
        return f"This is for {self.name}, not for us. {said}"


@dataclass(frozen=True, slots=True)
class Rule:
    """A routing rule as plain values. Empty fields match everything.

    Either `organisation_id` or `outside` is set. `answers` are the values that match, by question.
    """

    position: int
    service: str | None
    owner_tier: str
    area_code: str
    organisation_id: int | None
    organisation_name: str
    team_id: int | None
    team_name: str = ""
    valid_from: date | None = None
    valid_until: date | None = None
    answers: tuple[tuple[str, frozenset[str]], ...] = ()
    priority: str = ""
    channels: frozenset[str] = frozenset()
    languages: frozenset[str] = frozenset()
    outside: Outside | None = None
    note: str = ""

    def fits(self, facts: Facts) -> bool:
        """Whether every condition of the rule holds for these facts."""
        return (
            (self.service is None or self.service == facts.service)
            and (not self.owner_tier or self.owner_tier == facts.owner_tier)
            and (not self.area_code or self.area_code in facts.areas)
            and (self.valid_from is None or self.valid_from <= facts.on)
            and (self.valid_until is None or facts.on <= self.valid_until)
            and (not self.priority or self.priority == facts.priority)
            and (not self.channels or facts.channel in self.channels)
            and (not self.languages or facts.language in self.languages)
            and all(_given(facts.answers.get(key), values) for key, values in self.answers)
        )

    @property
    def owner_name(self) -> str:
        """Who must act by this rule."""
        if self.outside is not None:
            return self.outside.name
        return (
            f"{self.organisation_name}, {self.team_name}"
            if self.team_name
            else self.organisation_name
        )


@dataclass(frozen=True, slots=True)
class Destination:
    """Where an enquiry goes, or nowhere (`organisation_id` and `outside` None), and why in words.

    `position` is that of the rule that decided, 0 where none did.
    """

    organisation_id: int | None
    team_id: int | None
    reason: str
    organisation_name: str = ""
    outside: Outside | None = None
    position: int = 0


NOBODY_SAID = Destination(None, None, "Nobody has said yet which service this is about")


def _because(rule: Rule, facts: Facts) -> str:
    what = facts.service_name if rule.service or rule.owner_tier else "Everything"
    where = f" in {facts.area_name}" if rule.area_code and facts.area_name else ""
    with_these = _conditions(rule)
    return f"{what}{where}{with_these} belongs to {rule.owner_name} (rule {rule.position})"


def _conditions(rule: Rule) -> str:
    said = [f"{key}: {' or '.join(sorted(values))}" for key, values in rule.answers]
    said += [f"priority: {rule.priority}"] if rule.priority else []
    said += [f"by {' or '.join(sorted(rule.channels))}"] if rule.channels else []
    said += [f"language: {' or '.join(sorted(rule.languages))}"] if rule.languages else []
    return f" ({'; '.join(said)})" if said else ""


def first(facts: Facts, rules: Iterable[Rule]) -> Rule | None:
    """The first rule that fits."""
    return next((rule for rule in rules if rule.fits(facts)), None)


def choose(facts: Facts, rules: Sequence[Rule]) -> Destination:
    """The destination that the first fitting rule names; none, said in words, otherwise.

    A place too near a border goes where the rules of both sides send it, or to a person.
    """
    if facts.service is None:
        return NOBODY_SAID
    rule = first(facts, rules)
    if facts.or_areas and rule is not None:
        other = first(_across(facts), rules)
        if other is None or _owner(other) != _owner(rule):
            theirs = other.owner_name if other else "nobody"
            return Destination(
                None, None, f"{facts.place_doubt}: {rule.owner_name} or {theirs}. Ask somebody"
            )
    if rule is not None:
        return Destination(
            rule.organisation_id,
            rule.team_id,
            _because(rule, facts),
            rule.organisation_name,
            rule.outside,
            rule.position,
        )
    return Destination(None, None, _nobody(facts))


def _across(facts: Facts) -> Facts:
    return replace(facts, areas=facts.or_areas, or_areas=())


def _owner(rule: Rule) -> tuple[int | None, int | None, int | None]:
    return rule.organisation_id, rule.team_id, rule.outside.id if rule.outside else None


def _nobody(facts: Facts) -> str:
    if facts.needs_place and not facts.areas:
        doubt = facts.place_doubt or "no place was given"
        return f"{facts.service_name} depends on the place, and {doubt[:1].lower()}{doubt[1:]}"
    where = f" in {facts.area_name}" if facts.area_name else ""
    return f"No routing rule covers {facts.service_name}{where}"
