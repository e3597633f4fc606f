"""Who has a case in hand."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from accounts.permissions import Viewer
from core.errors import DomainError
from enquiries import events
from enquiries.events import EventType
from enquiries.lifecycle import ENDED
from enquiries.models import Enquiry
from enquiries.queries import sensitive
from enquiries.queries.access import for_desk


class AlreadyTaken(DomainError):
    code = "already_taken"


class NothingToTake(DomainError):
    code = "nothing_to_take"


class NotYours(DomainError):
    code = "not_yours"


def _give(enquiry: Enquiry, viewer: Viewer, *, now: datetime) -> None:
    enquiry.assignee_id = viewer.id
    enquiry.save(update_fields=["assignee"])
    events.record(enquiry, EventType.ASSIGNED, actor=viewer.actor, at=now, name=viewer.name)


@transaction.atomic
def take(*, reference: str, viewer: Viewer, now: datetime) -> None:
    """The viewer takes a case. Raises AlreadyTaken with the name of who was quicker, and NotYours
    for a sensitive one that the viewer does not read."""
    enquiry = for_desk(viewer, reference)
    if enquiry.assignee_id == viewer.id:
        return
    if not sensitive.reads(viewer, enquiry):
        raise NotYours("This is about a sensitive service. Somebody who handles those takes it")
    if enquiry.status in ENDED:
        raise NothingToTake("This enquiry has ended, so there is nothing to take")
    if enquiry.assignee_id is not None:
        raise AlreadyTaken(f"{enquiry.assignee} has this one already")
    _give(enquiry, viewer, now=now)


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
