"""Writes routing rules and agreements in bulk."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from django.db import transaction

import accounts.queries
import kb.queries
from core import audit
from core.audit import Actor
from enquiries.actions import versions
from enquiries.models import Agreement, RoutingRule
from enquiries.reference import AgreementRow, RuleRow


@transaction.atomic
def save_rules(
    rules: Sequence[RuleRow], agreements: Sequence[AgreementRow], *, actor: Actor, now: datetime
) -> int:
    """Publishes exactly these rules as a new version, and makes the agreements exactly these.

    What was decided by older ones stands.
    """
    services: dict[str | None, int | None] = {s.slug: s.pk for s in kb.queries.services()}
    services[None] = None
    versions.publish_rows(_rules(rules, services), name="Loaded from a file", actor=actor, now=now)
    bodies = {body.slug: body.pk for body in accounts.queries.organisations()}
    Agreement.objects.all().delete()
    Agreement.objects.bulk_create(
        Agreement(
            organisation_id=bodies[row.organisation],
            service_id=services[row.service],
            accept_wh=row.accept_wh,
            work_wd=row.work_wd,
        )
        for row in agreements
    )
    count = len(rules) + len(agreements)
    audit.record(
        "reference.loaded", actor=actor, target="reference:rules", at=now, data={"rows": count}
    )
    return count


def _rules(
    rules: Sequence[RuleRow], services: Mapping[str | None, int | None]
) -> list[RoutingRule]:
    bodies = {body.slug: body.pk for body in accounts.queries.organisations()}
    teams = {(t.organisation.slug, t.slug): t.pk for t in accounts.queries.teams()}
    return [
        RoutingRule(
            position=rule.position,
            service_id=services[rule.service],
            owner_tier=rule.owner_tier,
            area_code=rule.area_code,
            organisation_id=bodies[rule.organisation],
            team_id=teams.get((rule.organisation, rule.team)),
            valid_from=rule.valid_from,
            valid_until=rule.valid_until,
            note=rule.note,
        )
        for rule in rules
    ]
