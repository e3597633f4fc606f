"""Writes rules: for the cases of one's own teams, or of all. Versions are kept."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.db.models import Max

from accounts.permissions import Viewer
from core import audit
from core.locking import as_it_is
from teamwork import doing, queries_macros, recipes, turns
from teamwork.matching import TRIGGERS
from teamwork.models import Rule, RuleVersion
from teamwork.queries_macros import may_change
from teamwork.queries_rules import NoSuchRule
from teamwork.recipes import Refused

MOST = 200


@dataclass(frozen=True, slots=True)
class Written:
    """What somebody wrote of a rule, before it is checked."""

    name: str
    team_id: int | None
    trigger: str
    conditions: Mapping[str, Any] = field(default_factory=dict)
    acts: Sequence[Mapping[str, Any]] = ()
    goes_on: bool = False
    valid_from: date | None = None
    valid_until: date | None = None


def checked(said: Written, *, viewer: Viewer, now: datetime) -> RuleVersion:
    """A version that can be kept, not kept yet. Raises Refused with the field."""
    known = queries_macros.known()
    name = " ".join(said.name.replace("\x00", "").split())[:60]
    if not name:
        raise Refused("Give it a name", field="name")
    if not may_change(viewer, said.team_id):
        raise Refused("Choose one of your teams", field="team")
    if said.team_id is not None and str(said.team_id) not in known.own_teams:
        raise Refused("Choose a team of the hub", field="team")
    if said.trigger not in TRIGGERS:
        raise Refused("Choose what sets it off", field="trigger")
    if said.valid_from and said.valid_until and said.valid_until < said.valid_from:
        raise Refused("The last day must be after the first", field="valid_until")
    asked = recipes.conditions(said.conditions, known=known)
    acts = recipes.acts(said.acts, allowed=recipes.RULES, known=known)
    _by_hand(viewer, [one.kind for one in acts])
    return RuleVersion(
        name=name,
        trigger=said.trigger,
        conditions=asked.as_data(),
        acts=[one.as_data() for one in acts],
        goes_on=said.goes_on,
        made_at=now,
        made_by=viewer.name[:120],
    )


def _by_hand(viewer: Viewer, kinds: Sequence[str]) -> None:
    """A rule does what who writes it, and who switches it on, may do themselves. Raises Refused."""
    for kind in kinds:
        if not viewer.may(doing.ACTS[kind][0]):
            what = "A rule does no more than you may do by hand: leave this out"
            raise Refused(what, field=f"{kind}_{recipes.FIELDS[kind][0]}")


@transaction.atomic
def write(
    *, viewer: Viewer, public_id: uuid.UUID | None, seen: int, said: Written, now: datetime
) -> Rule:
    """A new rule, switched off, or another version of one. Raises NoSuchRule, Refused."""
    turns.lock(turns.RULES)
    version = checked(said, viewer=viewer, now=now)
    if public_id is None:
        if Rule.objects.filter(ended_at=None).count() >= MOST:
            raise Refused(f"There are {MOST} rules. Remove one first")
        last = Rule.objects.aggregate(last=Max("position"))["last"] or 0
        rule = Rule(position=last + 1, owner_id=viewer.id)
    else:
        rule = _held(viewer, public_id)
        if rule.current != seen:
            raise Refused("Somebody changed this meanwhile. Read how it is now, and change that")
    rule.team_id = said.team_id
    rule.valid_from, rule.valid_until = said.valid_from, said.valid_until
    rule.current += 1
    rule.failures = 0
    rule.save()
    version.rule, version.number = rule, rule.current
    version.save()
    said_so = {"name": version.name, "version": version.number, "trigger": version.trigger,
               "conditions": version.conditions, "acts": version.acts}  # fmt: skip
    _record("written", rule, viewer, now, **said_so)
    return rule


def _held(viewer: Viewer, public_id: uuid.UUID) -> Rule:
    found = Rule.objects.select_for_update().filter(public_id=public_id, ended_at=None).first()
    if found is None or not may_change(viewer, found.team_id):
        raise NoSuchRule("There is no such rule")
    return as_it_is(found)


@transaction.atomic
def switch(*, viewer: Viewer, public_id: uuid.UUID, on: bool, now: datetime) -> None:
    """On or off; on again also after a pause, for what comes from now on. Raises NoSuchRule,
    Refused.

    Whoever switches it on looks after it: they are told when it is paused.
    """
    rule = _held(viewer, public_id)
    rule.is_on = on
    if on:
        version = rule.versions.get(number=rule.current)
        _by_hand(viewer, [str(one["kind"]) for one in version.acts])
        rule.paused_at, rule.paused_why, rule.failures = None, "", 0
        rule.owner_id = viewer.id
    rule.save(update_fields=["is_on", "paused_at", "paused_why", "failures", "owner"])
    _record("switched_on" if on else "switched_off", rule, viewer, now)


@transaction.atomic
def move(*, viewer: Viewer, public_id: uuid.UUID, up: bool, now: datetime) -> None:
    """One place up or down among the rules that the viewer may change. Raises NoSuchRule."""
    turns.lock(turns.RULES)
    rule = _held(viewer, public_id)
    rows = [row for row in Rule.objects.filter(ended_at=None) if may_change(viewer, row.team_id)]
    turns.swap(rows, rule, up=up)
    _record("moved", rule, viewer, now)


@transaction.atomic
def end(*, viewer: Viewer, public_id: uuid.UUID, now: datetime) -> None:
    """It does nothing any more, and is in no list; what it did stays. Raises NoSuchRule."""
    rule = _held(viewer, public_id)
    rule.is_on, rule.ended_at = False, now
    rule.save(update_fields=["is_on", "ended_at"])
    _record("ended", rule, viewer, now)


def _record(what: str, rule: Rule, viewer: Viewer, now: datetime, **data: Any) -> None:
    audit.record(
        f"rule.{what}", actor=viewer.actor, target=f"rule:{rule.public_id}", at=now, data=data
    )
