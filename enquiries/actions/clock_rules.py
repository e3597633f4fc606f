"""What shortens clocks, changed by administrators or loaded from a file.

A rule holds for what starts from now on; what runs already keeps its times.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime

from django.db import transaction
from django.db.models import Q

import kb.queries
from accounts.permissions import Permission, Viewer
from core import audit
from core.audit import Actor
from core.errors import DomainError
from enquiries.actions import versions
from enquiries.clock_rule_rows import PRIORITIES, ClockRuleRow
from enquiries.models import ClockRule


class ClockRuleRefused(DomainError):
    code = "clock_rule_refused"


class NoSuchClockRule(DomainError):
    code = "no_such_clock_rule"


@transaction.atomic
def set_clock_rule(*, viewer: Viewer, rule: ClockRuleRow, seen: int | None, now: datetime) -> None:
    """Makes a rule, or changes the percentage of the one for the same cause and service.

    `seen` is the percentage that the page showed, None where it showed no such rule. Raises
    NoSuchClockRule for who may not, ClockRuleRefused.
    """
    _allowed(viewer)
    if not 1 <= rule.percent <= 100:
        raise ClockRuleRefused("Enter a percentage from 1 to 100", field="percent")
    if rule.priority not in ("", *PRIORITIES) or not (rule.priority or rule.vulnerable):
        raise ClockRuleRefused(
            "Choose a priority, a person who is vulnerable, or both", field="priority"
        )
    service_id = _service_id(rule.service)
    found = _locked(service_id, rule)
    if (found.percent if found else None) != seen:
        raise ClockRuleRefused(
            f"There is a rule for this now: {found.percent} %. Look at it and change that one"
            if found
            else "Somebody has removed this rule meanwhile. Add it again if it is wanted"
        )
    if found is None:
        ClockRule.objects.create(
            service_id=service_id,
            priority=rule.priority,
            vulnerable=rule.vulnerable,
            percent=rule.percent,
        )
    elif found.percent != rule.percent:
        found.percent = rule.percent
        found.save(update_fields=["percent"])
    if seen != rule.percent:
        _audit("set", rule, actor=viewer.actor, now=now, was=seen)


@transaction.atomic
def remove_clock_rule(*, viewer: Viewer, rule: ClockRuleRow, now: datetime) -> None:
    """Takes a rule away; one that is gone stays gone. Raises NoSuchClockRule for who may not."""
    _allowed(viewer)
    found = _locked(_service_id(rule.service), rule)
    if found is not None:
        found.delete()
        _audit("removed", rule, actor=viewer.actor, now=now, was=found.percent)


@transaction.atomic
def save(
    rows: Sequence[ClockRuleRow], *, actor: Actor, now: datetime, replace: bool
) -> tuple[int, int]:
    """Adds the rules of a file; how many were added or changed, and how many were left.

    One that is there stays, whatever the file says, unless the file replaces them all.
    """
    versions.lock()
    services = {service.slug: service.pk for service in kb.queries.services()}
    there = {(row.service_id, row.priority, row.vulnerable): row for row in ClockRule.objects.all()}
    changed, left = 0, 0
    for row in rows:
        key = (services[row.service] if row.service else None, row.priority, row.vulnerable)
        found = there.pop(key, None)
        if found is None:
            ClockRule.objects.create(
                service_id=key[0], priority=key[1], vulnerable=key[2], percent=row.percent
            )
            changed += 1
        elif found.percent != row.percent and replace:
            found.percent = row.percent
            found.save(update_fields=["percent"])
            changed += 1
        elif found.percent != row.percent:
            left += 1
    if replace:
        changed += len(there)
        ClockRule.objects.filter(pk__in=[row.pk for row in there.values()]).delete()
    else:
        left += len(there)
    if changed:
        audit.record(
            "reference.loaded",
            actor=actor,
            target="reference:clock_rules",
            at=now,
            data={"rows": len(rows)},
        )
    return changed, left


def _allowed(viewer: Viewer) -> None:
    if not viewer.may(Permission.ADMINISTER):
        raise NoSuchClockRule("There is no such rule")


def _service_id(slug: str | None) -> int | None:
    if slug is None:
        return None
    service = kb.queries.service(slug)
    if service is None:
        raise ClockRuleRefused("Choose a service", field="service")
    return service.pk


def _locked(service_id: int | None, rule: ClockRuleRow) -> ClockRule | None:
    versions.lock()
    about = Q(service=None) if service_id is None else Q(service_id=service_id)
    rows = ClockRule.objects.filter(about, priority=rule.priority, vulnerable=rule.vulnerable)
    return rows.first()


def _audit(what: str, rule: ClockRuleRow, *, actor: Actor, now: datetime, was: int | None) -> None:
    audit.record(
        f"clock_rule.{what}",
        actor=actor,
        target="clock_rules",
        at=now,
        data={**asdict(rule), "was": was},
    )
