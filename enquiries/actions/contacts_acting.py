"""Somebody is in touch for somebody else: what is raised is the other's, and the caller is told
what was agreed."""

from __future__ import annotations

import uuid
from datetime import datetime

from django.db import transaction

import customers.queries
import customers.queries_likely
import customers.queries_lives
from accounts.permissions import Viewer
from core import audit
from core.errors import DomainError
from enquiries.actions.contacts import held
from enquiries.models import Acting


class NotForThem(DomainError):
    """Nothing is written down by which they may speak for them."""

    code = "no_such_proxy"


@transaction.atomic
def act_for(*, public_id: uuid.UUID, viewer: Viewer, person: uuid.UUID, now: datetime) -> None:
    """Who is in touch speaks for `person`, whose enquiries these are. Twice is once.

    Raises NoSuchContact, ContactClosed, NoSuchPerson, NotForThem.
    """
    contact = held(viewer, public_id)
    found = customers.queries.person(viewer, person)
    acting = Acting.objects.filter(contact=contact).first()
    by = acting.by_id if acting is not None else contact.person_id
    if by is None:
        raise NotForThem("Say first who is in touch")
    by = customers.queries_likely.current([by])[by]
    if customers.queries_lives.proxy(found.id, by, on=now.date()) is None:
        raise NotForThem("Write down first on what basis they may speak for them")
    Acting.objects.update_or_create(contact=contact, defaults={"by_id": by, "at": now})
    # The address stays the caller's: they are who is in touch.
    contact.person_id = found.id
    contact.save(update_fields=["person"])
    audit.record(
        "contact.acting",
        actor=viewer.actor,
        target=f"person:{found.public_id}",
        at=now,
        data={"contact": str(public_id)},
    )


@transaction.atomic
def for_themselves(*, public_id: uuid.UUID, viewer: Viewer, now: datetime) -> None:
    """They speak for themselves after all. Raises NoSuchContact, ContactClosed."""
    contact = held(viewer, public_id)
    acting = Acting.objects.filter(contact=contact).first()
    if acting is not None:
        contact.person_id = acting.by_id
        contact.save(update_fields=["person"])
        acting.delete()
