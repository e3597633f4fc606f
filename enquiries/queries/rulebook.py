"""The routing rules as plain values: those that are live, kept per process, and any version."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING

from django.db import connection

from enquiries import routing
from enquiries.models import RoutingRule

if TYPE_CHECKING:
    from kb.models import Service

# A published version never changes; names of bodies and teams that its reasons quote do.
NAMES_KEPT_SECONDS = 60.0

# Which version is live, and who of those that it may name still answers: one statement.
_LIVE = """
SELECT (SELECT id FROM enquiries_ruleset
        WHERE published_at IS NOT NULL AND live_from <= COALESCE(%s, now())
        ORDER BY live_from DESC, number DESC LIMIT 1),
       ARRAY(SELECT id FROM accounts_organisation WHERE is_active),
       ARRAY(SELECT id FROM accounts_outsidebody WHERE is_active)"""


@dataclass(frozen=True, slots=True)
class Kept:
    """The rules of one version, and by service those that could be about it."""

    rules: tuple[routing.Rule, ...]
    read_at: float
    about: dict[str, tuple[routing.Rule, ...]] = field(default_factory=dict)


_kept: dict[int, Kept] = {}


def live(service: Service, *, at: datetime | None = None) -> list[routing.Rule]:
    """The rules in force now, or at a moment, that could be about a service, in their order.

    To a body that has left nobody would answer: its rules are passed over. One statement.
    """
    with connection.cursor() as cursor:
        cursor.execute(_LIVE, [at])
        version, bodies, outside = cursor.fetchone()
    if version is None:
        return []
    answering, handed = frozenset(bodies), frozenset(outside)
    return [
        rule
        for rule in _about(_read(version), service)
        if (
            rule.outside.id in handed
            if rule.outside is not None
            else rule.organisation_id in answering
        )
    ]


def answering_outside() -> frozenset[int]:
    """The bodies outside the partnership that things are still handed off to."""
    with connection.cursor() as cursor:
        cursor.execute(_LIVE, [None])
        return frozenset(cursor.fetchone()[2])


def live_version(at: datetime | None = None) -> int | None:
    """The id of the version in force now, or at a moment."""
    with connection.cursor() as cursor:
        cursor.execute(_LIVE, [at])
        found: int | None = cursor.fetchone()[0]
    return found


def _read(version: int) -> Kept:
    kept = _kept.get(version)
    if kept is None or time.monotonic() - kept.read_at > NAMES_KEPT_SECONDS:
        kept = Kept(tuple(of_version(version)), time.monotonic())
        # The versions before are asked for no more, but by who compares, and those read anew.
        _kept.clear()
        _kept[version] = kept
    return kept


def _about(kept: Kept, service: Service) -> tuple[routing.Rule, ...]:
    key = f"{service.slug}:{service.owner_tier}"
    if key not in kept.about:
        kept.about[key] = tuple(
            rule
            for rule in kept.rules
            if rule.service in (None, service.slug) and rule.owner_tier in ("", service.owner_tier)
        )
    return kept.about[key]


def of_version(version: int) -> list[routing.Rule]:
    """Every rule of one version, in their order."""
    return [_plain(row) for row in rows_of(version)]


def rows_of(version: int) -> list[RoutingRule]:
    """The rows of one version with what they name, in their order."""
    return list(
        RoutingRule.objects.filter(rule_set_id=version).select_related(
            "service", "organisation", "team", "outside"
        )
    )


def _plain(row: RoutingRule) -> routing.Rule:
    outside = row.outside
    return routing.Rule(
        position=row.position,
        service=row.service.slug if row.service else None,
        owner_tier=row.owner_tier,
        area_code=row.area_code,
        organisation_id=row.organisation_id,
        organisation_name=row.organisation.name if row.organisation else "",
        team_id=row.team_id,
        team_name=row.team.name if row.team else "",
        valid_from=row.valid_from,
        valid_until=row.valid_until,
        answers=tuple((key, frozenset(values)) for key, values in sorted(row.answers.items())),
        priority=row.priority,
        channels=frozenset(row.channels),
        languages=frozenset(row.languages),
        outside=None
        if outside is None
        else routing.Outside(outside.pk, outside.name, outside.phone, outside.hand_off),
        note=row.note,
    )
