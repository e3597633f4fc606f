"""The one way in. Every door ends here, whoever knocked and however often."""

from __future__ import annotations

import hashlib
import json
import re
from dataclasses import asdict, replace
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

import customers.actions
from core import outbox
from core.errors import DomainError
from enquiries.actions import arrivals, holding, once, reading, unsent, uploads
from enquiries.actions.unsent import FormMoved, FormSent
from enquiries.channels import Channel
from enquiries.inbound import InboundContact, Need, Place, Received, Sender, Taken
from enquiries.lifecycle import Status
from enquiries.models import Enquiry, Receipt
from enquiries.queries.locating import located

MAX_WORDS = 4_000
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")


class NothingAsked(DomainError):
    code = "nothing_asked"


class TooLong(DomainError):
    code = "description_too_long"


class SameKeyOtherBody(DomainError):
    code = "idempotency_key_reused"


def receive(inbound: InboundContact, *, now: datetime) -> Received:
    """Writes the contact, its enquiries and their promises in one durable transaction.

    Raises NothingAsked, TooLong, SameKeyOtherBody, FormSent, FormMoved, arrivals.UnknownService,
    arrivals.NoSuchEnquiry, contacts.ContactClosed, kb.questions.NotAnAnswer, and what
    accounts.areas, accounts.boundaries and customers.contact raise for a postcode, a point, a
    telephone or an e-mail.
    """
    with transaction.atomic(durable=True):
        return receive_within(inbound, now=now)


def receive_within(inbound: InboundContact, *, now: datetime) -> Received:
    """`receive` inside the caller's transaction: for loads that commit many at once."""
    inbound = _clean(inbound)
    fingerprint = _fingerprint(inbound)
    receipt_id = once.receipt(
        channel=inbound.channel.value,
        external_id=inbound.external_id,
        body_hash=fingerprint,
        now=now,
    )
    if receipt_id is None:
        return _replay(inbound, fingerprint)
    begun = unsent.before(inbound)
    person_id = inbound.person_id or customers.actions.identify(**asdict(inbound.sender), now=now)
    contact = arrivals.contact_for(inbound, person_id=person_id, digest=fingerprint, now=now)
    taken: list[Taken] = []
    for need in unsent.about(begun, inbound):
        place = located(need.place)
        enquiry = arrivals.take(
            need, place, inbound=inbound, contact=contact, person_id=person_id, now=now
        )
        reading.taken_further(need, enquiry, inbound=inbound, contact=contact, at=now)
        if inbound.files_of and not taken:
            uploads.claim(inbound.files_of, enquiry, now=now)
        if begun is not None and not taken:
            unsent.sent(begun, enquiry, contact, actor=inbound.actor, now=now)
        taken.append(Taken(enquiry.reference, enquiry.secret, enquiry.pk))
        if enquiry.status == Status.NEW.value:
            _to_triage(enquiry, need, inbound, now=now)
    Receipt.objects.filter(pk=receipt_id).update(
        contact=contact, references=[one.reference for one in taken]
    )
    return Received(contact.pk, tuple(taken), replayed=False)


def _to_triage(enquiry: Enquiry, need: Need, inbound: InboundContact, *, now: datetime) -> None:
    """Rings for triage; what may be spam waits for a person first."""
    if inbound.suspicion:
        holding.hold(enquiry, reasons=inbound.suspicion, send_to=need.send_to, now=now)
        return
    outbox.ring(
        "enquiries.triage",
        key=f"triage:{enquiry.pk}",
        args={"enquiry_id": enquiry.pk, "send_to": need.send_to, **_rare_of(need)},
    )


def _rare_of(need: Need) -> dict[str, str | bool]:
    said: dict[str, str | bool] = {"read_first": need.read_first, "is_apart": need.is_apart}
    return {key: value for key, value in said.items() if value}


def checked(inbound: InboundContact) -> tuple[InboundContact, str]:
    """What `receive` would write, cleaned, and its fingerprint. Raises NothingAsked, TooLong."""
    cleaned = _clean(inbound)
    return cleaned, _fingerprint(cleaned)


def _clean(inbound: InboundContact) -> InboundContact:
    """Control characters out, lengths checked: what PostgreSQL cannot store is nobody's words."""
    if not inbound.needs:
        raise NothingAsked(_("Tell us what it is about"))
    needs = []
    for need in inbound.needs:
        words = _CONTROL.sub("", need.description.replace("\r\n", "\n")).strip()
        if not words:
            raise NothingAsked(_("Tell us what happened"))
        if len(words) > MAX_WORDS:
            raise TooLong(
                _("What happened must be %(most)s characters or fewer. You wrote %(written)s")
                % {"most": f"{MAX_WORDS:,}", "written": f"{len(words):,}"}
            )
        answer = _CONTROL.sub("", need.answer).strip() if need.answer is not None else None
        needs.append(
            replace(
                need,
                description=words,
                said=_CONTROL.sub("", need.said).strip(),
                answer=answer,
                about=_CONTROL.sub("", need.about or "") or None,
                send_to=_CONTROL.sub("", need.send_to or "") or None,
            )
        )
    sender = Sender(
        **{key: _CONTROL.sub("", value) for key, value in asdict(inbound.sender).items()}
    )
    return replace(inbound, needs=tuple(needs), sender=sender)


def _fingerprint(inbound: InboundContact) -> str:
    """A digest of what was said, without when: the same words give the same digest."""
    said = {
        "needs": [_told(need) for need in inbound.needs],
        "sender": asdict(inbound.sender),
        "tell_by": inbound.tell_by,
    }
    return hashlib.sha256(json.dumps(said, sort_keys=True).encode()).hexdigest()


def _told(need: Need) -> dict[str, object]:
    """What a need says, without what most lack: what was sent before there was such a thing reads
    the same."""
    rare = ("article", "act", "said", "read_first", "is_apart", "desk_answer")
    return {key: value for key, value in asdict(need).items() if key not in rare or value}


def _replay(inbound: InboundContact, fingerprint: str) -> Received:
    receipt = Receipt.objects.get(channel=inbound.channel.value, external_id=inbound.external_id)
    if receipt.body_hash != fingerprint:
        raise SameKeyOtherBody("This was sent before with other words. Nothing was changed")
    return _as_received(receipt)


def _as_received(receipt: Receipt) -> Received:
    if receipt.contact_id is None:
        raise Receipt.DoesNotExist("a receipt is written in one transaction with its contact")
    rows = arrivals.by_references(receipt.references)
    taken = tuple(Taken(row.reference, row.secret, row.pk) for row in rows)
    return Received(receipt.contact_id, taken, replayed=True)


def known(channel: Channel, external_id: str) -> Received | None:
    """What intake made of something that came in before; None when it never did."""
    receipt = Receipt.objects.filter(channel=channel.value, external_id=external_id).first()
    return _as_received(receipt) if receipt is not None else None


__all__ = [
    "FormMoved",
    "FormSent",
    "InboundContact",
    "Need",
    "NothingAsked",
    "Place",
    "Received",
    "SameKeyOtherBody",
    "Sender",
    "Taken",
    "TooLong",
    "known",
    "located",
    "receive",
    "receive_within",
]
