"""What waits for one agent now: whom to ring, what colleagues offer them, what they parked.

One statement of three short parts, each read by an index of its own: it stands on every page of
who may handle contacts, so it is written once for all of them. Nothing in it says anything of a
person.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache

from django.db.models import BigIntegerField, Exists, F, OuterRef, Q, Value
from django.db.models.functions import Coalesce

import inbox.queries_calls
from accounts.permissions import Permission, Viewer
from core.statements import NOW, Given, Statement, statement
from enquiries.models import Contact, HandOver

# So long after its agent turned to another one, or after it began, a contact is to be wrapped up.
OVERDUE = timedelta(minutes=15)
# What began so long ago is not merely unfinished: its agent is still speaking.
SITTING = timedelta(hours=2)
RING, OFFERED, PARKED = "ring", "offered", "parked"
MOST = 10


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
    teams = {f"team_{number}": team for number, team in enumerate(sorted(viewer.team_ids))}
    rows = _statement(len(teams)).rows(staff=viewer.id, now=now, **teams)
    return sorted((Reminder(*row) for row in rows), key=lambda one: one.since)


@cache
def _statement(teams: int) -> Statement:
    """The statement for somebody who is in so many teams: to write and to plan it takes longer than
    to answer it."""
    own = Contact.objects.filter(agent_id=_key("staff")).order_by()
    # Looked up for each of the few that are to be rung: an agent has had contacts by the thousand.
    theirs = Exists(own.filter(public_id=OuterRef("asked_in")))
    ring = inbox.queries_calls.to_ring(_key("staff"), theirs, now=NOW)
    whose = Q(to_user_id=_key("staff"))
    for number in range(teams):
        whose |= Q(to_team_id=_key(f"team_{number}"))
    offers = (
        HandOver.objects.filter(whose, answered_at=None)
        .exclude(from_user_id=_key("staff"))
        .order_by("offered_at")
        .annotate(what=Value(OFFERED), words=Coalesce("from_user__full_name", Value("")))
        .values_list("what", "offered_at", "public_id", "words")
    )
    parked = (
        own.filter(ended_at=None)
        .annotate(since=Coalesce(F("parked_at"), F("started_at") + SITTING))
        .filter(since__lte=NOW - OVERDUE)
        # Not by when they began: in that order all that the agent ever had would be walked.
        .order_by("since")
        .annotate(what=Value(PARKED), words=Value(""))
        .values_list("what", "since", "public_id", "words")
    )
    return statement(ring[:MOST].union(offers[:MOST], parked[:MOST], all=True), prepared=True)


def _key(name: str) -> Given:
    return Given(name, BigIntegerField())
