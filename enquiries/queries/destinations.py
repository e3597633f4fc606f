"""Who would have to act: the live routing rules, calendars and agreements as plain values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from django.db.models import Q

import accounts.queries
from accounts import areas
from enquiries import clocks, routing
from enquiries.inbound import Located
from enquiries.models import Agreement, Enquiry
from enquiries.queries import rulebook

if TYPE_CHECKING:
    from accounts.models import Organisation
    from kb.models import Service

# What holds between the hub and a partner that has agreed nothing for a service.
ACCEPT_WH = 8


@dataclass(frozen=True, slots=True)
class Situation:
    """What else rules may ask about: answers by question, priority, channel, language."""

    answers: Mapping[str, str] = field(default_factory=dict)
    priority: str = "normal"
    channel: str = ""
    language: str = "en"


NOTHING_ELSE = Situation()


def every_rule() -> list[routing.Rule]:
    """All routing rules of the live version that name somebody who answers, in their order."""
    version = rulebook.live_version()
    bodies = {body.pk for body in accounts.queries.organisations()}
    rules = rulebook.of_version(version) if version is not None else []
    return [rule for rule in rules if rule.outside or rule.organisation_id in bodies]


def facts_of(
    service: Service, place: Located, on: date, situation: Situation = NOTHING_ELSE
) -> routing.Facts:
    """What the rules decide about, for a service at a place."""
    around = areas.containing(district_code=place.district_code, ward_code=place.ward_code)
    beside = areas.containing(district_code=place.beside_code, ward_code="")
    return routing.Facts(
        service=service.slug,
        service_name=service.name,
        owner_tier=service.owner_tier,
        needs_place=service.needs_place,
        areas=around.codes,
        area_name=around.district_name,
        on=on,
        answers=situation.answers,
        priority=situation.priority,
        channel=situation.channel,
        language=situation.language,
        or_areas=beside.codes,
        place_doubt=place.place_doubt,
    )


def destination(
    service: Service | None, place: Located, on: date, situation: Situation = NOTHING_ELSE
) -> routing.Destination:
    """Where an enquiry about a service at a place goes today, with the reason in words."""
    if service is None:
        return routing.NOBODY_SAID
    return routing.choose(facts_of(service, place, on, situation), rulebook.live(service))


def situation_of(enquiry: Enquiry) -> Situation:
    """What an enquiry tells beyond its service and its place."""
    person = enquiry.person if enquiry.person_id else None
    return Situation(
        answers=enquiry.answers,
        priority=enquiry.priority,
        channel=enquiry.first_contact.channel,
        language=person.language if person else "en",
    )


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
