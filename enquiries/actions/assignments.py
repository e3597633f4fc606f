"""Who has a case in hand."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

import accounts.colleagues
import accounts.queries
from accounts.permissions import Permission, Viewer
from core.audit import SYSTEM
from core.errors import DomainError
from enquiries import events
from enquiries.events import EventType
from enquiries.lifecycle import ENDED, LIVE
from enquiries.models import Enquiry
from enquiries.queries import holders, sensitive
from enquiries.queries.access import for_desk


class AlreadyTaken(DomainError):
    code = "already_taken"


class NothingToTake(DomainError):
    code = "nothing_to_take"


class NotYours(DomainError):
    code = "not_yours"


def give(enquiry: Enquiry, viewer: Viewer, *, now: datetime) -> None:
    """The viewer has a locked enquiry in hand from now on."""
    enquiry.assignee_id = viewer.id
    enquiry.save(update_fields=["assignee"])
    events.record(enquiry, EventType.ASSIGNED, actor=viewer.actor, at=now, name=viewer.name)


@transaction.atomic
def take(*, reference: str, viewer: Viewer, now: datetime) -> None:
    """The viewer takes a case. Raises AlreadyTaken with the name of who was quicker, and NotYours
    for a sensitive one that the viewer does not read.

    Whoever has left the desk has nothing any more.
    """
    enquiry = for_desk(viewer, reference)
    if enquiry.assignee_id == viewer.id:
        return
    if not sensitive.reads(viewer, enquiry):
        raise NotYours("This is about a sensitive service. Somebody who handles those takes it")
    if enquiry.status in ENDED:
        raise NothingToTake("This enquiry has ended, so there is nothing to take")
    if holders.has_holder(enquiry):
        raise AlreadyTaken(f"{enquiry.assignee} has this one already")
    give(enquiry, viewer, now=now)


@transaction.atomic
def assign(*, reference: str, viewer: Viewer, to_id: int, now: datetime) -> None:
    """Gives a case to a colleague at the hub's desk, whoever has it now. Raises NotYours for one
    who takes none there or does not read it, NothingToTake."""
    enquiry = for_desk(viewer, reference)
    to = accounts.queries.viewer_by_id(to_id)
    if to is None or not (to.is_hub and to.may(Permission.TRIAGE)):
        raise NotYours("Choose a colleague who works at the hub’s desk")
    if not sensitive.reads(to, enquiry):
        raise NotYours(f"This is about a sensitive service, and {to.name} does not handle those")
    if enquiry.status in ENDED:
        raise NothingToTake("This enquiry has ended, so there is nothing to give")
    if enquiry.assignee_id == to.id:
        return
    enquiry.assignee_id = to.id
    enquiry.save(update_fields=["assignee"])
    events.record(enquiry, EventType.ASSIGNED, actor=viewer.actor, at=now, name=to.name)


@transaction.atomic
def release(*, reference: str, viewer: Viewer, now: datetime) -> None:
    """Puts back what the viewer has in hand. Raises NotYours with the name of who has it."""
    enquiry = for_desk(viewer, reference)
    if enquiry.assignee_id is None:
        return
    if enquiry.assignee_id != viewer.id:
        raise NotYours(f"{enquiry.assignee} has this one, and only they can put it back")
    enquiry.assignee = None
    enquiry.save(update_fields=["assignee"])
    events.record(enquiry, EventType.ASSIGNED, actor=viewer.actor, at=now, name="nobody")


@transaction.atomic
def free_of_those_who_left(*, now: datetime, limit: int = 500) -> int:
    """Puts back what somebody has in hand who left the desk. Returns how many.

    The queue shows what nobody has, by an index that knows no accounts: so nobody has it. Running
    it again changes nothing.
    """
    stuck = list(
        Enquiry.objects.select_for_update(skip_locked=True, of=("self",), no_key=True)
        .filter(status__in=list(LIVE), assignee__isnull=False)
        .exclude(assignee_id__in=accounts.colleagues.at_the_desk())
        .order_by("assignee_id", "due_at", "pk")[:limit]  # as the index of what is in hand
    )
    for enquiry in stuck:
        enquiry.assignee = None
        enquiry.save(update_fields=["assignee"])
        events.record(enquiry, EventType.ASSIGNED, actor=SYSTEM, at=now, name="nobody")
    return len(stuck)
