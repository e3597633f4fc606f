"""What is known of calls: who is on the line, who waits to be rung back, which call a contact is.

Numbers are masked, but for who has said that they ring one now.
"""

from __future__ import annotations

import uuid
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Count, Exists, F, Max, Q, QuerySet, Value

from accounts.permissions import Permission, Viewer
from core import sealing
from core.privacy import mask
from core.statements import Given
from inbox.actions_calls import MOST_TRIES, PURPOSE, TAKEN_FOR
from inbox.calls import UNANSWERED, Direction
from inbox.models import Call, Callback

# A call may be written down so long after it has ended.
WRITTEN_UP_WITHIN = timedelta(minutes=30)
MOST_COUNTED = 100
# Who chose a time stands on the list so long before it, and is rung then.
RUNG_AHEAD = timedelta(minutes=5)
NO_NUMBER = "Number withheld"
_UNANSWERED = [state.value for state in UNANSWERED]


@dataclass(frozen=True, slots=True)
class Waiting:
    """One number that waits to be rung back: one line for all its calls.

    `number` is "" but for who rings it now. `waited` is how long they held the line, the longest
    of their calls. `tries_left` is how often nobody may answer before they are left alone.
    """

    public_id: uuid.UUID
    caller_hash: str
    masked: str
    number: str
    since: datetime
    last_at: datetime
    calls: int
    waited: timedelta
    tries: int
    tries_left: int
    tried_at: datetime | None
    taken_by: str
    is_mine: bool
    # When they asked to be rung, where they chose a time.
    wanted_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Wait:
    """How many wait to be rung back: `now`, and `later` at a time that they chose."""

    now: int
    later: int

    @property
    def words(self) -> str:
        """As a count says it: "2", or "2 now, 1 later"."""
        return f"{self.now} now, {self.later} later" if self.later else str(self.now)


@dataclass(frozen=True, slots=True)
class OnTheLine:
    """A call that was answered and that nobody has written up yet."""

    public_id: uuid.UUID
    caller_hash: str
    masked: str
    answered_at: datetime
    ended_at: datetime | None
    waited: timedelta


@dataclass(frozen=True, slots=True)
class CallOf:
    """The call behind a contact: theirs, or the one with which we rang back. `number` is "" but for
    the agent who has it on the line."""

    caller_hash: str
    masked: str
    number: str
    rang_at: datetime
    answered_at: datetime | None
    ended_at: datetime | None
    rang_back: bool = False


@dataclass(frozen=True, slots=True)
class Unreachable:
    """Calls that came to nothing and that nobody can, or need, answer."""

    withheld: int
    closed: int


def _may(viewer: Viewer) -> bool:
    return viewer.is_hub and viewer.may(Permission.HANDLE_CONTACTS)


def callbacks(viewer: Viewer, *, now: datetime) -> list[Waiting]:
    """The first hundred who wait to be rung back, the longest first; nobody for who may not handle
    contacts."""
    if not _may(viewer):
        return []
    rows = _counted(Callback.objects.filter(_due(now), closed_at=None))
    ordered = rows.order_by(F("wanted_at").asc(nulls_last=True), "since", "pk")
    return [_waiting(row, viewer, now=now) for row in ordered[:MOST_COUNTED]]


def later(viewer: Viewer, *, now: datetime) -> list[Waiting]:
    """Who is to be rung at a time that they chose and that has yet to come, the next first."""
    if not _may(viewer):
        return []
    rows = _counted(Callback.objects.filter(_chosen(now), closed_at=None))
    return [_waiting(row, viewer, now=now) for row in rows.order_by("wanted_at")[:MOST_COUNTED]]


def asked_in(contact: uuid.UUID) -> datetime | None:
    """When somebody is to be rung who asked for it in this contact; None where nobody is."""
    rows = Callback.objects.filter(asked_in=contact, closed_at=None)
    return rows.values_list("wanted_at", flat=True).first()


def _due(now: datetime | Given) -> Q:
    return Q(wanted_at=None) | Q(wanted_at__lte=now + RUNG_AHEAD)


def _chosen(now: datetime | Given) -> Q:
    return Q(wanted_at__gt=now + RUNG_AHEAD)


def _counted(rows: QuerySet[Callback]) -> QuerySet[Callback]:
    return rows.select_related("taken_by").annotate(
        rung=Count("calls"),
        last_at=Max("calls__rang_at"),
        waited=Max(F("calls__ended_at") - F("calls__rang_at")),
    )


def _waiting(row: Callback, viewer: Viewer, *, now: datetime) -> Waiting:
    taken = row.taken_at is not None and row.taken_at > now - TAKEN_FOR
    is_mine = taken and row.taken_by_id == viewer.id
    number = _number(row.sealed)
    return Waiting(
        public_id=row.public_id,
        caller_hash=row.caller_hash,
        masked=mask(number),
        number=number if is_mine else "",
        since=row.since,
        last_at=getattr(row, "last_at", None) or row.since,
        calls=max(row.wanted_at is None, getattr(row, "rung", 0)),
        waited=getattr(row, "waited", None) or timedelta(),
        tries=row.tries,
        tries_left=MOST_TRIES - row.tries,
        tried_at=row.tried_at,
        taken_by=row.taken_by.full_name if taken and row.taken_by is not None else "",
        is_mine=is_mine,
        wanted_at=row.wanted_at,
    )


def _number(sealed: str) -> str:
    """A number again; "" where it was withheld, or the key of its time is gone."""
    try:
        return sealing.unseal(sealed, purpose=PURPOSE) if sealed else ""
    except sealing.SealBroken:
        return ""


def how_many_wait(viewer: Viewer, *, now: datetime) -> Wait:
    """How many numbers are to be rung now, and how many at a time that they chose; a hundred are as
    good as more. One statement."""
    if not _may(viewer):
        return Wait(0, 0)
    parts = waiting_parts(0, 1, now=now)
    found = [mark for (mark,) in parts[0].union(parts[1], all=True)]
    return Wait(found.count(0), found.count(1))


def waiting_parts(
    due: int, chosen: int, *, now: datetime | Given
) -> tuple[QuerySet[Callback, tuple[int]], QuerySet[Callback, tuple[int]]]:
    """A row that says `due` for each number that is to be rung now, and one that says `chosen` for
    each at a time that they chose: for a statement that counts other things, too."""
    rows = Callback.objects.filter(closed_at=None).order_by()
    return (
        rows.filter(_due(now)).values_list(Value(due))[:MOST_COUNTED],
        rows.filter(_chosen(now)).values_list(Value(chosen))[:MOST_COUNTED],
    )


def unreachable(viewer: Viewer, *, since: datetime) -> Unreachable:
    """Since when: calls from withheld numbers that came to nothing, and calls while closed."""
    if not _may(viewer):
        return Unreachable(0, 0)
    rows = Call.objects.filter(direction=Direction.INBOUND.value, rang_at__gte=since)
    found = rows.aggregate(
        withheld=Count("pk", filter=Q(caller_hash="", state__in=_UNANSWERED)),
        closed=Count("pk", filter=Q(heard__has_key="closed", answered_at=None)),
    )
    return Unreachable(found["withheld"], found["closed"])


def on_the_line(viewer: Viewer, *, now: datetime) -> list[OnTheLine]:
    """Answered calls that nobody at a desk has taken, the latest first; those that have ended for
    half an hour more."""
    if not _may(viewer):
        return []
    rows = Call.objects.filter(
        Q(ended_at=None) | Q(ended_at__gte=now - WRITTEN_UP_WITHIN),
        agent=None,
        contact__isnull=False,
        answered_at__isnull=False,
    ).order_by("-answered_at", "-pk")[:20]
    return [
        OnTheLine(
            public_id=row.public_id,
            caller_hash=row.caller_hash,
            masked=mask(_number(row.sealed)) or NO_NUMBER,
            answered_at=row.answered_at,
            ended_at=row.ended_at,
            waited=row.answered_at - row.rang_at,
        )
        for row in rows
        if row.answered_at is not None
    ]


def of_contact(viewer: Viewer, contact: uuid.UUID) -> CallOf | None:
    """The call that a contact is; None for one that no telephone told us of."""
    if not _may(viewer):
        return None
    call = Call.objects.filter(contact=contact).first()
    if call is not None:
        number = _number(call.sealed)
        return CallOf(
            caller_hash=call.caller_hash,
            masked=mask(number) or NO_NUMBER,
            number=number if call.agent_id == viewer.id else "",
            rang_at=call.rang_at,
            answered_at=call.answered_at,
            ended_at=call.ended_at,
        )
    line = Callback.objects.filter(contact=contact).first()
    if line is None:
        return None
    number = _number(line.sealed)
    return CallOf(
        caller_hash=line.caller_hash,
        masked=mask(number) or NO_NUMBER,
        number=number if line.taken_by_id == viewer.id else "",
        rang_at=line.since,
        answered_at=line.closed_at,
        ended_at=None,
        rang_back=True,
    )


def to_ring(staff_id: Given, asked_in: Exists, *, now: Given) -> QuerySet[Any, Any]:
    """Who is to be rung at their chosen time, which has come, as rows of a statement of others:
    what it is, since when, its key, "". Those that this member took, those asked for in contacts of
    theirs (`asked_in` says so of one), and those whose time has passed with nobody."""
    nobody = Q(taken_by=None) | Q(taken_at__lte=now - TAKEN_FOR)
    mine = Q(taken_by_id=staff_id, taken_at__gt=now - TAKEN_FOR)
    mine |= nobody & (Q(wanted_at__lte=now) | Q(asked_in))
    rows = Callback.objects.filter(mine, closed_at=None, wanted_at__lte=now + RUNG_AHEAD)
    ordered = rows.order_by("wanted_at").annotate(what=Value("ring"), words=Value(""))
    return ordered.values_list("what", "wanted_at", "public_id", "words")


def ended(contacts: Collection[uuid.UUID]) -> Mapping[uuid.UUID, datetime]:
    """When the calls of contacts were hung up, of those that were. One statement."""
    rows = Call.objects.filter(contact__in=list(contacts), ended_at__isnull=False)
    return {
        contact: at
        for contact, at in rows.order_by().values_list("contact", "ended_at")
        if contact is not None and at is not None
    }


def ended_at(contact: uuid.UUID) -> datetime | None:
    """When the call that a contact is was hung up; None while it goes on, or where it is none."""
    return Call.objects.filter(contact=contact).values_list("ended_at", flat=True).first()
