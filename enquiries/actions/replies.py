"""Words on a case: to colleagues, or to the citizen."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from accounts.permissions import Viewer
from core.errors import DomainError
from customers.ways import SMS
from enquiries import events
from enquiries.actions import deadlines, telling, texting_out
from enquiries.actions.resolutions import checked_words
from enquiries.events import EventType
from enquiries.lifecycle import ENDED, NotNow, Status
from enquiries.queries import story
from enquiries.queries.access import for_desk

# Who reads a note of the hub: the hub alone, the partners who have the case as well, or the citizen
# too, who is told it.
US, SHARED, PUBLIC = story.US, story.SHARED, "public"


class NoReader(DomainError):
    """A note is for nobody in particular."""

    code = "seen_by_unknown"
    field = "seen_by"


def checked_reader(seen_by: str) -> str:
    """Who reads what the hub adds. Raises NoReader: nobody is chosen for anybody."""
    if seen_by not in (US, SHARED, PUBLIC):
        raise NoReader("Choose who reads it: only the hub, partners too, or the citizen")
    return seen_by


@transaction.atomic
def note(*, reference: str, viewer: Viewer, words: str, now: datetime, seen_by: str = US) -> None:
    """A note for the hub alone, for partners as well (`shared`), or for the citizen (`public`), who
    is told it by their best way. Raises NoSuchCase, WordsMissing, NoReader, NotNow."""
    if checked_reader(seen_by) == PUBLIC:
        reply(reference=reference, viewer=viewer, words=words, now=now)
        return
    words = checked_words(words)
    enquiry = for_desk(viewer, reference)
    # A note of the hub that says nothing of its readers is the hub's own.
    more = {"seen_by": SHARED} if seen_by == SHARED else {}
    events.record(enquiry, EventType.NOTED, actor=viewer.actor, at=now, words=words, **more)


@transaction.atomic
def reply(
    *,
    reference: str,
    viewer: Viewer,
    words: str,
    now: datetime,
    by: str = "",
    with_link: bool = False,
    sends_away: bool = False,
) -> None:
    """Tells the citizen something that ends nothing, by their best way or `by` the one chosen:
    email, sms, letter or call. Stops the first-response clock. `with_link` is for a text;
    `sends_away` says that the words send them to another door (S2).

    Raises NoSuchCase, NotNow, WordsMissing, telling_ways.NoSuchWay, texting_out.NotTexted.
    """
    words = checked_words(words)
    enquiry = for_desk(viewer, reference)
    if enquiry.status in ENDED:
        raise NotNow("This enquiry has ended. Open it again before you write about it")
    if sends_away:
        events.record(enquiry, EventType.TOLD_TO_CONTACT, actor=viewer.actor, at=now)
    if by == SMS:
        # A text whose words were chosen to be one is sent whole.
        sequence = texting_out.text(
            reference=reference, viewer=viewer, words=words, now=now, with_link=with_link
        )
        telling.replied_to_others(enquiry, words, sequence=sequence, now=now)
        return
    deadlines.responded(enquiry, at=now)
    event = events.record(enquiry, EventType.REPLIED, actor=viewer.actor, at=now, words=words)
    telling.replied(enquiry, words, sequence=event.sequence, now=now, by=by)


@transaction.atomic
def ask(
    *,
    reference: str,
    viewer: Viewer,
    question: str,
    now: datetime,
    by: str = "",
    unforeseeable: bool = False,
) -> None:
    """Asks the citizen something; the case waits for them. `unforeseeable` is said by who asks:
    nobody could have asked it at the start (R33).

    Raises NoSuchCase, NotNow, telling_ways.NoSuchWay.
    """
    question = checked_words(question)
    enquiry = for_desk(viewer, reference)
    event = events.move(
        enquiry,
        Status.WAITING,
        EventType.INFO_REQUESTED,
        actor=viewer.actor,
        at=now,
        **events.question(question, unforeseeable=unforeseeable),
    )
    deadlines.responded(enquiry, at=now)
    deadlines.turned(enquiry, at=now)
    telling.asked(enquiry, question, sequence=event.sequence, now=now, by=by)
