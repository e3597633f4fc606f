"""Reads routing rules and agreements from tables and spreads them over services. Pure."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from core.sheets import Check, Row, read

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
    """What tables may name. `teams` are (organisation, team) slugs."""

    services: Sequence[KnownService]
    organisations: Collection[str]
    teams: Collection[tuple[str, str]]
    areas: Collection[str]


@dataclass(frozen=True, slots=True)
class RuleRow:
    """One rule for one service, or for any service of a tier."""

    position: int
    service: str | None
    owner_tier: str
    area_code: str
    organisation: str
    team: str
    valid_from: date | None
    valid_until: date | None
    note: str


@dataclass(frozen=True, slots=True)
class AgreementRow:
    """What one organisation agreed about one service, or about any other."""

    organisation: str
    service: str | None
    accept_wh: int
    work_wd: int


def rules(path: Path, check: Check, known: Known) -> list[RuleRow]:
    """Rules by position. A line for several services becomes one rule for each."""
    found: list[RuleRow] = []
    columns = (
        *("position", "owner_tier", "groups", "services", "area_code"),
        *("organisation", "team", "valid_from", "valid_until", "note"),
    )
    taken: dict[int, int] = {}
    for row in read(path, columns, check):
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


def _spread(row: Row, known: Known) -> list[RuleRow]:
    tier = row.one_of("owner_tier", TIERS, "tier")
    organisation = row.one_of("organisation", known.organisations, "organisation")
    team = row.text("team", required=False)
    if team and organisation and (organisation, team) not in known.teams:
        row.unknown("team", team, [t for o, t in known.teams if o == organisation], "team")
    first = row.number("position", least=1)
    ends = row.day("valid_from"), row.day("valid_until")
    if ends[0] and ends[1] and ends[1] < ends[0]:
        row.wrong("valid_until", "is before valid_from", "Turn the two dates round")
    area = row.one_of("area_code", known.areas, "area", required=False)
    note = row.text("note", limit=200, required=False)
    return [
        RuleRow(first + index, service, tier, area, organisation, team, *ends, note)
        for index, service in enumerate(_services(row, tier, known))
    ]


def _services(row: Row, tier: str, known: Known) -> list[str | None]:
    of_tier = [service for service in known.services if service.owner_tier == tier]
    groups = row.some_of("groups", {service.group for service in of_tier}, "group", ";")
    named = row.some_of("services", {service.slug for service in of_tier}, "service")
    chosen = [s.slug for s in of_tier if s.group in groups or s.slug in named]
    return list(chosen) if row.cells["groups"].strip() or row.cells["services"].strip() else [None]


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
        for service in chosen:
            days = promises.get(service or "") if to_promise else work
            if days is not None:
                found[organisation, service] = AgreementRow(organisation, service, accept, days)
    return list(found.values())


def _sent_to(organisation: str, known: Known, rules: Sequence[RuleRow]) -> list[str]:
    mine = [rule for rule in rules if rule.organisation == organisation]
    named = {rule.service for rule in mine if rule.service}
    tiers = {rule.owner_tier for rule in mine if rule.service is None}
    return [s.slug for s in known.services if s.slug in named or s.owner_tier in tiers]
