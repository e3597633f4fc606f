"""A new date for the citizen, where the promise cannot be kept or is kept sooner.

The first date that was promised stays the measure (R30): a new one is said, and moves no clock.
"""

from __future__ import annotations

import uuid
from datetime import date, datetime, timedelta

from django.db import transaction

from accounts.permissions import Viewer
from core.errors import DomainError
from enquiries import clocks, events
from enquiries.actions import deadlines, escalations, telling_dates
from enquiries.actions.referral_states import must_be
from enquiries.actions.resolutions import checked_words
from enquiries.events import EventType
from enquiries.lifecycle import ENDED, NotNow, ReferralStatus
from enquiries.models import Enquiry
from enquiries.queries.access import for_desk, referral_locked

FURTHEST = timedelta(days=366)


class NotADate(DomainError):
    """A date that is no news, or none to wait for."""

    code = "new_date_not_valid"
    field = "day"


@transaction.atomic
def by_hub(*, reference: str, viewer: Viewer, day: date, words: str, now: datetime) -> None:
    """The hub says a new date, with the reason that the citizen reads.

    Raises NoSuchCase, NotNow, NotADate, WordsMissing.
    """
    words = checked_words(words)
    enquiry = for_desk(viewer, reference)
    if enquiry.status in ENDED:
        raise NotNow("This enquiry has ended. There is no date to wait for")
    owner = enquiry.owner.name if enquiry.owner else ""
    _say(enquiry, day, words, owner=owner, viewer=viewer, now=now)


@transaction.atomic
def by_organisation(
    *, public_id: uuid.UUID, viewer: Viewer, day: date, words: str, now: datetime
) -> None:
    """Whoever has accepted the work says when it will be done.

    Raises NoSuchReferral, AlreadyAnswered, NotADate, WordsMissing.
    """
    words = checked_words(words)
    referral, enquiry = referral_locked(viewer, public_id)
    must_be(referral, ReferralStatus.ACCEPTED)
    _say(enquiry, day, words, owner=referral.organisation.name, viewer=viewer, now=now)


def _say(
    enquiry: Enquiry, day: date, words: str, *, owner: str, viewer: Viewer, now: datetime
) -> None:
    """Keeps the date and tells it. The same date again changes nothing, and is told once."""
    today = clocks.london_date(now)
    if day < today:
        raise NotADate("That day is over. Choose today or a later day")
    if day - today > FURTHEST:
        raise NotADate("Choose a day within a year")
    if day == (enquiry.expected_on or enquiry.promised_on):
        if enquiry.expected_on is not None:
            return
        raise NotADate("This is the day that they were promised. Choose another")
    before = enquiry.expected_on or enquiry.promised_on
    enquiry.expected_on = day
    enquiry.save(update_fields=["expected_on"])
    deadlines.responded(enquiry, at=now)
    event = events.record(
        enquiry,
        EventType.NEW_DATE,
        actor=viewer.actor,
        at=now,
        date=day.isoformat(),
        was=before.isoformat() if before else "",
        organisation=owner,
        words=words,
    )
    is_later = before is not None and day > before
    telling_dates.new_date(
        enquiry, words, owner=owner, is_later=is_later, sequence=event.sequence, now=now
    )
    escalations.watch_told_day(enquiry, now=now)
