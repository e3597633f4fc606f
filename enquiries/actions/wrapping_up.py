"""How a contact at the desk ends: its outcome, why it need not have been, a last line."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from datetime import datetime

from django.db import transaction
from django.db.models import Max

import inbox.queries_calls
from accounts.permissions import Viewer
from core.errors import DomainError
from enquiries import events
from enquiries.actions import contacts, hand_overs
from enquiries.channels import (
    AVOIDABLE_WORDS,
    CONTACT_OUTCOME_WORDS,
    ContactOutcome,
    ItemKind,
)
from enquiries.events import EventType
from enquiries.lifecycle import Status
from enquiries.models import Contact, ContactItem

# These say that somebody had to come back; what is new need not have been avoidable.
CAME_BACK = (ItemKind.CHASE.value, ItemKind.REPEAT.value)

# Sent to nobody, ended by nobody.
_NOBODYS_YET = (Status.NEW.value, Status.OPEN.value)


class NoSuchOutcome(DomainError):
    code = "contact_outcome_unknown"
    field = "outcome"


@transaction.atomic
def wrap_up(
    *,
    public_id: uuid.UUID,
    viewer: Viewer,
    outcome: str,
    avoidable: str = "",
    note: str = "",
    now: datetime,
) -> None:
    """Ends a contact. Doing it twice changes nothing. Raises NoSuchContact, NoSuchOutcome,
    OfAnother.

    A call has ended when it was hung up, any other sitting when its agent turned to the next one;
    or with what was written down after that: what is typed at leisure makes nobody's call longer.
    """
    contact = contacts.own(viewer, contacts.held(viewer, public_id, still_open=False))
    if contact.ended_at is not None:
        return
    if outcome not in set(ContactOutcome) or (avoidable and avoidable not in AVOIDABLE_WORDS):
        raise NoSuchOutcome("Choose how it ended")
    items = list(contact.items.select_related("enquiry"))
    contact.ended_at = _ended_at(contact, now)
    contact.outcome, contact.note = outcome, note.replace("\x00", "").strip()[:300]
    contact.save(update_fields=["ended_at", "outcome", "note"])
    hand_overs.over(contact, now=now)
    if avoidable:
        _could_have_been_spared(items, avoidable)
    _say(items, ContactOutcome(outcome), viewer, now=now)
    _weigh(contact, items, ContactOutcome(outcome), viewer)
    contacts.told()


def _ended_at(contact: Contact, now: datetime) -> datetime:
    ends = (inbox.queries_calls.ended_at(contact.public_id), contact.parked_at)
    over = min((one for one in ends if one is not None), default=None)
    if over is None:
        return max(now, contact.started_at)
    written = contact.items.aggregate(last=Max("at"))["last"]
    return max(min(now, max(over, written or over)), contact.started_at)


def _could_have_been_spared(items: Iterable[ContactItem], avoidable: str) -> None:
    """The reason belongs to what they came back about; else to all that they came for. What was
    said of one of them before stays (measures.md R27, R44)."""
    back = [item for item in items if item.kind in CAME_BACK]
    for item in back or items:
        if not item.avoidable:
            item.avoidable = avoidable
            item.save(update_fields=["avoidable"])


def _say(
    items: Iterable[ContactItem], outcome: ContactOutcome, viewer: Viewer, *, now: datetime
) -> None:
    """A line on each ledger: from it the read side learns the contact's end and its reason."""
    for pk in sorted({item.enquiry_id for item in items}):
        events.record(
            events.locked(pk),
            EventType.CONTACT_ENDED,
            actor=viewer.actor,
            at=now,
            outcome_words=CONTACT_OUTCOME_WORDS[outcome].lower(),
        )


def _weigh(
    contact: Contact, items: Iterable[ContactItem], outcome: ContactOutcome, viewer: Viewer
) -> None:
    """What the outcome makes of each enquiry: that its citizen was sent on to another door (S2), or
    that nobody asked for what was begun. It was so when the contact ended, whenever it is said.

    What has been sent on, or has ended, is somebody's need, however silent the call became.
    """
    kinds = {
        ContactOutcome.SENT_AWAY: EventType.TOLD_TO_CONTACT,
        ContactOutcome.NOTHING: EventType.SILENT,
    }
    kind, at = kinds.get(outcome), contact.ended_at
    if kind is None or at is None:
        return
    for pk in sorted({item.enquiry_id for item in items}):
        enquiry = events.locked(pk)
        is_begun = enquiry.first_contact_id == contact.pk and enquiry.status in _NOBODYS_YET
        if kind is EventType.TOLD_TO_CONTACT or is_begun:
            events.record(enquiry, kind, actor=viewer.actor, at=at)


def likely_outcome(items: Iterable[ContactItem], *, is_rung_back: bool) -> ContactOutcome:
    """What a contact ended with as far as it says so itself: what the page proposes."""
    rows = list(items)
    if is_rung_back:
        return ContactOutcome.CALLBACK
    fresh = [row for row in rows if row.kind == ItemKind.NEW.value]
    if any(row.enquiry.resolved_at is None for row in fresh):
        return ContactOutcome.ON_ITS_WAY
    if fresh:
        return ContactOutcome.ANSWERED
    return ContactOutcome.TOLD if rows else ContactOutcome.NOTHING


def likely_reason(items: Iterable[ContactItem]) -> str:
    """Why it need not have been, where its kinds say so (R27); "" where they say nothing."""
    kinds = {row.kind: row for row in items if not row.avoidable}
    if ItemKind.CHASE.value in kinds:
        return "progress_chasing"
    again = kinds.get(ItemKind.REPEAT.value)
    if again is None:
        return ""
    enquiry = again.enquiry
    ended = bool(enquiry.resolved_at) or enquiry.reopened_count > 0
    return "closed_too_early" if ended else "repetition"
