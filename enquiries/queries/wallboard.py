"""How the front door stands now: what waits and how long, what presses, who is in the middle.

Counts end at `MOST`: a wall tells "500 or more" in the time in which it tells three.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, Q, QuerySet

import inbox.queries_calls
from accounts.permissions import Permission, Viewer
from enquiries.channels import CHANNEL_WORDS, Channel
from enquiries.lifecycle import LIVE, Status
from enquiries.models import Contact, Enquiry
from enquiries.queries import holding

MOST = 500
PRESSING = timedelta(hours=2)
_FREE = ("new", "open", "waiting")


@dataclass(frozen=True, slots=True)
class Waiting:
    """What nobody has: how many, since when the oldest, how many late and late within two hours."""

    number: int
    oldest: datetime | None
    late: int
    soon: int


@dataclass(frozen=True, slots=True)
class Sitting:
    """A contact that is not wrapped up. `parked_at` is since when its agent has another one,
    `hung_up_at` since when nobody is on the line any more."""

    public_id: uuid.UUID
    staff: int
    name: str
    channel: str
    started_at: datetime
    parked_at: datetime | None
    hung_up_at: datetime | None = None

    @property
    def stage(self) -> str:
        """talk: somebody is with them; wrap: only the wrap-up is missing; aside: it waits."""
        if self.parked_at is not None:
            return "aside"
        return "wrap" if self.hung_up_at is not None else "talk"


@dataclass(frozen=True, slots=True)
class InHand:
    """What one colleague has: how many live cases, and how many of these are late."""

    number: int
    late: int


def may(viewer: Viewer) -> bool:
    """Whether this viewer reads how colleagues stand."""
    return viewer.is_hub and viewer.may(Permission.LEAD_TEAM)


def waiting(viewer: Viewer, *, now: datetime) -> Waiting:
    """The cases of the front door that nobody has; nothing for who leads nobody."""
    if not may(viewer):
        return Waiting(0, None, 0, 0)
    rows = Enquiry.objects.filter(status__in=_FREE, assignee__isnull=True)
    rows = rows.filter(Q(owner_id=viewer.organisation_id) | Q(owner=None))
    rows = rows.exclude(holding.still_held(), status=Status.NEW.value)
    oldest = rows.order_by("received_at").values_list("received_at", flat=True).first()
    late, soon = (
        rows.filter(due_at__lt=now),
        rows.filter(due_at__gte=now, due_at__lt=now + PRESSING),
    )
    return Waiting(_up_to(rows), oldest, _up_to(late), _up_to(soon))


def in_hand(viewer: Viewer, *, now: datetime) -> Mapping[int, InHand]:
    """What each colleague has in hand, by their key."""
    if not may(viewer):
        return {}
    rows = Enquiry.objects.filter(status__in=list(LIVE), assignee__isnull=False)
    counted = (
        rows.order_by()
        .values("assignee_id")
        .annotate(number=Count("pk"), late=Count("pk", filter=Q(due_at__lt=now)))
    )
    return {row["assignee_id"]: InHand(row["number"], row["late"]) for row in counted}


def sittings(viewer: Viewer, *, limit: int = 200) -> list[Sitting]:
    """Contacts that are open now, the oldest first. Two statements."""
    if not may(viewer):
        return []
    rows = Contact.objects.filter(ended_at=None, agent__isnull=False).select_related("agent")
    found = list(rows.order_by("started_at", "pk")[:limit])
    hung_up = inbox.queries_calls.ended([row.public_id for row in found])
    return [
        Sitting(
            public_id=row.public_id,
            staff=row.agent_id or 0,
            name=str(row.agent),
            channel=CHANNEL_WORDS[Channel(row.channel)],
            started_at=row.started_at,
            parked_at=row.parked_at,
            hung_up_at=hung_up.get(row.public_id),
        )
        for row in found
    ]


def of_colleague(viewer: Viewer, staff: int, *, limit: int = 100) -> list[Enquiry]:
    """What one colleague has in hand, due first: to be given to somebody else."""
    if not may(viewer):
        return []
    rows = Enquiry.objects.filter(status__in=list(LIVE), assignee_id=staff)
    return list(rows.select_related("service").order_by("due_at", "pk")[:limit])


def _up_to(rows: QuerySet[Enquiry]) -> int:
    return rows.order_by().values("pk")[:MOST].count()
