"""What becomes of a form in the ledger: sent, finished elsewhere, ended by its answers, or left.

A form with an answer is a contact (measures.md). Sent where it was begun it is one contact;
finished at another door it is one enquiry whose first contact was the unfinished one (R8, R9, R56);
left for a day it is an enquiry that nobody need work on, or none of ours where the rules give what
was answered to a body outside (R35).
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any, Final

from django.utils.translation import gettext as _

from core.audit import SYSTEM, Actor
from core.errors import DomainError
from enquiries import events, keeping
from enquiries.actions import reading
from enquiries.actions.begun import A_DAY, KEPT
from enquiries.channels import ENTERED, Channel, ItemKind
from enquiries.events import EventType
from enquiries.inbound import InboundContact, Need, Place
from enquiries.lifecycle import Outcome, Status
from enquiries.models import BegunForm, Contact, ContactItem, Enquiry
from enquiries.queries import tracking
from enquiries.routing import Outside

# The question of a form that was kept before any was answered (kb.asking.ABOUT).
UNANSWERED: Final = "about"
# Longer than a page can carry its answers (7 days): a press on it then still finds what was sent.
_AFTER: Final = timedelta(days=8)


class FormSent(DomainError):
    """Somebody sent the same form at another door; it is one enquiry."""

    code = "form_sent"

    def __init__(self, enquiry: Enquiry) -> None:
        super().__init__(
            _("This form was sent already. We kept what was sent first, and only once")
        )
        self.reference, self.secret = enquiry.reference, enquiry.secret


class FormMoved(DomainError):
    """Somebody went on with the form at another door since it was read here."""

    code = "form_moved"

    def __init__(self) -> None:
        super().__init__(
            _(
                "Someone has answered this form at another place meanwhile. Nothing is lost: read "
                "the answers once more, then send them"
            )
        )


def before(inbound: InboundContact) -> BegunForm | None:
    """The form that a contact finishes, held until it is taken in. Raises FormSent, and FormMoved
    where it has answers that who sends it has not read."""
    if not inbound.begun:
        return None
    # The bare row: what is joined to it would be as it was before a wait (core.locking).
    row = BegunForm.objects.select_for_update().filter(key=inbound.begun).first()
    if row is not None and row.enquiry is not None:
        raise FormSent(row.enquiry)
    read = inbound.begun_revision
    if row is not None and read is not None and row.revision > read:
        raise FormMoved
    if row is not None and row.counted is not None and _is_one_sitting(row, inbound):
        mine = Contact.objects.filter(pk=row.counted.first_contact_id, session="")
        mine.update(session=inbound.session)
    return row


def _is_one_sitting(row: BegunForm, inbound: InboundContact) -> bool:
    """Whether it was finished at once, by a kiosk without a line, and only came to us late."""
    return (
        inbound.came_at is not None
        and inbound.channel.value == row.channel
        and inbound.received_at - row.touched_at <= reading.VISIT
    )


def about(row: BegunForm | None, inbound: InboundContact) -> tuple[Need, ...]:
    """What a contact is about; the first need of it names what stands for its form already, unless
    that was one sitting with it."""
    needs = inbound.needs
    if row is None or row.counted is None or _is_one_sitting(row, inbound):
        return needs
    first = replace(needs[0], about=row.counted.reference, evidence=("same_thread",))
    return (first, *needs[1:])


def sent(
    row: BegunForm, enquiry: Enquiry, contact: Contact, *, actor: Actor, now: datetime
) -> None:
    """The form has become an enquiry: its answers go, and the ledger learns how it came about."""
    if row.sent_at is not None:
        return
    if row.counted is not None and row.counted.first_contact_id == contact.pk:
        _not_left(row.counted, enquiry, at=now)
    is_one_attempt = row.counted_id is None and enquiry.received_at - row.touched_at <= A_DAY
    if is_one_attempt and _is_same_door(row, contact, actor):
        _one_sitting(row, contact)
    elif is_one_attempt:
        _elsewhere(row, enquiry, contact, actor=actor, now=now)
    row.sealed, row.code_hash, row.sent_at, row.enquiry = "", "", now, enquiry
    row.expires_at = now + _AFTER
    row.save(update_fields=["sealed", "code_hash", "sent_at", "enquiry", "expires_at"])


def _is_same_door(row: BegunForm, contact: Contact, actor: Actor) -> bool:
    """Whether what was begun is sent where it was begun (R8); with staff who help at a kiosk that
    is the same site and device (R56)."""
    if contact.channel != row.channel or contact.assists_id is None:
        return contact.channel == row.channel
    # A form that was begun before devices were written down has none.
    is_device = row.device is None or row.device == actor.id
    return is_device and contact.site_id == row.site_id


def _not_left(counted: Enquiry, enquiry: Enquiry, *, at: datetime) -> None:
    """What stood for a form that we took for left is the same need: it was sent without a line."""
    events.record(
        events.locked(counted.pk),
        EventType.DUPLICATE_OF,
        actor=SYSTEM,
        at=at,
        target=enquiry.pk,
        reference=enquiry.reference,
        same_person=True,
        why="It was finished at the kiosk while the line was away",
    )


def _one_sitting(row: BegunForm, contact: Contact) -> None:
    """One contact, continued (R8)."""
    if row.started_at < contact.started_at:
        contact.started_at = row.started_at
        contact.save(update_fields=["started_at"])


def _elsewhere(
    row: BegunForm, enquiry: Enquiry, contact: Contact, *, actor: Actor, now: datetime
) -> None:
    """The unfinished contact is the first one; the one that finished it adds to the same need: the
    person had to go to another door for it (R9), a counter beside the kiosk too."""
    first = _left(row, now=now)
    item = ContactItem.objects.get(contact=contact, enquiry=enquiry)
    ContactItem.objects.create(
        contact=first, enquiry=enquiry, kind=ItemKind.NEW.value, at=row.touched_at
    )
    item.kind = ItemKind.NEW_INFORMATION.value
    item.save(update_fields=["kind"])
    Enquiry.objects.filter(pk=enquiry.pk).update(first_contact=first)
    enquiry.first_contact = first
    events.record(
        enquiry, EventType.CHANNEL_FORCED, actor=actor, at=now, to=contact.channel, owner="system"
    )


def _left(row: BegunForm, *, now: datetime) -> Contact:
    return Contact.objects.create(
        channel=row.channel,
        started_at=row.started_at,
        ended_at=max(row.touched_at, row.started_at),
        recorded_at=now,
        address_hash=row.address_hash,
        site_id=row.site_id,
        signals=[ENTERED],
    )


def end(enquiry: Enquiry, *, last_question: str, at: datetime) -> None:
    """Ends what was never sent: nobody has work with it, and nobody is told."""
    enquiry.closes_at = at + KEPT
    events.move(
        enquiry,
        Status.RESOLVED,
        EventType.ABANDONED,
        actor=SYSTEM,
        at=at,
        outcome=Outcome.UNANSWERED,
        saving=["closes_at"],
        stage="online",
        last_question=last_question,
    )


def due(*, now: datetime, limit: int = 200) -> list[int]:
    """Forms that were left for a day: who comes back sooner goes on with the same contact (R8).

    One that was kept before its first answer is nobody's contact.
    """
    rows = BegunForm.objects.filter(sent_at=None, counted=None, touched_at__lt=now - A_DAY)
    rows = rows.exclude(last_question=UNANSWERED)
    return list(rows.order_by("touched_at").values_list("pk", flat=True)[:limit])


def as_contact(row: BegunForm) -> InboundContact:
    """What intake is told of a form that was left: no name, no address, no words of a person."""
    body = keeping.opened(row.sealed) or {"need": {}}
    ended = body["need"].get("end") or {}
    if row.ended and ended:
        need = _as_ended(row, ended)
    else:
        outside = _outside(row, body["need"])
        need = _as_left(row) if outside is None else _as_handed_off(row, outside)
    return InboundContact(
        channel=Channel(row.channel),
        # A page may be opened and answered again when its row has been forgotten.
        external_id=f"left:{row.key}:{row.started_at:%Y%m%d%H%M%S}",
        received_at=row.touched_at,
        started_at=row.started_at,
        needs=(need,),
        site=row.site.slug if row.site else None,
        signals=(ENTERED,),
        actor=SYSTEM,
    )


def _as_left(row: BegunForm) -> Need:
    return Need(
        description="A form was begun and not sent",
        service=_service(row),
        form_id=row.form_id,
        left_at=row.last_question or "about",
    )


def _outside(row: BegunForm, kept: dict[str, Any]) -> Outside | None:
    """Whose it is where the rules say so of what was answered: the form told them that, too."""
    slug = _service(row)
    if slug is None:
        return None
    place = Place(
        postcode=kept.get("postcode") or "",
        address=kept.get("address") or "",
        uprn=kept.get("uprn") or "",
        latitude=kept.get("latitude"),
        longitude=kept.get("longitude"),
    )
    # A place that is none any more says nothing about whose it is.
    with suppress(DomainError):
        answers = kept.get("answers") or {}
        return tracking.expected(slug, place, now=row.touched_at, answers=answers).outside
    return None


def _as_handed_off(row: BegunForm, outside: Outside) -> Need:
    """They read whose it is and how to reach them, and left: that was their answer."""
    return Need(
        description=f"A form was left where it is for {outside.name}",
        service=_service(row),
        form_id=row.form_id,
        answer=outside.words[:2_000],
        outcome=Outcome.SIGNPOSTED.value,
    )


def _as_ended(row: BegunForm, ended: dict[str, Any]) -> Need:
    """What was answered led to a no, an answer, or somebody else: that is what they were told."""
    return Need(
        description=f"A form ended with “{ended['title']}”",
        service=_service(row),
        form_id=row.form_id,
        answer=ended["words"][:2_000],
        outcome=ended["outcome"],
        inside=bool(ended.get("inside")),
    )


def _service(row: BegunForm) -> str | None:
    return row.service.slug if row.service is not None and row.service.is_active else None


def counted(row: BegunForm, enquiry_id: int) -> None:
    """The ledger has it. Linked later by the hash of an address, never by the address."""
    enquiry = Enquiry.objects.select_related("first_contact").get(pk=enquiry_id)
    contact = enquiry.first_contact
    if row.address_hash and not contact.address_hash:
        contact.address_hash = row.address_hash
        contact.save(update_fields=["address_hash"])
    row.counted = enquiry
    row.save(update_fields=["counted"])


def held(pk: int, *, now: datetime) -> BegunForm | None:
    """One form that is still due, held; none where somebody went on with it meanwhile."""
    rows = BegunForm.objects.select_for_update(of=("self",), skip_locked=True)
    row = rows.select_related("service", "site").filter(pk=pk, sent_at=None, counted=None).first()
    if row is None:
        return None
    return row if row.touched_at < now - A_DAY else None
