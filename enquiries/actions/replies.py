"""Words on a case: to colleagues, or to the citizen."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from accounts.permissions import Viewer
from enquiries import events
from enquiries.actions import deadlines, telling
from enquiries.actions.resolutions import checked_words
from enquiries.events import EventType
from enquiries.lifecycle import ENDED, NotNow, Status
from enquiries.queries.access import for_desk


@transaction.atomic
def note(*, reference: str, viewer: Viewer, words: str, now: datetime) -> None:
    """A note that the hub keeps to itself. Raises NoSuchCase, WordsMissing."""
    words = checked_words(words)
    enquiry = for_desk(viewer, reference)
    events.record(enquiry, EventType.NOTED, actor=viewer.actor, at=now, words=words)


@transaction.atomic
def reply(*, reference: str, viewer: Viewer, words: str, now: datetime) -> None:
    """Tells the citizen something that ends nothing. Stops the first-response clock.

    Raises NoSuchCase, NotNow, WordsMissing.
    """
    words = checked_words(words)
    enquiry = for_desk(viewer, reference)
    if enquiry.status in ENDED:
        raise NotNow("This enquiry has ended. Open it again before you write about it")
    deadlines.responded(enquiry, at=now)
    event = events.record(enquiry, EventType.REPLIED, actor=viewer.actor, at=now, words=words)
    telling.replied(enquiry, words, sequence=event.sequence, now=now)


@transaction.atomic
def ask(*, reference: str, viewer: Viewer, question: str, now: datetime) -> None:
    """Asks the citizen something; the case waits for them. Raises NoSuchCase, NotNow."""
    question = checked_words(question)
    enquiry = for_desk(viewer, reference)
    event = events.move(
        enquiry,
        Status.WAITING,
        EventType.INFO_REQUESTED,
        actor=viewer.actor,
        at=now,
        words=question,
    )
    deadlines.responded(enquiry, at=now)
    deadlines.turned(enquiry, at=now)
    telling.asked(enquiry, question, sequence=event.sequence, now=now)
