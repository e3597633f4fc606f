"""A call that somebody answered is a phone contact, with the times of the call.

An agent says which of the calls on the line is theirs, and writes down in its contact what was
said. A call that nobody writes anything about stays a contact about nothing: it is in no figure.
"""

from __future__ import annotations

import uuid
from datetime import datetime

import structlog
from django.db import transaction

import inbox.actions_calls
from accounts.permissions import Viewer
from enquiries.channels import Channel
from enquiries.models import Contact
from inbox.actions_calls import Heard
from inbox.calls import News

log = structlog.get_logger(__name__)


def take_news(news: News, *, now: datetime) -> None:
    """Writes down what is heard of a call, and its contact; all of it is committed on return."""
    with transaction.atomic():
        _contact_of(inbox.actions_calls.hear(news, now=now), now=now)


def _contact_of(heard: Heard, *, now: datetime) -> None:
    """The contact begins when the call is answered, and ends with it while no agent has it: they
    may still have to write down what was said (contacts.close ends it with the call then)."""
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
        )
        inbox.actions_calls.attach(heard.id, contact=contact.public_id)
    elif ended_at is not None and not heard.agent:
        held = Contact.objects.select_for_update(of=("self",), no_key=True)
        row = held.get(public_id=heard.contact)
        row.ended_at = max(ended_at, row.started_at)
        row.save(update_fields=["ended_at"])


@transaction.atomic
def take(*, public_id: uuid.UUID, viewer: Viewer) -> uuid.UUID:
    """A call on the line is this agent's: its contact is theirs to write in. Twice is once.

    Raises inbox.actions_calls.NoSuchCall and CallTaken.
    """
    of_call = inbox.actions_calls.take_call(public_id=public_id, viewer=viewer)
    contact = Contact.objects.select_for_update(of=("self",), no_key=True).get(public_id=of_call)
    if contact.agent_id is None:
        contact.agent_id, contact.site_id = viewer.id, viewer.site_id
        contact.ended_at = None  # until it is wrapped up
        contact.save(update_fields=["agent", "site", "ended_at"])
    return contact.public_id


@transaction.atomic
def spoke(*, public_id: uuid.UUID, viewer: Viewer, now: datetime) -> uuid.UUID:
    """Somebody who waited was rung back and answered: their contact, which began when they rang.

    Raises inbox.actions_calls.NoSuchCall, CallbackOver and CallbackNotTaken.
    """
    made = uuid.uuid4()
    spoken = inbox.actions_calls.spoke(public_id=public_id, viewer=viewer, contact=made, now=now)
    Contact.objects.create(
        public_id=made,
        channel=Channel.PHONE.value,
        started_at=min(spoken.began_at, now),
        recorded_at=now,
        agent_id=viewer.id,
        site_id=viewer.site_id,
        address_hash=spoken.caller_hash,
    )
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
