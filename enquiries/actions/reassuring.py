"""Before they ask: once per enquiry, shortly before people begin to ask about such a thing.

Told is only what is so: that nothing has gone wrong, who has it since when, and the date. Where
something has gone wrong, where it is nearly due, or where they were told something lately, there is
nothing to say.
"""

from __future__ import annotations

from datetime import datetime, timedelta

import structlog
from django.db import connection, transaction

import notifications.queries
from core.audit import SYSTEM
from enquiries import clocks, events
from enquiries.actions import telling
from enquiries.events import EventType
from enquiries.lifecycle import ClockState, ReferralStatus, Status
from enquiries.models import ChasePoint, Clock, Enquiry

log = structlog.get_logger(__name__)

# Who has it works on it; what waits for triage, or for the citizen, is not "nothing to do".
GOING_ON = (Status.OPEN.value, Status.REFERRED.value, Status.IN_PROGRESS.value)
# What should have been said longer ago than that is not said any more.
STALE = timedelta(days=1)
LATELY = timedelta(days=2)
NEARLY_DUE = timedelta(days=1)
# What counts as having heard from us. "We have it" does not: everybody hears that.
NEWS = (
    "accepted", "asked", "replied", "late", "new_date", "merged", "linked", "parted", "followed",
)  # fmt: skip

# A short walk along the index of those of one service of whom nothing was decided yet. Its times
# stand in the statement: a plan that does not know them takes the cases of all services by age.
_DUE = """
    SELECT enquiry.id FROM enquiries_enquiry enquiry
    WHERE enquiry.service_id = %(service)s
      AND enquiry.status IN ('open', 'referred', 'in_progress')
      AND enquiry.reassured_at IS NULL
      AND enquiry.received_at <= %(until)s
      AND enquiry.received_at > %(since)s
    ORDER BY enquiry.received_at LIMIT %(limit)s
"""


def due(*, now: datetime, limit: int = 500) -> list[int]:
    """Enquiries of which it has to be decided now whether to tell."""
    found: list[int] = []
    points = ChasePoint.objects.exclude(after=None).values_list("service_id", "after")
    with connection.cursor() as cursor:
        for service, after in points:
            until = now - (after or STALE)
            cursor.execute(
                _DUE,
                {
                    "service": service,
                    "until": until,
                    "since": until - STALE,
                    "limit": limit - len(found),
                },
            )
            found += [row[0] for row in cursor.fetchall()]
            if len(found) >= limit:
                break
    return found


def reassure_due(*, now: datetime, limit: int = 500) -> int:
    """Tells those whose time has come; how many. Each in its own transaction: who is killed half
    way has done whole ones. One that fails is told of and holds up no other.
    """
    told = 0
    for enquiry_id in due(now=now, limit=limit):
        try:
            told += reassure(enquiry_id=enquiry_id, now=now)
        except Exception:
            log.exception("reassuring.failed", enquiry=enquiry_id)
    return told


@transaction.atomic
def reassure(*, enquiry_id: int, now: datetime) -> bool:
    """Decides once for one enquiry, and tells its citizen where there is something to say."""
    enquiry = events.locked(enquiry_id)
    if enquiry.reassured_at is not None or enquiry.status not in GOING_ON:
        return False
    enquiry.reassured_at = now
    enquiry.save(update_fields=["reassured_at"])
    if not _is_worth_saying(enquiry, now):
        return False
    since = _since(enquiry)
    told = telling.citizen(
        enquiry,
        "reassured",
        key=f"reassured:{enquiry.pk}",
        now=now,
        since=lambda: telling.day_words(clocks.london_date(since)),
    )
    if told:
        events.record(enquiry, EventType.REASSURED, actor=SYSTEM, at=now)
    return told


def _is_worth_saying(enquiry: Enquiry, now: datetime) -> bool:
    if enquiry.disputed_at is not None or (enquiry.due_at and enquiry.due_at - now < NEARLY_DUE):
        return False
    expected = enquiry.expected_on or enquiry.promised_on
    if expected is not None and expected < clocks.london_date(now):
        return False
    if Clock.objects.filter(enquiry=enquiry, state=ClockState.MISSED.value).exists():
        return False
    last = notifications.queries.last_told(enquiry.reference, events=NEWS)
    return last is None or now - last >= LATELY


def _since(enquiry: Enquiry) -> datetime:
    """Since when whoever owns it has had it."""
    accepted = enquiry.referrals.filter(
        status=ReferralStatus.ACCEPTED.value, organisation=enquiry.owner
    )
    at: datetime | None = (
        accepted.order_by("-accepted_at").values_list("accepted_at", flat=True).first()
    )
    return at or enquiry.received_at
