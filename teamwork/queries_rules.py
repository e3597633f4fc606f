"""Rules as they hold now, what they did, and who may change them."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import F, Q, QuerySet
from django.utils import timezone

from accounts.permissions import Permission, Viewer
from core.errors import DomainError
from teamwork.models import Rule, RuleEvent, RuleRun, RuleVersion
from teamwork.queries_macros import kept, may_change
from teamwork.recipes import Act, Conditions


class NoSuchRule(DomainError):
    """Not there, or another team's: it reads the same."""

    code = "rule_unknown"


@dataclass(frozen=True, slots=True)
class LiveRule:
    """A version of a rule that holds now, as plain values."""

    rule: int
    version: int
    public_id: str
    name: str
    team: int | None
    trigger: str
    conditions: Conditions
    acts: tuple[Act, ...]
    goes_on: bool
    since: datetime


def live(on: date) -> list[LiveRule]:
    """Every rule that is switched on and holds on a day, in order: one statement."""
    rows = (
        RuleVersion.objects.filter(
            number=F("rule__current"),
            rule__is_on=True,
            rule__ended_at=None,
            rule__paused_at=None,
        )
        .filter(Q(rule__valid_from=None) | Q(rule__valid_from__lte=on))
        .filter(Q(rule__valid_until=None) | Q(rule__valid_until__gte=on))
        .select_related("rule")
        .order_by("rule__position", "rule_id")
    )
    return [plain(row) for row in rows]


def plain(row: RuleVersion) -> LiveRule:
    """A version of a rule as plain values."""
    asked: dict[str, Any] = {
        n: tuple(v) if isinstance(v, list) else v for n, v in row.conditions.items()
    }
    return LiveRule(
        rule=row.rule_id,
        version=row.pk,
        public_id=str(row.rule.public_id),
        name=row.name,
        team=row.rule.team_id,
        trigger=row.trigger,
        conditions=Conditions(**asked),
        acts=tuple(kept(one) for one in row.acts),
        goes_on=row.goes_on,
        since=row.made_at,
    )


def _of(viewer: Viewer) -> QuerySet[Rule]:
    """Those that the viewer may change: of their own teams; every one for administrators."""
    rows = Rule.objects.filter(ended_at=None).select_related("team", "owner")
    if not (viewer.is_hub and viewer.may(Permission.WRITE_RULES)):
        return rows.none()
    if viewer.may(Permission.ADMINISTER):
        return rows
    return rows.filter(team_id__in=viewer.team_ids)


def one(viewer: Viewer, public_id: uuid.UUID) -> tuple[Rule, RuleVersion]:
    """A rule that the viewer may change, with what it says now. Raises NoSuchRule."""
    rule = _of(viewer).filter(public_id=public_id).first()
    if rule is None:
        raise NoSuchRule("There is no such rule")
    return rule, rule.versions.select_related("rule").get(number=rule.current)


@dataclass(frozen=True, slots=True)
class RuleRow:
    """A rule in a list. `state` is on, off, paused, later or over."""

    rule: Rule
    version: RuleVersion
    state: str
    is_own: bool


def listed(viewer: Viewer) -> list[RuleRow]:
    """All rules in their order: those of other teams are shown to be read, not to be changed."""
    if not (viewer.is_hub and viewer.may(Permission.WRITE_RULES)):
        return []
    rows = (
        RuleVersion.objects.filter(number=F("rule__current"), rule__ended_at=None)
        .select_related("rule__team", "rule__owner")
        .order_by("rule__position", "rule_id")
    )
    today = timezone.localdate()
    return [
        RuleRow(row.rule, row, state(row.rule, today), may_change(viewer, row.rule.team_id))
        for row in rows
    ]


def state(rule: Rule, today: date) -> str:
    """Whether a rule does something: on, off, paused, later, over."""
    if rule.paused_at is not None:
        return "paused"
    if not rule.is_on:
        return "off"
    if rule.valid_from is not None and rule.valid_from > today:
        return "later"
    return "over" if rule.valid_until is not None and rule.valid_until < today else "on"


@dataclass(frozen=True, slots=True)
class RunRow:
    """What a rule did about a case."""

    at: datetime
    number: int
    reference: str
    outcome: str
    acts: int
    why: str


def runs(rule: Rule, *, most: int = 100) -> list[RunRow]:
    """The latest runs of a rule, newest first."""
    rows = RuleRun.objects.filter(rule=rule).select_related("version", "enquiry")[:most]
    return [
        RunRow(row.at, row.version.number, row.enquiry.reference, row.outcome, row.acts, row.why)
        for row in rows
    ]


def versions(rule: Rule) -> Sequence[RuleVersion]:
    """Everything that a rule ever said, newest first."""
    return list(rule.versions.select_related("rule"))


def waiting() -> int:
    """How many lines of the ledger wait for the rules; at most some thousands are counted."""
    return len(RuleEvent.objects.values_list("pk", flat=True).order_by()[:5_000])
