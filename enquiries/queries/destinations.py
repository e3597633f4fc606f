"""Who would have to act: the live routing rules, calendars and agreements as plain values."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from django.db.models import Q, QuerySet

import accounts.queries
from accounts import areas
from enquiries import clocks, routing
from enquiries.inbound import Located
from enquiries.models import Agreement, RoutingRule

if TYPE_CHECKING:
    from accounts.models import Organisation
    from kb.models import Service

# What holds between the hub and a partner that has agreed nothing for a service.
ACCEPT_WH = 8


def rules(on: date, service: Service) -> list[routing.Rule]:
    """The routing rules in force on a date that could be about a service, in their order."""
    rows = RoutingRule.objects.filter(
        Q(valid_from=None) | Q(valid_from__lte=on),
        Q(valid_until=None) | Q(valid_until__gte=on),
        Q(service=None) | Q(service=service),
        owner_tier__in=("", service.owner_tier),
    )
    return _plain(rows)


def every_rule() -> list[routing.Rule]:
    """All routing rules of all times, in their order."""
    return _plain(RoutingRule.objects.all())


def _plain(rows: QuerySet[RoutingRule]) -> list[routing.Rule]:
    return [
        routing.Rule(
            position=row.position,
            service=row.service.slug if row.service else None,
            owner_tier=row.owner_tier,
            area_code=row.area_code,
            organisation_id=row.organisation_id,
            organisation_name=row.organisation.name,
            team_id=row.team_id,
            team_name=row.team.name if row.team else "",
            valid_from=row.valid_from,
            valid_until=row.valid_until,
        )
        # To a body that has left nobody would answer.
        for row in rows.filter(organisation__is_active=True).select_related(
            "service", "organisation", "team"
        )
    ]


def destination(service: Service | None, place: Located, on: date) -> routing.Destination:
    """Where an enquiry about a service at a place goes today, with the reason in words."""
    if service is None:
        return routing.NOBODY_SAID
    around = areas.containing(district_code=place.district_code, ward_code=place.ward_code)
    facts = routing.Facts(
        service=service.slug,
        service_name=service.name,
        owner_tier=service.owner_tier,
        needs_place=service.needs_place,
        areas=around.codes,
        area_name=around.district_name,
        on=on,
    )
    return routing.choose(facts, rules(on, service))


def calendar_of(organisation: Organisation | None) -> clocks.Calendar:
    """An organisation's working calendar; the hub's where nobody owns the work yet."""
    owner = organisation or accounts.queries.hub()
    return clocks.Calendar.from_json(owner.calendar)


def promise(
    service: Service | None, owner: Organisation | None, received_at: datetime
) -> tuple[date | None, datetime | None]:
    """The date to promise and when the clock falls due; the sooner of promise and agreement."""
    if service is None or service.promise_wd is None:
        return None, None
    calendar = calendar_of(owner)
    days = service.promise_wd
    promised = clocks.promised_date(received_at, days, calendar)
    agreed = agreement(service, owner)
    if agreed is not None:
        accept_by = clocks.spend(received_at, timedelta(hours=agreed.accept_wh), calendar)
        promised = min(promised, clocks.promised_date(accept_by, agreed.work_wd, calendar))
    return promised, clocks.closing_time(promised, calendar)


def agreement(service: Service, owner: Organisation | None) -> Agreement | None:
    """What an organisation agreed for a service, or for all its services."""
    if owner is None:
        return None
    return (
        Agreement.objects.filter(Q(service=service) | Q(service=None), organisation=owner)
        .order_by("service_id", "pk")
        .first()
    )


def accept_due_at(service: Service | None, owner: Organisation, now: datetime) -> datetime:
    """By when an organisation has to say yes or no to an offer."""
    agreed = agreement(service, owner) if service else None
    hours = agreed.accept_wh if agreed else ACCEPT_WH
    return clocks.spend(now, timedelta(hours=hours), calendar_of(owner))
