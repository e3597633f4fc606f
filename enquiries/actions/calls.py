"""A call that somebody answered is a phone contact, with the times of the call.

An agent says which of the calls on the line is theirs, and writes down in its contact what was
said. A call that nobody writes anything about stays a contact about nothing: it is in no figure.
"""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta

import structlog
from django.db import transaction

import inbox.actions_calls
import inbox.actions_lines
from accounts.permissions import Viewer
from enquiries.actions import contacts
from enquiries.channels import Channel
from enquiries.models import Contact
from inbox.actions_calls import Heard
from inbox.calls import News

log = structlog.get_logger(__name__)


def take_news(news: News, *, now: datetime) -> None:
    """Writes down what is heard of a call, and its contact; all of it is committed on return."""
    with transaction.atomic():
        heard = inbox.actions_calls.hear(news, now=now)
        _contact_of(heard, now=now)
        if heard.for_call:
            # One of ours answered for a call that a queue holds: now it has an agent.
            again = inbox.actions_calls.hear(News(heard.for_call, {}), now=now)
            _contact_of(again, now=now)


def _contact_of(heard: Heard, *, now: datetime) -> None:
    """The contact begins when the call is answered, and ends with it while no agent has it: they
    may still have to write down what was said (wrapping_up ends it with the call then)."""
    answered_at, ended_at = heard.standing.answered_at, heard.standing.ended_at
    if answered_at is None or not heard.is_inbound:
        return
    if heard.contact is None:
        contact = Contact.objects.create(
            channel=Channel.PHONE.value,
            # Who gave up and rang again has been in touch since the first time (R40).
            started_at=heard.began_at,
            ended_at=ended_at,
            recorded_at=now,
            address_hash=heard.caller_hash,
            queue_wait=_seconds(answered_at - heard.standing.rang_at),
        )
        inbox.actions_calls.attach(heard.id, contact=contact.public_id)
        if heard.answerer is not None:
            _give(contact, heard.answerer, now=now)
    elif heard.answerer is not None:
        held = Contact.objects.select_for_update(of=("self",), no_key=True)
        _give(held.get(public_id=heard.contact), heard.answerer, now=now)
    elif ended_at is not None and not heard.agent:
        held = Contact.objects.select_for_update(of=("self",), no_key=True)
        row = held.get(public_id=heard.contact)
        row.ended_at = max(ended_at, row.started_at)
        row.save(update_fields=["ended_at"])
    elif ended_at is not None:
        # What is left is the wrap-up of who had them on the line.
        contacts.told()


def _seconds(span: timedelta) -> int:
    return max(0, int(span.total_seconds()))


@transaction.atomic
def take(*, public_id: uuid.UUID, viewer: Viewer, now: datetime) -> uuid.UUID:
    """A call on the line is this agent's: its contact is theirs to write in. Twice is once.

    Raises inbox.actions_calls.NoSuchCall and CallTaken.
    """
    of_call = inbox.actions_calls.take_call(public_id=public_id, viewer=viewer)
    contact = Contact.objects.select_for_update(of=("self",), no_key=True).get(public_id=of_call)
    _give(contact, viewer, now=now)
    return contact.public_id


def _give(contact: Contact, agent: Viewer, *, now: datetime) -> None:
    """A contact that is nobody's yet is this agent's, until they wrap it up; what else they have
    waits for that."""
    if contact.agent_id is None:
        contact.agent_id, contact.site_id = agent.id, agent.site_id
        contact.ended_at = None
        contact.save(update_fields=["agent", "site", "ended_at"])
        contacts.park_others(agent, but=contact.pk, now=now)
        contacts.told()


@transaction.atomic
def open_ring(*, public_id: uuid.UUID, viewer: Viewer, now: datetime) -> uuid.UUID:
    """An agent goes on with a call that rang at their telephone: its contact, theirs to write in.

    Raises inbox.actions_lines.NoSuchRing.
    """
    found = inbox.actions_lines.open_ring(public_id=public_id, viewer=viewer, now=now)
    contact = Contact.objects.select_for_update(of=("self",), no_key=True).get(public_id=found)
    _give(contact, viewer, now=now)
    return found


@transaction.atomic
def spoke(*, public_id: uuid.UUID, viewer: Viewer, now: datetime) -> uuid.UUID:
    """Somebody who waited was rung back and answered: their contact, which began when they rang.

    Raises inbox.actions_calls.NoSuchCall, CallbackOver and CallbackNotTaken.
    """
    made = uuid.uuid4()
    spoken = inbox.actions_calls.spoke(public_id=public_id, viewer=viewer, contact=made, now=now)
    contact = Contact.objects.create(
        public_id=made,
        channel=Channel.PHONE.value,
        started_at=min(spoken.began_at, now),
        recorded_at=now,
        agent_id=viewer.id,
        site_id=viewer.site_id,
        address_hash=spoken.caller_hash,
    )
    contacts.park_others(viewer, but=contact.pk, now=now)
    contacts.told()
    return made


def end_overdue(*, now: datetime) -> int:
    """Ends calls of which no end was ever told; one transaction each. Returns how many.

    One that fails is told of and holds up no other.
    """
    ended = 0
    for news in inbox.actions_calls.overdue(now=now):
        try:
            take_news(news, now=now)
            ended += 1
        except Exception:
            log.exception("calls.end_failed", sid=news.sid)
    return ended
