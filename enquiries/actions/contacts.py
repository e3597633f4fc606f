"""A contact on the desk: opened when somebody rings or walks in, closed at wrap-up."""

from __future__ import annotations

import uuid
from dataclasses import asdict
from datetime import datetime

from django.db import transaction
from django.db.models import Max

import accounts.queries
import customers.actions
import customers.queries
import inbox.queries_calls
from accounts.permissions import Permission, Viewer
from core.errors import DomainError
from core.privacy import address_hash
from customers.contact import read_email, read_phone
from enquiries.channels import Channel
from enquiries.inbound import InboundContact, Sender
from enquiries.models import Contact, Receipt


class NoSuchContact(DomainError):
    code = "no_such_contact"


class ContactClosed(DomainError):
    code = "contact_closed"


@transaction.atomic
def open_contact(
    *, channel: Channel, key: str, viewer: Viewer, site: str | None, now: datetime
) -> uuid.UUID:
    """Starts a contact's clock. The same key twice is the same contact. `site` is a slug."""
    receipt, created = Receipt.objects.get_or_create(
        channel=channel.value, external_id=f"open:{key}", defaults={"body_hash": "", "at": now}
    )
    if not created and receipt.contact is not None:
        return receipt.contact.public_id
    place = accounts.queries.site(site) if site else None
    contact = Contact.objects.create(
        channel=channel.value,
        started_at=now,
        recorded_at=now,
        agent_id=viewer.id,
        site_id=place.pk if place else viewer.site_id,
    )
    receipt.contact = contact
    receipt.save(update_fields=["contact"])
    return contact.public_id


def held(viewer: Viewer, public_id: uuid.UUID, *, still_open: bool = True) -> Contact:
    """The contact, locked, if the viewer may work on it. Raises NoSuchContact, ContactClosed."""
    if not (viewer.is_hub and viewer.may(Permission.HANDLE_CONTACTS)):
        raise NoSuchContact("There is no such contact")
    held = Contact.objects.select_for_update(of=("self",), no_key=True)
    contact = held.filter(public_id=public_id).first()
    if contact is None:
        raise NoSuchContact("There is no such contact")
    if still_open and contact.ended_at is not None:
        raise ContactClosed("This contact has been wrapped up. Open a new one")
    return contact


@transaction.atomic
def set_person(*, public_id: uuid.UUID, viewer: Viewer, person: uuid.UUID, now: datetime) -> None:
    """Says who the contact is with. Raises NoSuchContact, NoSuchPerson."""
    contact = held(viewer, public_id)
    found = customers.queries.person(viewer, person)
    contact.person_id = found.id
    contact.address_hash = min(customers.queries.digests(found.id), default="")
    contact.save(update_fields=["person", "address_hash"])


@transaction.atomic
def add_person(*, public_id: uuid.UUID, viewer: Viewer, sender: Sender, now: datetime) -> None:
    """Adds the person, or finds them by what they say. Raises NotAPhoneNumber and the like."""
    contact = held(viewer, public_id)
    contact.person_id = customers.actions.identify(**asdict(sender), now=now)
    if contact.person_id is not None:
        contact.address_hash = min(customers.queries.digests(contact.person_id), default="")
    contact.save(update_fields=["person", "address_hash"])


@transaction.atomic
def close(*, public_id: uuid.UUID, viewer: Viewer, now: datetime, note: str = "") -> None:
    """Wraps a contact up. Doing it twice changes nothing.

    A call has ended when it was hung up, or with what was written down of it after that: a note
    that is typed at leisure makes nobody's call longer.
    """
    contact = held(viewer, public_id, still_open=False)
    if contact.ended_at is not None:
        return
    hung_up = inbox.queries_calls.ended_at(contact.public_id)
    if hung_up is not None:
        written = contact.items.aggregate(last=Max("at"))["last"]
        now = min(now, max(hung_up, written or hung_up))
    contact.ended_at = max(now, contact.started_at)
    contact.note = note.strip()[:300]
    contact.save(update_fields=["ended_at", "note"])


def with_person(contact: Contact, inbound: InboundContact, person_id: int | None) -> Contact:
    """The contact, and who it turned out to be with."""
    if contact.person_id is None and person_id is not None:
        contact.person_id, contact.address_hash = person_id, hash_of(inbound, person_id)
        contact.given = given_in(inbound)
        contact.save(update_fields=["person", "address_hash", "given"])
        return contact
    if more := [one for one in given_in(inbound) if one not in contact.given]:
        contact.given = [*contact.given, *more]
        contact.save(update_fields=["given"])
    return contact


def helped(contact: Contact, inbound: InboundContact) -> Contact:
    """The contact, with staff in it where somebody helps at the kiosk: it assists itself (R56)."""
    if inbound.channel is Channel.KIOSK and inbound.agent and contact.assists_id is None:
        contact.agent_id, contact.assists = inbound.agent.id, contact
        contact.save(update_fields=["agent", "assists"])
    return contact


def given_in(inbound: InboundContact) -> list[str]:
    """Keyed hashes of every address that somebody gives with what they say."""
    phone, email = inbound.sender.phone.strip(), inbound.sender.email.strip()
    given = [address_hash("phone", read_phone(phone))] if phone else []
    return given + ([address_hash("email", read_email(email))] if email else [])


def hash_of(inbound: InboundContact, person_id: int | None) -> str:
    """The keyed hash under which a contact can be linked when its person is not known."""
    if inbound.sender.phone.strip():
        return address_hash("phone", read_phone(inbound.sender.phone))
    if inbound.sender.email.strip():
        return address_hash("email", read_email(inbound.sender.email))
    if person_id is not None:
        return min(customers.queries.digests(person_id), default="")
    return ""
