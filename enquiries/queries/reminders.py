"""What waits for one agent now: whom to ring, what colleagues offer them, what they parked.

One statement of three short parts, each read by an index of its own: it stands on every page of
who may handle contacts, so it is written once for all of them. Nothing in it says anything of a
person.
"""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any

from django.db import connection
from django.db.models import Exists, F, OuterRef, Q, QuerySet, Value
from django.db.models.functions import Coalesce

import inbox.queries_calls
from accounts.permissions import Permission, Viewer
from enquiries.models import Contact, HandOver

# So long after its agent turned to another one, or after it began, a contact is to be wrapped up.
OVERDUE = timedelta(minutes=15)
# What began so long ago is not merely unfinished: its agent is still speaking.
SITTING = timedelta(hours=2)
RING, OFFERED, PARKED = "ring", "offered", "parked"
MOST = 10
# Whom the statement is written for, and when: nobody, at no time; exchanged for each reader.
_THEN = datetime(1970, 1, 1, tzinfo=UTC)
_NOBODY = -1


@dataclass(frozen=True, slots=True)
class Reminder:
    """One thing that waits. `words` is the colleague who offers it; the first comes first."""

    what: str
    since: datetime
    key: uuid.UUID
    words: str


def reminders(viewer: Viewer, *, now: datetime) -> list[Reminder]:
    """What waits for the viewer, the longest first; nothing for who handles no contacts."""
    if not (viewer.is_hub and viewer.may(Permission.HANDLE_CONTACTS)) or viewer.id is None:
        return []
    sql, written = _statement(len(viewer.team_ids))
    ids = {_NOBODY - number: pk for number, pk in enumerate([viewer.id, *viewer.team_ids])}
    with connection.cursor() as cursor:
        cursor.execute(sql, [_for(one, ids, now) for one in written])
        rows = cursor.fetchall()
    return sorted((Reminder(*row) for row in rows), key=lambda one: one.since)


@cache
def _statement(teams: int) -> tuple[str, Sequence[Any]]:
    """The statement for somebody who is in so many teams, with values to be exchanged. To write it
    takes longer than to answer it."""
    in_teams = [_NOBODY - number for number in range(1, teams + 1)]
    written: tuple[str, Sequence[Any]] = _rows(_NOBODY, in_teams, now=_THEN).query.sql_with_params()
    return written


def _for(value: Any, ids: dict[int, int], now: datetime) -> Any:
    """A value of the statement, for the one who reads and when they do."""
    if isinstance(value, datetime):
        return now + (value - _THEN)
    return type(value)(ids[value]) if isinstance(value, int) and value in ids else value


def _rows(staff_id: int, team_ids: Sequence[int], *, now: datetime) -> QuerySet[Any, Any]:
    own = Contact.objects.filter(agent_id=staff_id).order_by()
    # Looked up for each of the few that are to be rung: an agent has had contacts by the thousand.
    theirs = Exists(own.filter(public_id=OuterRef("asked_in")))
    ring = inbox.queries_calls.to_ring(staff_id, theirs, now=now)
    whose = Q(to_user_id=staff_id) | Q(to_team_id__in=team_ids)
    offers = (
        HandOver.objects.filter(whose, answered_at=None)
        .exclude(from_user_id=staff_id)
        .order_by("offered_at")
        .annotate(what=Value(OFFERED), words=Coalesce("from_user__full_name", Value("")))
        .values_list("what", "offered_at", "public_id", "words")
    )
    parked = (
        own.filter(ended_at=None)
        .annotate(since=Coalesce(F("parked_at"), F("started_at") + SITTING))
        .filter(since__lte=now - OVERDUE)
        # Not by when they began: in that order all that the agent ever had would be walked.
        .order_by("since")
        .annotate(what=Value(PARKED), words=Value(""))
        .values_list("what", "since", "public_id", "words")
    )
    return ring[:MOST].union(offers[:MOST], parked[:MOST], all=True)
