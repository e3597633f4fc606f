"""What the citizen is promised, once somebody knows what it is about and who has it."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from core.audit import Actor
from enquiries import clocks, events
from enquiries.actions import deadlines
from enquiries.events import EventType
from enquiries.models import Enquiry
from enquiries.queries import destinations

if TYPE_CHECKING:
    from accounts.models import Organisation, Team


def promise(
    enquiry: Enquiry,
    owner: Organisation | None,
    team: Team | None,
    *,
    actor: Actor,
    now: datetime,
) -> None:
    """Sets the promise once the service is known; the first date told stands (R30)."""
    if enquiry.service is None or enquiry.promised_on is not None:
        return
    percent = destinations.percent_for(enquiry)
    whose = destinations.whose(owner, team, percent=percent)
    found = destinations.promise(enquiry.service, whose, enquiry.received_at)
    responds = enquiry.first_response_due_at is None
    if found is not None:
        enquiry.promised_on, enquiry.due_at = found.on, found.due_at
    if responds:
        enquiry.first_response_due_at = destinations.first_response_due(
            enquiry.service, whose, enquiry.received_at
        )
    enquiry.save(update_fields=["promised_on", "due_at", "first_response_due_at"])
    deadlines.started(enquiry, found, whose, responds=responds)
    if found is None or enquiry.promised_on is None or enquiry.due_at is None:
        return
    if enquiry.reopened_count:
        # Nothing was promised before it ended: nobody is told a day that went by meanwhile.
        enquiry.promised_on = max(found.on, clocks.london_date(enquiry.due_at))
        enquiry.save(update_fields=["promised_on"])
    date = enquiry.promised_on.isoformat()
    events.record(enquiry, EventType.PROMISE_SET, actor=actor, at=now, date=date)
