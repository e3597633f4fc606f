"""A contact on the desk: opened when somebody rings or walks in, parked when the next one does."""

from __future__ import annotations

import uuid
from collections.abc import Collection
from dataclasses import asdict
from datetime import datetime

from django.db import transaction

import accounts.queries
import customers.actions
import customers.actions_people
import customers.queries
from accounts.permissions import Permission, Viewer
from core import live
from core.errors import DomainError
from core.privacy import address_hash
from customers.contact import read_email, read_phone
from enquiries.channels import Channel
from enquiries.inbound import InboundContact, Sender
from enquiries.models import Acting, Contact, Receipt


class NoSuchContact(DomainError):
    code = "no_such_contact"


class ContactClosed(DomainError):
    code = "contact_closed"


@transaction.atomic
def open_contact(
    *,
    channel: Channel,
    key: str,
    viewer: Viewer,
    site: str | None,
    waited: int | None = None,
    now: datetime,
) -> uuid.UUID:
    """Starts a contact's clock. The same key twice is the same contact. `site` is a slug, `waited`
    the seconds for which they waited. Another that is open is parked: it waits for its wrap-up.
    """
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
        queue_wait=waited,
    )
    park_others(viewer, but=contact.pk, now=now)
    receipt.contact = contact
    receipt.save(update_fields=["contact"])
    told()
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


class OfAnother(DomainError):
    """A colleague has it: who goes on with it takes it over first."""

    code = "contact_of_another"


def is_others(viewer: Viewer, agent_id: int | None) -> bool:
    """Whether a colleague has a contact and the viewer, who leads nobody, has not taken it over."""
    leads = viewer.may(Permission.LEAD_TEAM) or viewer.may(Permission.ADMINISTER)
    return agent_id is not None and agent_id != viewer.id and not leads


def own(viewer: Viewer, contact: Contact) -> Contact:
    """The contact, if the viewer may end it, park it and write in it. Raises OfAnother."""
    if contact.ended_at is None and is_others(viewer, contact.agent_id):
        raise OfAnother(f"{contact.agent} has this contact. Take it over first")
    return contact


@transaction.atomic
def set_person(*, public_id: uuid.UUID, viewer: Viewer, person: uuid.UUID, now: datetime) -> None:
    """Says who the contact is with. Raises NoSuchContact, NoSuchPerson."""
    contact = held(viewer, public_id)
    found = customers.queries.person(viewer, person)
    contact.person_id = found.id
    own = customers.queries.digests(found.id)
    if contact.address_hash not in own:
        # The number that they rang from says more than another one of theirs.
        contact.address_hash = min(own, default="")
    contact.save(update_fields=["person", "address_hash"])
    Acting.objects.filter(contact=contact).delete()


@transaction.atomic
def add_person(
    *,
    public_id: uuid.UUID,
    viewer: Viewer,
    sender: Sender,
    is_none_of: Collection[uuid.UUID] | None = None,
    now: datetime,
) -> None:
    """Adds the person, or finds them by what they say. `is_none_of`: those who are alike and were
    looked at; then they are somebody new. Raises NotAPhoneNumber and the like."""
    contact = held(viewer, public_id)
    if is_none_of is None:
        contact.person_id = customers.actions.identify(**asdict(sender), now=now)
    else:
        contact.person_id = customers.actions_people.add(
            **asdict(sender), is_none_of=is_none_of, viewer=viewer, now=now
        )
    if contact.person_id is not None:
        contact.address_hash = min(customers.queries.digests(contact.person_id), default="")
    contact.save(update_fields=["person", "address_hash"])
    Acting.objects.filter(contact=contact).delete()


def told() -> None:
    """Who leads a team hears that a contact began, waits or ended: their page looks again."""
    live.say("team", {"what": "sittings"})


def park_others(viewer: Viewer, *, but: int | None, now: datetime) -> None:
    """What the viewer has not wrapped up waits: no call is kept waiting for a wrap-up."""
    rows = Contact.objects.filter(agent_id=viewer.id, ended_at=None, parked_at=None)
    rows.exclude(pk=but or 0).update(parked_at=now)


@transaction.atomic
def park(*, public_id: uuid.UUID, viewer: Viewer, now: datetime) -> None:
    """Leaves a contact for later. Twice changes nothing. Raises NoSuchContact, ContactClosed,
    OfAnother."""
    contact = own(viewer, held(viewer, public_id))
    if contact.parked_at is None:
        contact.parked_at = now
        contact.save(update_fields=["parked_at"])
        told()


@transaction.atomic
def go_on(*, public_id: uuid.UUID, viewer: Viewer, now: datetime) -> None:
    """Takes a parked contact up again; what else is open is parked. Raises NoSuchContact,
    ContactClosed."""
    contact = held(viewer, public_id)
    if contact.agent_id == viewer.id:
        park_others(viewer, but=contact.pk, now=now)
    if contact.parked_at is not None:
        contact.parked_at = None
        contact.save(update_fields=["parked_at"])
        told()


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
