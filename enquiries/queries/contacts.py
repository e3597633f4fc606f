"""A contact on the desk and what was raised in it."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime

import customers.queries
from accounts.permissions import Permission, Viewer
from customers.queries import PersonRow
from enquiries.channels import CHANNEL_WORDS, Channel
from enquiries.lifecycle import STAFF_WORDS, Status
from enquiries.models import Contact, ContactItem, Enquiry
from enquiries.queries import sensitive


@dataclass(frozen=True, slots=True)
class Earlier:
    """An enquiry that this contact may be about."""

    reference: str
    service: str
    description: str
    status_words: str
    received_at: datetime
    owner: str


@dataclass(frozen=True, slots=True)
class OpenContact:
    """A contact with its person, what was raised in it, and what it may be about."""

    id: int
    public_id: uuid.UUID
    channel: str
    channel_words: str
    site: str
    started_at: datetime
    ended_at: datetime | None
    person: PersonRow | None
    items: tuple[ContactItem, ...]
    earlier: tuple[Earlier, ...]


def contact(viewer: Viewer, public_id: uuid.UUID) -> OpenContact | None:
    """One contact for who may handle contacts; None otherwise."""
    if not (viewer.is_hub and viewer.may(Permission.HANDLE_CONTACTS)):
        return None
    row = Contact.objects.select_related("site").filter(public_id=public_id).first()
    if row is None:
        return None
    items = (
        ContactItem.objects.filter(contact=row)
        .select_related("enquiry__service", "enquiry__owner")
        .order_by("at", "pk")
    )
    return OpenContact(
        id=row.pk,
        public_id=row.public_id,
        channel=row.channel,
        channel_words=CHANNEL_WORDS[Channel(row.channel)],
        site=row.site.name if row.site else "",
        started_at=row.started_at,
        ended_at=row.ended_at,
        person=customers.queries.by_id(row.person_id) if row.person_id else None,
        items=tuple(items),
        earlier=tuple(earlier(viewer, row.person_id)) if row.person_id else (),
    )


def earlier(viewer: Viewer, person_id: int, limit: int = 8) -> list[Earlier]:
    """A person's newest enquiries, for "is it about this?"; sensitive ones for who finds them."""
    if not (viewer.is_hub and viewer.may(Permission.SEE_PEOPLE)):
        return []
    rows = (
        sensitive.findable(viewer, Enquiry.objects.filter(person_id=person_id))
        .select_related("service", "owner")
        .order_by("-received_at", "-pk")[:limit]
    )
    return [
        Earlier(
            reference=row.reference,
            service=row.service.name if row.service else "Service not yet known",
            description=row.description[:140],
            status_words=STAFF_WORDS[Status(row.status)],
            received_at=row.received_at,
            owner=row.owner.name if row.owner else "Hub",
        )
        for row in rows
    ]


def open_contacts(viewer: Viewer) -> list[OpenContact]:
    """The viewer's contacts that are not wrapped up, newest first."""
    ids = (
        Contact.objects.filter(agent_id=viewer.id, ended_at=None)
        .order_by("-started_at", "-pk")
        .values_list("public_id", flat=True)[:10]
    )
    found = [contact(viewer, public_id) for public_id in ids]
    return [one for one in found if one is not None]
