"""Reads routing rules and agreements from tables and spreads them over services. Pure."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from core.sheets import Check, Problem, Row, parse, read
from enquiries.channels import Channel
from enquiries.lifecycle import Priority
from enquiries.rule_rows import COLUMNS, Answers, RuleRow, in_order, is_language

# Tables from before there were conditions and bodies outside have only these.
MUST_HAVE = (
    *("position", "owner_tier", "groups", "services", "area_code"),
    *("organisation", "team", "valid_from", "valid_until", "note"),
)
LAST_POSITION = 100_000_000
TIERS = ("county", "district", "town", "police", "health", "all")
PROMISE = "promise"
EVERY = "every"


@dataclass(frozen=True, slots=True)
class KnownService:
    """What a table has to know about a service."""

    slug: str
    group: str
    owner_tier: str
    promise_wd: int | None


@dataclass(frozen=True, slots=True)
class Known:
    """What tables may name. `teams` are (organisation, team) slugs.

    `questions` has the possible answers by service and question.
    """

    services: Sequence[KnownService]
    organisations: Collection[str]
    teams: Collection[tuple[str, str]]
    areas: Collection[str]
    outside: Collection[str] = ()
    questions: Mapping[str, Mapping[str, Collection[str]]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class AgreementRow:
    """What one organisation agreed about one service, or any other; `elapsed` by the clock."""

    organisation: str
    service: str | None
    accept_wh: int
    work_wd: int
    elapsed: bool = False


def rules(path: Path, check: Check, known: Known) -> list[RuleRow]:
    """Rules by position. A line for several services becomes one rule for each."""
    return _rules(read(path, MUST_HAVE, check), known)


def rules_of(name: str, content: bytes, check: Check, known: Known) -> list[RuleRow]:
    """As `rules`, of a table that was sent; `name` stands in what is wrong with it."""
    return _rules(parse(name, content, MUST_HAVE, check), known)


def _rules(rows: Iterable[Row], known: Known) -> list[RuleRow]:
    found: list[RuleRow] = []
    taken: dict[int, int] = {}
    columns_seen = False
    for row in rows:
        if not columns_seen:
            columns_seen = True
            _only_known_columns(row)
        for rule in _spread(row, known):
            earlier = taken.setdefault(rule.position, row.line)
            if earlier != row.line:
                row.wrong(
                    "position",
                    f"{rule.position} is already used by line {earlier}",
                    "Leave room between positions: a line takes one for each service",
                )
            found.append(rule)
    return sorted(found, key=lambda rule: rule.position)


def _only_known_columns(row: Row) -> None:
    for column in row.cells:
        if column not in COLUMNS:
            row.check.problems.append(
                Problem(
                    row.file,
                    1,
                    column or "",
                    "there is no such column",
                    f"Take it away, or use one of: {', '.join(COLUMNS)}",
                )
            )


def _spread(row: Row, known: Known) -> list[RuleRow]:
    tier = row.one_of("owner_tier", TIERS, "tier", required=False)
    organisation, team, outside = _owner(row, known)
    ends = row.day("valid_from"), row.day("valid_until")
    if ends[0] and ends[1] and ends[1] < ends[0]:
        row.wrong("valid_until", "is before valid_from", "Turn the two dates round")
    services = _services(row, tier, known)
    first = RuleRow(
        position=row.number("position", least=1, most=LAST_POSITION),
        service=None,
        owner_tier=tier,
        area_code=row.one_of("area_code", known.areas, "area", required=False),
        organisation=organisation,
        team=team,
        valid_from=ends[0],
        valid_until=ends[1],
        note=row.text("note", limit=200, required=False),
        outside=outside,
        answers=_answers(row, services, tier, known),
        priority=row.one_of("priority", list(Priority), "priority", required=False),
        channels=tuple(sorted(set(row.some_of("channels", list(Channel), "channel")))),
        languages=_languages(row),
    )
    return [
        replace(first, position=first.position + index, service=service)
        for index, service in enumerate(services)
    ]


def _owner(row: Row, known: Known) -> tuple[str, str, str]:
    """The slugs of organisation, team and outside body: one owner, or a problem."""
    organisation = row.one_of("organisation", known.organisations, "organisation", required=False)
    outside = row.one_of("outside", known.outside, "body outside", required=False)
    team = row.text("team", required=False)
    named = [row.cells.get(column, "").strip() for column in ("organisation", "outside")]
    if not any(named):
        row.wrong("organisation", "nobody is named", "Name an organisation, or a body outside")
    if all(named):
        row.wrong("outside", "two owners are named", "Keep organisation or outside")
    if team and not named[0]:
        row.wrong("team", "has no organisation", "Name its organisation, or take the team away")
    elif team and organisation and (organisation, team) not in known.teams:
        row.unknown("team", team, [t for o, t in known.teams if o == organisation], "team")
    return organisation, team, outside


def _services(row: Row, tier: str, known: Known) -> list[str | None]:
    of_tier = [one for one in known.services if tier in ("", one.owner_tier)]
    groups = row.some_of("groups", {service.group for service in of_tier}, "group", ";")
    named = row.some_of("services", {service.slug for service in of_tier}, "service")
    chosen = [s.slug for s in of_tier if s.group in groups or s.slug in named]
    asked = any(row.cells.get(column, "").strip() for column in ("groups", "services"))
    return list(chosen) if asked else [None]


def _answers(row: Row, services: Sequence[str | None], tier: str, known: Known) -> Answers:
    """What `question=answer|answer; …` asks for, each one that the services ask."""
    found: dict[str, list[str]] = {}
    for part in filter(None, map(str.strip, row.cells.get("answers", "").split(";"))):
        key, _, listed = (word.strip() for word in part.partition("="))
        values = [value.strip() for value in listed.split("|") if value.strip()]
        if not key or not values:
            row.wrong("answers", f'"{part}" is no condition', "Write it as road=motorway|private")
            continue
        possible = _possible(key, services, tier, known)
        if not possible:
            row.unknown("answers", key, _questions(services, tier, known), "question")
        for value in values:
            if possible and value not in possible:
                row.unknown("answers", value, possible, f"answer to {key}")
        found.setdefault(key, []).extend(values)
    return in_order(found)


def _possible(key: str, services: Sequence[str | None], tier: str, known: Known) -> Collection[str]:
    """The answers to a question: those that every named service, or one of a tier, has."""
    if services == [None]:
        return {
            value
            for one in known.services
            if tier in ("", one.owner_tier)
            for value in known.questions.get(one.slug, {}).get(key, ())
        }
    asked = [set(known.questions.get(slug or "", {}).get(key, ())) for slug in services]
    return set.intersection(*asked) if asked else set()


def _questions(services: Sequence[str | None], tier: str, known: Known) -> list[str]:
    keys = {
        key
        for one in known.services
        if tier in ("", one.owner_tier) and (services == [None] or one.slug in services)
        for key in known.questions.get(one.slug, {})
    }
    return sorted(keys)


def _languages(row: Row) -> tuple[str, ...]:
    codes = row.cells.get("languages", "").split()
    for code in codes:
        if not is_language(code):
            row.wrong("languages", f'"{code}" is no language', "Write codes such as en, cy or pl")
    return tuple(sorted(set(codes)))


def agreements(
    path: Path, check: Check, known: Known, rules: Sequence[RuleRow]
) -> list[AgreementRow]:
    """Agreements, later lines over earlier ones; `every` covers what the rules send to a body."""
    found: dict[tuple[str, str | None], AgreementRow] = {}
    promises = {service.slug: service.promise_wd for service in known.services}
    for row in read(path, ("organisation", "services", "accept_wh", "work_wd", "note"), check):
        organisation = row.one_of("organisation", known.organisations, "organisation")
        accept = row.number("accept_wh", least=1, most=400)
        to_promise = row.text("work_wd") == PROMISE
        work = 0 if to_promise else row.number("work_wd", least=0, most=260)
        if row.text("services", required=False) == EVERY:
            chosen: list[str | None] = [*_sent_to(organisation, known, rules)]
        else:
            chosen = [*row.some_of("services", promises, "service")] or [None]
        if to_promise and chosen == [None]:
            row.wrong("work_wd", "promise needs services", f"Name them, or write {EVERY}")
        elapsed = row.flag("elapsed")
        for service in chosen:
            days = promises.get(service or "") if to_promise else work
            if days is not None:
                found[organisation, service] = AgreementRow(
                    organisation, service, accept, days, elapsed
                )
    return list(found.values())


def _sent_to(organisation: str, known: Known, rules: Sequence[RuleRow]) -> list[str]:
    mine = [rule for rule in rules if rule.organisation == organisation]
    named = {rule.service for rule in mine if rule.service}
    tiers = {rule.owner_tier for rule in mine if rule.service is None}
    return [s.slug for s in known.services if s.slug in named or s.owner_tier in tiers]
