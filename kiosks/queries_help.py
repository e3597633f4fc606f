"""Calls for help, read: who waits where, and how long it takes until somebody comes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from functools import cache
from statistics import median
from typing import TYPE_CHECKING

from django.db.models import BigIntegerField

from accounts.permissions import Permission, Viewer
from core.statements import NOW, Given, Statement, statement
from kiosks.hours import Reader, is_open, staffed
from kiosks.models import HelpCall

if TYPE_CHECKING:
    from kiosks.models import Kiosk

# Nobody stands and waits longer: the call ends, and says so. Who is on the way is for an hour.
A_WAIT, A_HELP = timedelta(minutes=10), timedelta(hours=1)
# Of so many answered calls a median says something; of so many days they are.
ENOUGH, LATELY = 5, timedelta(days=28)
# So many calls in vain within this time, and one more would be in vain, too.
IN_VAIN, AN_HOUR = 2, timedelta(hours=1)


class State(StrEnum):
    """How it stands with the call of a visit."""

    NONE = "none"
    WAITING = "waiting"
    COMING = "coming"
    NOBODY = "nobody"
    DONE = "done"


@dataclass(frozen=True, slots=True)
class Ahead:
    """What somebody is told who calls now: whether anybody can come, and within how many minutes
    people usually do; 0 where nobody knows."""

    is_staffed: bool
    is_answered: bool
    minutes: int

    @property
    def can_come(self) -> bool:
        """Whether calling is of use."""
        return self.is_staffed and self.is_answered


@dataclass(frozen=True, slots=True)
class Waiting:
    """One call as staff see it."""

    call: HelpCall
    is_coming: bool


def ahead(kiosk: Kiosk, *, hours: Reader, now: datetime) -> Ahead:
    """What to expect of a call from this device."""
    in_vain = HelpCall.objects.filter(
        kiosk__site_id=kiosk.site_id,
        called_at__gt=now - AN_HOUR,
        called_at__lte=now - A_WAIT,
    ).order_by("-called_at", "-pk")
    last = [
        call for call in in_vain[: IN_VAIN * 2] if call.answered_at is not None or _was_late(call)
    ][:IN_VAIN]
    unanswered = [call for call in last if call.answered_at is None]
    return Ahead(
        is_staffed=is_open(hours(staffed(kiosk)), now),
        is_answered=len(unanswered) < IN_VAIN,
        minutes=minutes(kiosk, now=now),
    )


def _was_late(call: HelpCall) -> bool:
    """Whether nobody came in time; what was taken back before says nothing of staff."""
    return call.ended_at is None or call.ended_at - call.called_at >= A_WAIT


def minutes(kiosk: Kiosk, *, now: datetime) -> int:
    """Within how many minutes somebody says that they are coming, here or else anywhere; 0 where
    there were too few calls to say."""
    answered = HelpCall.objects.filter(answered_at__isnull=False, called_at__gt=now - LATELY)
    for rows in (answered.filter(kiosk__site_id=kiosk.site_id), answered):
        times = rows.order_by("-called_at").values_list("called_at", "answered_at")[:200]
        waits = [(until - since).total_seconds() for since, until in times if until is not None]
        if len(waits) >= ENOUGH:
            return max(1, round(median(waits) / 60))
    return 0


def state(kiosk: Kiosk, visit: str, *, now: datetime) -> tuple[State, HelpCall | None]:
    """How it stands with the call of a visit."""
    rows = HelpCall.objects.filter(kiosk=kiosk, visit=visit).select_related("answered_by")
    call = rows.order_by("-called_at", "-pk").first()
    return (State.NONE if call is None else _state_of(call, now)), call


def _state_of(call: HelpCall, now: datetime) -> State:
    if call.answered_at is not None:
        is_over = call.ended_at is not None or now - call.answered_at >= A_HELP
        return State.DONE if is_over else State.COMING
    if call.ended_at is not None:
        return State.NONE
    return State.NOBODY if now - call.called_at >= A_WAIT else State.WAITING


def in_vain(*, since: datetime, until: datetime) -> Sequence[HelpCall]:
    """Calls of a time that nobody answered and nobody took back."""
    rows = HelpCall.objects.filter(called_at__gt=since, called_at__lte=until, answered_at=None)
    return [call for call in rows.select_related("kiosk__site") if _was_late(call)]


def hears(viewer: Viewer) -> bool:
    """Whether calls reach this viewer at all: agents of the hub, and staff of a site."""
    return is_everywhere(viewer) or viewer.site_id is not None


def waiting(viewer: Viewer, *, now: datetime) -> Sequence[Waiting]:
    """Who waits for help where this viewer may come, the longest first."""
    at = None if is_everywhere(viewer) else viewer.site_id or 0
    if at == 0:
        return []
    # Mostly nobody: every page of the desk asks, and the whole line is long.
    if not _anybody(is_at_one=at is not None).rows(now=now, site=at):
        return []
    rows = HelpCall.objects.filter(ended_at=None, called_at__gt=now - A_HELP - A_WAIT)
    if at is not None:
        rows = rows.filter(kiosk__site_id=at)
    found = []
    for call in rows.select_related("kiosk__site", "answered_by"):
        here = _state_of(call, now)
        if here in (State.WAITING, State.COMING):
            found.append(Waiting(call, here is State.COMING))
    return found


@cache
def _anybody(*, is_at_one: bool) -> Statement:
    rows = HelpCall.objects.filter(ended_at=None, called_at__gt=NOW - A_HELP - A_WAIT)
    if is_at_one:
        rows = rows.filter(kiosk__site_id=Given("site", BigIntegerField()))
    return statement(rows.order_by().values_list("pk")[:1], prepared=True)


def is_everywhere(viewer: Viewer) -> bool:
    """Whether this viewer helps at the kiosks of all sites."""
    return viewer.is_hub and viewer.may(Permission.HANDLE_CONTACTS)
