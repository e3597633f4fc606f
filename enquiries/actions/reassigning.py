"""A leader gives what one colleague has in hand to another, or to whoever takes it next."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

import accounts.colleagues
from accounts.permissions import Permission, Viewer
from core.errors import DomainError
from enquiries import events
from enquiries.actions.assignments import NothingToTake, NotYours
from enquiries.events import EventType
from enquiries.lifecycle import ENDED
from enquiries.queries.access import for_desk


class NoColleague(DomainError):
    """Nobody who works at the desk today."""

    code = "colleague_unknown"
    field = "to"


@transaction.atomic
def give(
    *, reference: str, viewer: Viewer, to: int | None, was: int | None = None, now: datetime
) -> bool:
    """Puts a case into somebody's hands, or with None into nobody's. False where it is there
    already, or where `was` (who had it on the leader's page) no longer has it.

    Raises NoSuchCase, NotYours, NoColleague, NothingToTake.
    """
    if not viewer.may(Permission.LEAD_TEAM):
        raise NotYours("Only who leads a team gives a colleague's work to another")
    name = "nobody"
    if to is not None:
        found = next((one for one in accounts.colleagues.of_the_desk() if one.pk == to), None)
        if found is None:
            raise NoColleague("Choose somebody who works at the desk today")
        name = found.name
    enquiry = for_desk(viewer, reference)
    if enquiry.status in ENDED:
        raise NothingToTake("This enquiry has ended, so there is nothing to give")
    if enquiry.assignee_id == to or (was is not None and enquiry.assignee_id != was):
        return False
    enquiry.assignee_id = to
    enquiry.save(update_fields=["assignee"])
    events.record(enquiry, EventType.ASSIGNED, actor=viewer.actor, at=now, name=name)
    return True
