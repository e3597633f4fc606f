"""Rules, agreements, calendars and services read once, for loads of many thousand enquiries.

The decisions are those of `destinations`, made by the same pure functions; a test holds the two
against each other.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import TYPE_CHECKING

import accounts.gazetteer
import accounts.queries
import kb.queries
from accounts.gazetteer import Gazetteer
from enquiries import clocks, promises, routing
from enquiries.inbound import Located
from enquiries.models import Agreement
from enquiries.promises import Agreed, Promised
from enquiries.queries import destinations

if TYPE_CHECKING:
    from accounts.models import Organisation, Team
    from kb.models import Service


@dataclass(frozen=True)
class Book:
    """What routing and promises rest on, as it is now."""

    services: dict[str, Service]
    bodies: dict[str, Organisation]
    by_id: dict[int, Organisation]
    teams: dict[int, Team]
    default_teams: dict[int, Team]
    sites: dict[str, int]
    hub: Organisation
    rules: list[routing.Rule]
    agreements: dict[tuple[int, int | None], Agreed]
    calendars: dict[int, clocks.Calendar]
    areas: Gazetteer
    _of_service: dict[str, list[routing.Rule]] = field(default_factory=dict)

    def destination(
        self,
        service: Service | None,
        place: Located,
        on: date,
        situation: destinations.Situation = destinations.NOTHING_ELSE,
    ) -> routing.Destination:
        """Where an enquiry goes by the rules in force on a date."""
        facts = routing.Facts(
            service=service.slug if service else None,
            service_name=service.name if service else "",
            owner_tier=service.owner_tier if service else "",
            needs_place=service.needs_place if service else False,
            areas=self.areas.containing(place.district_code, place.ward_code),
            area_name=self.areas.names.get(place.district_code, ""),
            on=on,
            answers=situation.answers,
            priority=situation.priority,
            channel=situation.channel,
            language=situation.language,
            or_areas=self.areas.containing(place.beside_code, ""),
            place_doubt=place.place_doubt,
        )
        return routing.choose(facts, self._rules_about(service))

    def _rules_about(self, service: Service | None) -> list[routing.Rule]:
        """The rules that could fit a service, so that not every enquiry walks all of them."""
        if service is None:
            return self.rules
        if service.slug not in self._of_service:
            self._of_service[service.slug] = [
                rule
                for rule in self.rules
                if rule.service in (None, service.slug)
                and rule.owner_tier in ("", service.owner_tier)
            ]
        return self._of_service[service.slug]

    def calendar(self, owner: Organisation | None, team: Team | None = None) -> clocks.Calendar:
        """The working calendar of a team or its organisation, of the hub where there is none."""
        if team is not None and team.calendar is not None:
            return clocks.Calendar.from_json(team.calendar)
        return self.calendars[(owner or self.hub).pk]

    def agreed(self, service: Service | None, owner: Organisation) -> Agreed | None:
        """What an organisation agreed for a service, else for all its services."""
        own = self.agreements.get((owner.pk, service.pk)) if service else None
        return own or self.agreements.get((owner.pk, None)) if service else None

    def agreed_for(self, service: Service | None, owner: Organisation) -> Agreed:
        """As `destinations.agreed_for`."""
        return self.agreed(service, owner) or destinations.agreed_by_default(service)

    def promise(
        self,
        service: Service | None,
        owner: Organisation | None,
        team: Team | None,
        received_at: datetime,
    ) -> Promised | None:
        """The date to promise and the moment it falls due."""
        if service is None or service.promise_wd is None:
            return None
        agreed = self.agreed(service, owner or self.hub)
        calendar = self.calendar(owner, team)
        steps = [agreed.step(calendar)] if agreed else []
        return promises.promised(received_at, service.promise_wd, calendar, steps)


def read() -> Book:
    """The book of this moment."""
    bodies = list(accounts.queries.organisations())
    teams = list(accounts.queries.teams())
    return Book(
        services={service.slug: service for service in kb.queries.services()},
        bodies={body.slug: body for body in bodies},
        by_id={body.pk: body for body in bodies},
        teams={team.pk: team for team in teams},
        default_teams={team.organisation_id: team for team in teams if team.is_default},
        sites={site.slug: site.pk for site in accounts.queries.sites()},
        hub=accounts.queries.hub(),
        rules=destinations.every_rule(),
        agreements={
            (row.organisation_id, row.service_id): Agreed(row.accept_wh, row.work_wd, row.elapsed)
            for row in Agreement.objects.all()
        },
        calendars={body.pk: clocks.Calendar.from_json(body.calendar) for body in bodies},
        areas=accounts.gazetteer.gazetteer(),
    )
