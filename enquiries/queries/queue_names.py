"""The names that lines of the queue need, read in two statements: no line joins them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import accounts.queries
import kb.queries
from accounts.queries import OrganisationName
from enquiries.clocks import OFFICE, ROUND_THE_CLOCK, Calendar
from kb.queries import ServiceName


@dataclass(frozen=True, slots=True)
class Names:
    """Services and organisations by their keys, those that ended among them."""

    services: dict[int, ServiceName]
    organisations: dict[int, OrganisationName]

    def service_id(self, slug: str) -> int:
        """The key of a service; 0, which is nobody's, where there is none."""
        return next((one.pk for one in self.services.values() if one.slug == slug), 0)

    def organisation_id(self, slug: str) -> int:
        """The key of an organisation; 0 where there is none."""
        return next((one.pk for one in self.organisations.values() if one.slug == slug), 0)

    @property
    def hours_of_hub(self) -> Calendar:
        """The calendar of the front door."""
        hub = next((one for one in self.organisations.values() if one.is_hub), None)
        return Calendar.from_json(hub.calendar) if hub is not None else OFFICE

    def hours(self, owner_id: int | None, of_clock: Mapping[str, Any] | None) -> Calendar:
        """Those that a promise runs in (`promise_hours.of_case`); where it has no clock, those of
        the case's owner, the hub's where nobody owns it yet."""
        of_clock = of_clock or {}
        if of_clock.get("elapsed"):
            return ROUND_THE_CLOCK
        if of_clock.get("team") is not None:
            return Calendar.from_json(of_clock["team"])
        owner = self.organisations.get(of_clock.get("owner") or owner_id or 0)
        return Calendar.from_json(owner.calendar) if owner is not None else self.hours_of_hub


def names() -> Names:
    """All of them, by name. Two statements."""
    return Names(
        {one.pk: one for one in kb.queries.service_names()},
        {one.pk: one for one in accounts.queries.organisation_names()},
    )
