"""While it is the citizen's turn our clock stands still."""

from __future__ import annotations

from datetime import datetime

from enquiries import clocks
from enquiries.models import Enquiry, EnquiryEvent
from enquiries.models.referrals import LIVE_REFERRAL
from enquiries.queries import destinations
from enquiries.vocabulary import EventType

_TURNS = (EventType.INFO_REQUESTED.value, EventType.INFO_RECEIVED.value)


def move_due_date(enquiry: Enquiry) -> None:
    """Moves the due date of a locked enquiry by the time that it waited for its citizen (R7).

    The date told to the citizen stays as it was told (R30).
    """
    if enquiry.promised_on is None or enquiry.due_at is None:
        return
    calendar = destinations.calendar_of(enquiry.owner)
    closing = clocks.closing_time(enquiry.promised_on, calendar)
    budget = clocks.working_time(enquiry.received_at, closing, calendar)
    due = clocks.add_working_time(enquiry.received_at, budget, calendar, _waits(enquiry))
    # Adding a pause never makes due earlier, whoever's calendar it is counted in now.
    if due is None or due <= enquiry.due_at:
        return
    enquiry.due_at = due
    enquiry.save(update_fields=["due_at"])
    enquiry.referrals.filter(status__in=LIVE_REFERRAL).update(work_due_at=due)


def _waits(enquiry: Enquiry) -> list[tuple[datetime, datetime | None]]:
    waits: list[tuple[datetime, datetime | None]] = []
    since: datetime | None = None
    turns = EnquiryEvent.objects.filter(enquiry=enquiry, type__in=_TURNS).order_by("sequence")
    for kind, at in turns.values_list("type", "at"):
        if kind == EventType.INFO_REQUESTED.value:
            since = since or at
        elif since is not None:
            waits.append((since, at))
            since = None
    return waits
