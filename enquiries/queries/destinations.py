"""Who would have to act: the live routing rules, calendars and agreements as plain values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any

from django.db.models import Min, Q

import accounts.queries
import customers.queries
import kb.queries
from accounts import areas
from enquiries import clocks, promises, routing
from enquiries.inbound import Located
from enquiries.lifecycle import Priority
from enquiries.models import Agreement, ClockRule, Enquiry
from enquiries.queries import rulebook

if TYPE_CHECKING:
    from accounts.models import Organisation, Team
    from kb.models import Service

# What holds between the hub and a partner that has agreed nothing for a service.
ACCEPT_WH, WORK_WD = 8, 20


@dataclass(frozen=True, slots=True)
class Situation:
    """What else rules may ask about: answers by question, priority, channel, language."""

    answers: Mapping[str, Any] = field(default_factory=dict)
    priority: str = "normal"
    channel: str = ""
    language: str = "en"


NOTHING_ELSE = Situation()


def every_rule() -> list[routing.Rule]:
    """All routing rules of the live version that name somebody who answers, in their order."""
    version = rulebook.live_version()
    bodies = {body.pk for body in accounts.queries.organisations()}
    rules = rulebook.of_version(version) if version is not None else []
    outside = rulebook.answering_outside()
    return [
        rule
        for rule in rules
        if (rule.outside.id in outside if rule.outside else rule.organisation_id in bodies)
    ]


def services_of(organisation_id: int | None) -> frozenset[str]:
    """The services, by slug, of which the live rules may send something to an organisation."""
    rules = [rule for rule in every_rule() if rule.organisation_id == organisation_id is not None]
    return frozenset(
        service.slug
        for service in kb.queries.services()
        if any(
            rule.service in (None, service.slug) and rule.owner_tier in ("", service.owner_tier)
            for rule in rules
        )
    )


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


@dataclass(frozen=True, slots=True)
class Whose:
    """Whose calendar a clock runs on, and by how much it is shortened."""

    organisation_id: int
    team_id: int | None
    calendar: clocks.Calendar
    percent: int = 100


def calendar_of(organisation: Organisation | None, team: Team | None = None) -> clocks.Calendar:
    """A team's own hours, else its organisation's; the hub's where nobody owns the work yet."""
    owner = organisation or accounts.queries.hub()
    hours = team.calendar if team is not None and team.calendar is not None else owner.calendar
    return clocks.Calendar.from_json(hours)


def whose(
    organisation: Organisation | None, team: Team | None = None, *, percent: int = 100
) -> Whose:
    """The clock of whoever has the work; the hub's where nobody owns it yet."""
    owner = organisation or accounts.queries.hub()
    return Whose(owner.pk, team.pk if team else None, calendar_of(owner, team), percent)


def percent_for(enquiry: Enquiry) -> int:
    """How much of every clock is left by priority, and for somebody who is vulnerable."""
    on = clocks.london_date(enquiry.received_at)
    person = enquiry.person
    return percent(
        enquiry.service_id,
        enquiry.priority,
        is_vulnerable=person is not None and customers.queries.flagged(person, on=on),
    )


def percent(service_id: int | None, priority: str, *, is_vulnerable: bool) -> int:
    """The smallest percentage of the rules that fit; 100 where none does."""
    if priority == Priority.NORMAL.value and not is_vulnerable:
        return 100
    rows = ClockRule.objects.filter(
        Q(service=None) | Q(service_id=service_id), priority__in=("", priority)
    )
    if not is_vulnerable:
        rows = rows.filter(vulnerable=False)
    return rows.aggregate(least=Min("percent"))["least"] or 100


def promise(service: Service | None, who: Whose, received_at: datetime) -> promises.Promised | None:
    """What to promise: the sooner of the service's promise and the agreement."""
    if service is None or service.promise_wd is None:
        return None
    agreed = agreement(service, who.organisation_id)
    steps = [agreed.step(who.calendar, who.percent)] if agreed else []
    return promises.promised(
        received_at, service.promise_wd, who.calendar, steps, percent=who.percent
    )


def first_response_due(
    service: Service | None, who: Whose, received_at: datetime
) -> datetime | None:
    """By when a first answer is due; None where the service sets no time (R49)."""
    if service is None or service.first_response_wh is None:
        return None
    budget = first_response_budget(service.first_response_wh, who)
    return clocks.spend(received_at, budget, who.calendar)


def first_response_budget(hours: int, who: Whose) -> timedelta:
    """The working time until a first answer."""
    return clocks.shortened(timedelta(hours=hours), who.percent)


def agreement(service: Service | None, organisation_id: int) -> promises.Agreed | None:
    """What an organisation agreed for a service, or for all its services."""
    if service is None:
        return None
    row = (
        Agreement.objects.filter(
            Q(service=service) | Q(service=None), organisation_id=organisation_id
        )
        .order_by("service_id", "pk")
        .first()
    )
    return promises.Agreed(row.accept_wh, row.work_wd, row.elapsed) if row else None


def agreed_for(service: Service | None, owner: Organisation) -> promises.Agreed:
    """The agreement, or what holds between the hub and a partner that has agreed nothing."""
    return agreement(service, owner.pk) or agreed_by_default(service)


def agreed_by_default(service: Service | None) -> promises.Agreed:
    """What holds where nothing was agreed: a working day to answer, and what citizens are told."""
    days = service.promise_wd if service is not None else None
    return promises.Agreed(ACCEPT_WH, WORK_WD if days is None else days)
