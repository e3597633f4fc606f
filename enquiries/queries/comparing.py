"""What would become of real enquiries under other rules: both lists decide, and nothing is written.

A decision rests on what is stored of an enquiry: its service, place, answers, priority, channel,
language and the day on which it came. What an agent decided over the rules stays out of it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

import accounts.queries
import kb.queries
from accounts import outside
from accounts.gazetteer import Gazetteer, gazetteer
from accounts.permissions import Permission, Viewer
from enquiries import clocks, routing
from enquiries.models import RuleSet
from enquiries.queries import rulebook, versions
from enquiries.queries.access import visible
from enquiries.queries.versions import NoSuchVersion

if TYPE_CHECKING:
    from kb.models import Service

LAST = 1_000
NOBODY = "nobody"
NOBODY_WORDS = "nobody: a person decides"
_COLUMNS = (
    *("reference", "service_id", "district_code", "ward_code", "beside_code", "place_doubt"),
    *("answers", "priority", "first_contact__channel", "person__language", "received_at"),
)


@dataclass(frozen=True, slots=True)
class Move:
    """One enquiry that would go to somebody else, with the reasons of both lists."""

    reference: str
    service: str
    place: str
    received_at: datetime
    was: str
    now: str


@dataclass(slots=True)
class Group:
    """The enquiries that would go from one owner to another. Keys stand in addresses."""

    was: str
    now: str
    was_key: str
    now_key: str
    moves: list[Move] = field(default_factory=list)


@dataclass(slots=True)
class Comparison:
    """What two versions make of the last enquiries."""

    looked_at: int = 0
    unchanged: int = 0
    without_service: int = 0
    since: datetime | None = None
    groups: list[Group] = field(default_factory=list)

    @property
    def moved(self) -> int:
        """How many would go to somebody else."""
        return sum(len(group.moves) for group in self.groups)


@dataclass(frozen=True, slots=True)
class _Decision:
    """To whom, as a key of addresses and in words, and why."""

    key: str
    owner: str
    reason: str


@dataclass(frozen=True, slots=True)
class _Bodies:
    """The slugs of who answers today, by id."""

    organisations: dict[int, str]
    teams: dict[int, str]
    outside: dict[int, str]

    def key(self, rule: routing.Rule) -> str:
        """Who a rule names, as it stands in an address; "" for who does not answer any more."""
        if rule.outside is not None:
            slug = self.outside.get(rule.outside.id)
            return f"outside.{slug}" if slug else ""
        slug = self.organisations.get(rule.organisation_id or 0, "")
        team = self.teams.get(rule.team_id or 0)
        return f"{slug}.{team}" if slug and team else slug


class _Side:
    """The rules of one version, and what they decided already."""

    def __init__(self, rules: Sequence[routing.Rule], bodies: _Bodies) -> None:
        self._keys = {rule.position: key for rule in rules if (key := bodies.key(rule))}
        self._owners = {rule.position: rule.owner_name for rule in rules}
        # Rules of who does not answer are passed over, as in a live decision.
        self._rules = [rule for rule in rules if rule.position in self._keys]
        self._of_service: dict[str, list[routing.Rule]] = {}
        self._decided: dict[object, _Decision] = {}

    @staticmethod
    def _answers(answers: Mapping[str, Any]) -> tuple[object, ...]:
        """Answers as a key: one of several choices is a list."""
        return tuple(
            (key, tuple(value) if isinstance(value, list) else value)
            for key, value in sorted(answers.items())
        )

    def decide(self, facts: routing.Facts) -> _Decision:
        """As `routing.choose`; the same facts are decided once."""
        same = (
            *(facts.service, facts.areas, facts.or_areas, facts.place_doubt, facts.on),
            *(self._answers(facts.answers), facts.priority, facts.channel, facts.language),
        )
        if same not in self._decided:
            found = routing.choose(facts, self._about(facts))
            self._decided[same] = _Decision(
                self._keys.get(found.position, NOBODY),
                self._owners.get(found.position, NOBODY_WORDS),
                found.reason,
            )
        return self._decided[same]

    def _about(self, facts: routing.Facts) -> list[routing.Rule]:
        key = f"{facts.service}:{facts.owner_tier}"
        if key not in self._of_service:
            self._of_service[key] = [
                rule
                for rule in self._rules
                if rule.service in (None, facts.service)
                and rule.owner_tier in ("", facts.owner_tier)
            ]
        return self._of_service[key]


def compare(viewer: Viewer, number: int, *, now: datetime, limit: int = LAST) -> Comparison:
    """What a version would decide otherwise than the live one. Raises NoSuchVersion.

    Read-only, and the same ten statements for any number of enquiries and rules.
    """
    if not viewer.may(Permission.ADMINISTER):
        raise NoSuchVersion("There is no such version of the rules")
    live, other = _sides(number, now)
    services = {service.pk: service for service in kb.queries.services(ended=True)}
    book = gazetteer()
    found = Comparison()
    groups: dict[tuple[str, str], Group] = {}
    rows = visible(viewer).order_by("-received_at", "-pk").values_list(*_COLUMNS)[:limit]
    for cells in rows:
        found.looked_at += 1
        found.since = cells[-1]
        service = services.get(cells[1])
        if service is None:
            found.without_service += 1
            continue
        facts = _facts(service, cells, book)
        was, new = live.decide(facts), other.decide(facts)
        if was.key == new.key:
            found.unchanged += 1
            continue
        group = groups.setdefault((was.key, new.key), Group(was.owner, new.owner, was.key, new.key))
        group.moves.append(
            Move(cells[0], service.name, facts.area_name, cells[-1], was.reason, new.reason)
        )
    found.groups = sorted(groups.values(), key=lambda group: (-len(group.moves), group.was))
    return found


def _sides(number: int, now: datetime) -> tuple[_Side, _Side]:
    """The live rules, and those of a version."""
    live = versions.live_number(now)
    pks = dict(RuleSet.objects.filter(number__in=[live or 0, number]).values_list("number", "pk"))
    if number not in pks:
        raise NoSuchVersion("There is no such version of the rules")
    bodies = _Bodies(
        organisations={body.pk: body.slug for body in accounts.queries.organisations()},
        teams={team.pk: team.slug for team in accounts.queries.teams()},
        outside={body.pk: body.slug for body in outside.bodies()},
    )
    current = rulebook.of_version(pks[live]) if live in pks else []
    return _Side(current, bodies), _Side(rulebook.of_version(pks[number]), bodies)


def _facts(service: Service, cells: Sequence[object], book: Gazetteer) -> routing.Facts:
    _, _, district, ward, beside, doubt, answers, priority, channel, language, received = cells
    return routing.Facts(
        service=service.slug,
        service_name=service.name,
        owner_tier=service.owner_tier,
        needs_place=service.needs_place,
        areas=book.containing(str(district), str(ward)),
        area_name=book.names.get(str(district), ""),
        on=_day(received),
        answers=answers if isinstance(answers, dict) else {},
        priority=str(priority),
        channel=str(channel),
        language=str(language or "en"),
        or_areas=book.containing(str(beside), ""),
        place_doubt=str(doubt),
    )


def _day(received: object) -> date:
    assert isinstance(received, datetime)  # noqa: S101 - the column is a moment
    return clocks.london_date(received)
