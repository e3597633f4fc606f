"""Routing rules as administrators read them: what, where, when, who."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date

import accounts.queries
import kb.queries
from accounts import outside
from accounts.gazetteer import Gazetteer, gazetteer
from enquiries.channels import CHANNEL_WORDS, Channel
from enquiries.lifecycle import PRIORITY_WORDS, Priority
from enquiries.rule_rows import RuleRow

TIERS: dict[str, str] = {
    "county": "Any service of the county",
    "district": "Any service of the district",
    "town": "Any service of the town or parish",
    "police": "Any service of the police",
    "health": "Any service of the health authority",
    "all": "Any service that every body has",
}
EVERYTHING = "Every service"
ANYWHERE = "Anywhere"
# How what a rule is about stands in an address and in a form.
EVERY = "every"
TIER_PREFIX = "tier."
OUTSIDE_PREFIX = "outside."


@dataclass(frozen=True, slots=True)
class Question:
    """One question of a service: its words, and those of its answers by value."""

    words: str
    answers: Mapping[str, str]


@dataclass(frozen=True)
class Names:
    """Everything that a rule may name, in words; what has ended is marked."""

    services: Mapping[str, str]
    tiers: Mapping[str, str]
    groups: Mapping[str, str]
    areas: Gazetteer
    organisations: Mapping[str, str]
    teams: Mapping[tuple[str, str], str]
    outside: Mapping[str, str]
    questions: Mapping[str, Mapping[str, Question]]
    # Services, organisations and bodies outside that are not offered any more.
    ended: frozenset[str]


@dataclass(frozen=True, slots=True)
class Said:
    """One rule in words."""

    position: int
    what: str
    where: str
    when: tuple[str, ...]
    who: str
    is_outside: bool
    note: str


def read() -> Names:
    """The names as they are now: seven statements."""
    services = kb.queries.services(ended=True)
    bodies = accounts.queries.organisations(left=True)
    handed = outside.bodies(ended=True)
    questions: dict[str, dict[str, Question]] = {}
    for slug, one in kb.queries.every_question():
        if one.choices:  # a rule names an answer that can be chosen
            answers = {choice.value: choice.words for choice in one.choices}
            questions.setdefault(slug, {})[one.key] = Question(one.words, answers)
    return Names(
        services={row.slug: row.name for row in services},
        tiers={row.slug: row.owner_tier for row in services},
        groups={row.slug: row.group for row in services},
        areas=gazetteer(),
        organisations={row.slug: row.name for row in bodies},
        teams={(row.organisation.slug, row.slug): row.name for row in accounts.queries.teams()},
        outside={row.slug: row.name for row in handed},
        questions=questions,
        ended=frozenset(
            [row.slug for row in services if not row.is_active]
            + [row.slug for row in bodies if not row.is_active]
            + [row.slug for row in handed if not row.is_active]
        ),
    )


def about_of(row: RuleRow) -> str:
    """What a rule is about, as it stands in an address: a service, a tier or everything."""
    if row.service:
        return row.service
    return f"{TIER_PREFIX}{row.owner_tier}" if row.owner_tier else EVERY


def what(about: str, names: Names) -> str:
    """The same in words; "" for what is none of these."""
    if about == EVERY:
        return EVERYTHING
    if about.startswith(TIER_PREFIX):
        return TIERS.get(about.removeprefix(TIER_PREFIX), "")
    name = names.services.get(about, "")
    return f"{name} (offered no more)" if name and about in names.ended else name


def owner_of(row: RuleRow) -> str:
    """Who acts by a rule, as it stands in a form."""
    if row.outside:
        return f"{OUTSIDE_PREFIX}{row.outside}"
    return f"{row.organisation}/{row.team}" if row.team else row.organisation


def who(owner: str, names: Names) -> str:
    """The same in words."""
    if owner.startswith(OUTSIDE_PREFIX):
        slug = owner.removeprefix(OUTSIDE_PREFIX)
        return _marked(names.outside.get(slug, slug), slug, names)
    slug, _, team = owner.partition("/")
    body = _marked(names.organisations.get(slug, slug), slug, names)
    return f"{body}, {names.teams.get((slug, team), team)}" if team else body


def _marked(name: str, slug: str, names: Names) -> str:
    return f"{name} (acts here no more)" if slug in names.ended else name


def area(code: str, names: Names) -> str:
    """An area in words: its name, its kind, and for a ward or a town what it lies in."""
    if not code:
        return ANYWHERE
    name, kind = names.areas.names.get(code), names.areas.kinds.get(code, "")
    if name is None:
        return f"{code} (no such area)"
    around = names.areas.names.get(names.areas.parents.get(code, ""), "")
    return f"{name} {kind}, {around}" if kind in ("ward", "town") and around else name


def questions(about: str, names: Names) -> dict[str, Question]:
    """The questions that somebody with such a need may be asked, with all their answers."""
    found: dict[str, Question] = {}
    for service in _services(about, names):
        for key, question in names.questions.get(service, {}).items():
            known = found.get(key, question)
            found[key] = Question(known.words, {**question.answers, **known.answers})
    return found


def _services(about: str, names: Names) -> list[str]:
    if about == EVERY:
        return list(names.services)
    if about.startswith(TIER_PREFIX):
        tier = about.removeprefix(TIER_PREFIX)
        return [slug for slug, of in names.tiers.items() if of == tier]
    return [about]


def conditions(row: RuleRow, names: Names) -> tuple[str, ...]:
    """What else must be so, a line each."""
    asked = questions(about_of(row), names)
    said = []
    for key, values in row.answers:
        question = asked.get(key)
        words = [question.answers.get(value, value) if question else value for value in values]
        said.append(f"{question.words if question else key} {_either(words)}")
    if row.priority:
        said.append(f"Priority: {PRIORITY_WORDS[Priority(row.priority)].lower()}")
    if row.channels:
        said.append(f"By {_either([CHANNEL_WORDS[Channel(one)].lower() for one in row.channels])}")
    if row.languages:
        said.append(f"Language: {_either(row.languages)}")
    if row.valid_from or row.valid_until:
        said.append(_days(row.valid_from, row.valid_until))
    return tuple(said)


def _either(words: Sequence[str]) -> str:
    return " or ".join(words)


def _days(since: date | None, until: date | None) -> str:
    said = [f"from {_day(since)}"] if since else []
    said += [f"until {_day(until)}"] if until else []
    return " ".join(said).capitalize()


def _day(day: date) -> str:
    return f"{day.day} {day:%B %Y}"


def said(row: RuleRow, names: Names) -> Said:
    """A rule in words."""
    return Said(
        position=row.position,
        what=what(about_of(row), names) or row.service or row.owner_tier,
        where=area(row.area_code, names),
        when=conditions(row, names),
        who=who(owner_of(row), names),
        is_outside=bool(row.outside),
        note=row.note,
    )


def one_line(row: RuleRow, names: Names) -> str:
    """A rule in one line, for lists of what changed."""
    rule = said(row, names)
    where = "" if rule.where == ANYWHERE else f", {rule.where}"
    when = f" ({'; '.join(rule.when)})" if rule.when else ""
    return f"{rule.what}{where}{when}: {rule.who}"


LABELS: dict[str, str] = {
    "what": "What it is about",
    "where": "Area",
    "when": "Conditions",
    "who": "Who acts",
    "note": "Note",
}


def apart(before: RuleRow, after: RuleRow, names: Names) -> list[tuple[str, str, str]]:
    """In which words two rules differ: the label, before, after."""
    old, new = said(before, names), said(after, names)
    found = []
    for field in fields(Said):
        was, now = getattr(old, field.name), getattr(new, field.name)
        if field.name in LABELS and was != now:
            found.append((LABELS[field.name], _plain(was), _plain(now)))
    return found


def _plain(value: object) -> str:
    words = "; ".join(value) if isinstance(value, tuple) else str(value)
    return words or "None"
