"""Agreements and what shortens clocks, as administrators read them."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Count

import accounts.queries
from accounts.permissions import Permission, Viewer
from enquiries.clock_rule_rows import ClockRuleRow
from enquiries.lifecycle import PRIORITY_WORDS, Priority
from enquiries.models import Agreement, ClockRule
from enquiries.promises import Agreed


@dataclass(frozen=True, slots=True)
class Line:
    """One agreement. `service` is None for whatever has none of its own."""

    service: str | None
    name: str
    agreed: Agreed
    promise_wd: int | None = None


@dataclass(frozen=True, slots=True)
class BodyLine:
    """An organisation with what holds where nothing else is agreed, and how many more there are."""

    slug: str
    name: str
    default: Agreed | None
    number: int


@dataclass(frozen=True, slots=True)
class RuleLine:
    """One rule that shortens clocks, with its cause in words."""

    rule: ClockRuleRow
    service_name: str
    cause: str


def bodies(viewer: Viewer) -> list[BodyLine]:
    """Every organisation that works, by name. Administrators alone."""
    if not viewer.may(Permission.ADMINISTER):
        return []
    defaults = {row.organisation_id: _agreed(row) for row in Agreement.objects.filter(service=None)}
    numbers = dict(
        Agreement.objects.exclude(service=None)
        .order_by()
        .values_list("organisation_id")
        .annotate(number=Count("pk"))
    )
    return [
        BodyLine(body.slug, body.name, defaults.get(body.pk), numbers.get(body.pk, 0))
        for body in accounts.queries.organisations()
    ]


def of_body(viewer: Viewer, organisation: str) -> list[Line]:
    """What one organisation agreed: first what holds elsewhere, then services by name."""
    if not viewer.may(Permission.ADMINISTER):
        return []
    rows = Agreement.objects.filter(organisation__slug=organisation).select_related("service")
    lines = [
        Line(row.service.slug, row.service.name, _agreed(row), row.service.promise_wd)
        if row.service is not None
        else Line(None, "", _agreed(row))
        for row in rows
    ]
    return sorted(lines, key=lambda line: (line.service is not None, line.name))


def clock_rules(viewer: Viewer) -> list[RuleLine]:
    """Every rule that shortens clocks: those for any service first."""
    if not viewer.may(Permission.ADMINISTER):
        return []
    rows = ClockRule.objects.select_related("service")
    lines = [
        RuleLine(
            ClockRuleRow(
                row.service.slug if row.service else None,
                row.priority,
                row.vulnerable,
                row.percent,
            ),
            row.service.name if row.service else "",
            _cause(row),
        )
        for row in rows
    ]
    return sorted(lines, key=lambda line: (line.service_name, line.rule.percent, line.cause))


def _cause(row: ClockRule) -> str:
    said = [f"Priority {PRIORITY_WORDS[Priority(row.priority)].lower()}"] if row.priority else []
    said += ["a person who is vulnerable"] if row.vulnerable else []
    words = " and ".join(said)
    return words[:1].upper() + words[1:]


def _agreed(row: Agreement) -> Agreed:
    return Agreed(row.accept_wh, row.work_wd, row.elapsed)
