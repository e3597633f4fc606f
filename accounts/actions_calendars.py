"""Changes to working calendars. Who changes one says which they saw; each leaves its audit line.

A changed calendar moves clocks: whoever calls these also calls `changed`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone

from accounts import calendars
from accounts.hours import Hours
from accounts.models import Organisation, Team
from core import audit, outbox
from core.audit import Actor
from core.errors import DomainError

# A day that was closed unforeseen is written down afterwards; older ones have been reckoned with.
DAYS_BACK = 31
YEARS_AHEAD = 3
# Carried out by the room that counts clocks.
CALENDAR_CHANGED = "enquiries.recount"


class CalendarRefused(DomainError):
    code = "calendar_refused"


class CalendarChanged(DomainError):
    code = "calendar_changed"


class NoSuchCalendar(DomainError):
    code = "no_such_calendar"


@dataclass(frozen=True, slots=True)
class Whose:
    """A body's calendar, or that of one of its teams, by their slugs."""

    organisation: str
    team: str = ""

    def __str__(self) -> str:
        return f"{self.organisation}/{self.team}" if self.team else self.organisation


@transaction.atomic
def set_hours(*, whose: Whose, week: Hours, seen: str, actor: Actor, now: datetime) -> int:
    """Other hours by day of the week; the key of the organisation whose clocks they move.

    Raises NoSuchCalendar, CalendarChanged, CalendarRefused.
    """
    if not any(week.values()):
        raise CalendarRefused("Enter hours for at least one day: nothing could ever fall due")
    return _change(
        "hours_set",
        whose,
        lambda calendar: calendars.with_hours(calendar, week),
        data={"hours": {day: spans for day, spans in week.items() if spans}},
        seen=seen,
        actor=actor,
        now=now,
    )


@transaction.atomic
def close(
    *, whose: Whose, first: date, last: date, why: str, seen: str, actor: Actor, now: datetime
) -> int:
    """Closed from one day to another, both included, for a reason.

    Raises NoSuchCalendar, CalendarChanged, CalendarRefused.
    """
    check_closure(first, last, why)
    return _change(
        "closed",
        whose,
        lambda calendar: calendars.closing(calendar, first, last, why.strip()),
        data={"first": first.isoformat(), "last": last.isoformat(), "why": why.strip()},
        seen=seen,
        actor=actor,
        now=now,
    )


@transaction.atomic
def open_again(
    *, whose: Whose, first: date, last: date, seen: str, actor: Actor, now: datetime
) -> int:
    """Takes a closure away. Raises NoSuchCalendar, CalendarChanged."""
    return _change(
        "opened",
        whose,
        lambda calendar: calendars.opening(calendar, first, last),
        data={"first": first.isoformat(), "last": last.isoformat()},
        seen=seen,
        actor=actor,
        now=now,
    )


@transaction.atomic
def close_everywhere(*, day: date, why: str, actor: Actor, now: datetime) -> list[int]:
    """A holiday that was proclaimed for once: every calendar is closed on it, teams' own as well.

    Returns the keys of all organisations. Raises CalendarRefused.
    """
    check_closure(day, day, why)
    bodies = list(Organisation.objects.select_for_update(no_key=True).filter(is_active=True))
    own = list(
        Team.objects.select_for_update(no_key=True).filter(
            calendar__isnull=False, organisation__in=bodies
        )
    )
    rows: list[Organisation | Team] = [*bodies, *own]
    for row in rows:
        calendar = calendars.closing(row.calendar or {}, day, day, why.strip())
        row.calendar = calendars.stamped(calendar, by=actor.name, at=now)
        row.save(update_fields=["calendar"])
    audit.record(
        "calendar.closed_everywhere",
        actor=actor,
        target="calendar:all",
        at=now,
        data={"day": day.isoformat(), "why": why.strip(), "calendars": len(bodies) + len(own)},
    )
    return [body.pk for body in bodies]


@transaction.atomic
def own_hours(*, whose: Whose, seen: str, actor: Actor, now: datetime) -> int:
    """A team gets a calendar of its own, at first a copy of its organisation's.

    Raises NoSuchCalendar, CalendarChanged.
    """
    body, team = _locked(whose)
    if team is None:
        raise NoSuchCalendar("There is no such team")
    _same(team.calendar, body.calendar, seen)
    if team.calendar is None:
        team.calendar = calendars.stamped(body.calendar, by=actor.name, at=now)
        team.save(update_fields=["calendar"])
        _audit("own_hours", whose, actor=actor, now=now)
    return body.pk


@transaction.atomic
def shared_hours(*, whose: Whose, seen: str, actor: Actor, now: datetime) -> int:
    """A team keeps its organisation's hours again; its own, with their closures, are gone.

    Raises NoSuchCalendar, CalendarChanged.
    """
    body, team = _locked(whose)
    if team is None:
        raise NoSuchCalendar("There is no such team")
    _same(team.calendar, body.calendar, seen)
    if team.calendar is not None:
        gone = team.calendar
        team.calendar = None
        team.save(update_fields=["calendar"])
        _audit("shared_hours", whose, actor=actor, now=now, data={"gone": calendars.bare(gone)})
    return body.pk


def check_closure(first: date, last: date, why: str) -> None:
    """Whether days may be closed. Raises CalendarRefused with words for whoever entered them."""
    today = timezone.localdate()
    if last < first:
        raise CalendarRefused("The last day is before the first. Turn them round", field="last")
    if first < today - timedelta(days=DAYS_BACK):
        raise CalendarRefused(
            f"The first day is more than {DAYS_BACK} days ago. What was due then is decided",
            field="first",
        )
    if last.year > today.year + YEARS_AHEAD:
        raise CalendarRefused(
            f"Nothing is closed more than {YEARS_AHEAD} years ahead. Check the year", field="last"
        )
    if (last - first).days >= calendars.LONGEST_CLOSURE_DAYS:
        raise CalendarRefused(
            f"That is more than {calendars.LONGEST_CLOSURE_DAYS} days at once. Change the hours "
            "of the week instead, or close it in parts",
            field="last",
        )
    if not why.strip():
        raise CalendarRefused("Say why, for example Christmas closing", field="why")


def _change(
    what: str,
    whose: Whose,
    change: Callable[[dict[str, Any]], dict[str, Any]],
    *,
    data: dict[str, object],
    seen: str,
    actor: Actor,
    now: datetime,
) -> int:
    body, team = _locked(whose)
    row = body if team is None else team
    if row.calendar is None:
        raise CalendarChanged("This team keeps its organisation’s hours. Give it its own first")
    _same(row.calendar, row.calendar, seen)
    after = change(row.calendar)
    if calendars.bare(after) != calendars.bare(row.calendar) or after.get("why") != (
        row.calendar.get("why")
    ):
        row.calendar = calendars.stamped(after, by=actor.name, at=now)
        row.save(update_fields=["calendar"])
        _audit(what, whose, actor=actor, now=now, data=data)
    return body.pk


def _locked(whose: Whose) -> tuple[Organisation, Team | None]:
    """The rows, locked in the order in which everybody locks them; not against who names them."""
    body = (
        Organisation.objects.select_for_update(no_key=True)
        .filter(slug=whose.organisation, is_active=True)
        .first()
    )
    if body is None:
        raise NoSuchCalendar("There is no such organisation")
    if not whose.team:
        return body, None
    team = (
        Team.objects.select_for_update(no_key=True)
        .filter(organisation=body, slug=whose.team)
        .first()
    )
    if team is None:
        raise NoSuchCalendar("There is no such team")
    return body, team


def _same(own: dict[str, Any] | None, shared: dict[str, Any], seen: str) -> None:
    """Nobody overwrites what they did not see: whoever was quicker is named."""
    if calendars.mark(own) == seen:
        return
    last = calendars.changed(own if own is not None else shared)
    who = (
        f"{last[0]} changed these hours at {timezone.localtime(last[1]):%H:%M on %d %B}"
        if last
        else ("These hours were changed")
    )
    raise CalendarChanged(f"{who}, after you opened this page. Look at them and try again")


def _audit(
    what: str,
    whose: Whose,
    *,
    actor: Actor,
    now: datetime,
    data: dict[str, object] | None = None,
) -> None:
    audit.record(f"calendar.{what}", actor=actor, target=f"calendar:{whose}", at=now, data=data)


def changed(*, organisation_id: int, now: datetime) -> None:
    """The hours of an organisation, or of one of its teams, are others: clocks are counted again.

    Outside the request. Belongs into the transaction of the change.
    """
    outbox.ring(
        CALENDAR_CHANGED,
        key=f"recount:{organisation_id}:{now.isoformat()}",
        args={"organisation_id": organisation_id},
        lane=f"recount:{organisation_id}",
    )
