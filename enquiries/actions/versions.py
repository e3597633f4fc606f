"""Versions of the routing rules: drafts, publishing at a time, and the way back."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime

from django.db import connection, transaction

from core import audit
from core.audit import Actor
from enquiries.models import RoutingRule, RuleSet

# The first version holds for what came before it, too: histories are placed by it.
ALWAYS = datetime(2000, 1, 1, tzinfo=UTC)
# Editors of rules wait for one another, so that version numbers have no gaps and no twins.
_LOCK = 0x5E75


def _locked() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])


def next_number() -> int:
    """The number of the next version; holds the editors' lock until the transaction ends."""
    _locked()
    newest = RuleSet.objects.order_by("-number").values_list("number", flat=True).first()
    return (newest or 0) + 1


@transaction.atomic
def publish_rows(
    rules: Sequence[RoutingRule], *, name: str, actor: Actor, now: datetime
) -> RuleSet:
    """A new version of exactly these unsaved rules, live from now."""
    number = next_number()
    made = RuleSet.objects.create(
        number=number,
        name=name[:120],
        made_at=now,
        made_by=actor.name[:120] or "The hub",
        published_at=now,
        published_by=actor.name[:120] or "The hub",
        live_from=ALWAYS if number == 1 else now,
    )
    for rule in rules:
        rule.rule_set = made
    RoutingRule.objects.bulk_create(rules)
    audit.record(
        "rules.published",
        actor=actor,
        target=f"rule_set:{number}",
        at=now,
        data={"rules": len(rules)},
    )
    return made
