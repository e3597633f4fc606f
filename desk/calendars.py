"""Calendars as their pages show them: whose they are, and what a change would do."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

import accounts.queries
from accounts import calendars
from accounts.actions_calendars import Whose
from accounts.calendars import Calendar, Closure
from accounts.hours import DAYS, day_words
from accounts.permissions import Viewer
from enquiries import clocks
from enquiries.queries import standing

if TYPE_CHECKING:
    from accounts.models import Organisation, Team

BANK_HOLIDAYS_SHOWN = 8


@dataclass(frozen=True, slots=True)
class Shown:
    """One calendar: a body's, a team's own, or, for a team without one, its body's."""

    whose: Whose
    body: Organisation
    team: Team | None
    calendar: Calendar

    @property
    def name(self) -> str:
        """Who keeps these hours."""
        return self.body.name if self.team is None else f"{self.team.name}, {self.body.name}"

    @property
    def is_shared(self) -> bool:
        """Whether a team keeps its organisation's hours."""
        return self.team is not None and self.team.calendar is None

    @property
    def address(self) -> str:
        """Its page."""
        page = f"/desk/settings/calendars/{self.body.slug}/"
        return page if self.team is None else f"{page}teams/{self.team.slug}/"

    @property
    def week(self) -> str:
        """Its hours in words."""
        return calendars.week_words(self.calendar)

    @property
    def seen(self) -> str:
        """The mark of what is saved."""
        return calendars.mark(None if self.is_shared else self.calendar)

    @property
    def changed(self) -> tuple[str, datetime] | None:
        """Who changed it last, and when."""
        return calendars.changed(self.calendar)

    def closures(self, today: date) -> list[Closure]:
        """Closed days that are not over."""
        return calendars.closures(self.calendar, since=today)


def of_body(body: Organisation) -> Shown:
    """The calendar of an organisation."""
    return Shown(Whose(body.slug), body, None, body.calendar)


def of_team(body: Organisation, team: Team) -> Shown:
    """The calendar that a team keeps."""
    calendar = body.calendar if team.calendar is None else team.calendar
    return Shown(Whose(body.slug, team.slug), body, team, calendar)


def teams_of(body: Organisation) -> list[Shown]:
    """The calendars that the teams of a body keep."""
    return [of_team(body, team) for team in accounts.queries.teams(body.slug)]


def every() -> list[tuple[Shown, list[Shown]]]:
    """Each body's calendar, with those of its teams."""
    bodies = {body.pk: body for body in accounts.queries.organisations()}
    teams: dict[int, list[Team]] = {}
    for team in accounts.queries.teams():
        teams.setdefault(team.organisation_id, []).append(team)
    return [
        (of_body(body), [of_team(body, team) for team in teams.get(body.pk, [])])
        for body in bodies.values()
    ]


def find(organisation: str, team: str = "") -> Shown | None:
    """The calendar of a body, or of one of its teams; None where there is no such."""
    body = accounts.queries.organisation(organisation)
    if body is None or not body.is_active:
        return None
    if not team:
        return of_body(body)
    return next(
        (of_team(body, one) for one in accounts.queries.teams(body.slug) if one.slug == team), None
    )


def would_close(viewer: Viewer, shown: Shown, after: Calendar, *, today: date) -> int:
    """How many open promises fall on days that a changed calendar would close."""
    if shown.team is not None:
        days = standing.promised_days(viewer, since=today, team_id=shown.team.pk)
    else:
        own = [
            row.pk for row in accounts.queries.teams(shown.body.slug) if row.calendar is not None
        ]
        days = standing.promised_days(
            viewer, since=today, organisation_id=shown.body.pk, but_teams=own
        )
    return _closed(days, shown.calendar, after)


def would_close_everywhere(viewer: Viewer, day: date, *, today: date) -> int:
    """How many open promises of anybody fall on a day."""
    return standing.promised_days(viewer, since=today).get(day, 0)


def _closed(days: Mapping[date, int], before: Calendar, after: Calendar) -> int:
    old, new = clocks.Calendar.from_json(before), clocks.Calendar.from_json(after)
    return sum(
        number
        for day, number in days.items()
        if old.is_working_day(day) and not new.is_working_day(day)
    )


def effect_words(number: int) -> str:
    """What a change does to what was promised."""
    if not number:
        return "No open promise falls on a day that would close."
    count = f"{number:,} open promise{'s' if number > 1 else ''}"
    return (
        f"{count} fall{'s' if number == 1 else ''} on days that would close. "
        f"{'It stands' if number == 1 else 'They stand'}: nobody is told a later date."
    )


def differences(before: Calendar, after: Calendar) -> list[dict[str, Any]]:
    """Each day of the week whose hours change, as it is and as it would be."""
    return [
        {"day": calendars.DAY_NAMES[name], "before": old.capitalize(), "after": new.capitalize()}
        for name in DAYS
        for old, new in [(day_words(before.get(name, ())), day_words(after.get(name, ())))]
        if old != new
    ]


def only_in(one: Calendar, other: Calendar, *, since: date) -> list[Closure]:
    """Closed days of one calendar that another does not have."""
    days = set(one.get("closed") or ()) - set(other.get("closed") or ())
    return calendars.closures({"closed": days, "why": one.get("why")}, since=since)


def bank_holidays(today: date) -> list[tuple[date, str]]:
    """The next ones, on which nobody's clock runs."""
    return clocks.bank_holidays_ahead(today, BANK_HOLIDAYS_SHOWN)
