"""Adds people by the thousand: for loads of whole histories, where nobody is known yet."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from core.privacy import address_hash
from customers.contact import read_email, read_phone
from customers.models import ContactPoint, Person


@dataclass(frozen=True, slots=True)
class NewPerson:
    """Somebody new and how to reach them; `phone` and `email` may be empty."""

    name: str
    phone: str = ""
    email: str = ""
    postcode: str = ""


@dataclass(frozen=True, slots=True)
class Added:
    """A person's key and the hash under which their contacts can be linked."""

    person_id: int
    address_hash: str


@transaction.atomic
def add_people(people: Sequence[NewPerson], *, now: datetime) -> list[Added]:
    """Adds every one of them, without looking for somebody alike. Raises as `identify`."""
    rows = Person.objects.bulk_create(
        [Person(full_name=one.name, postcode=one.postcode[:8], created_at=now) for one in people],
        batch_size=2_000,
    )
    points, added = [], []
    for row, one in zip(rows, people, strict=True):
        mine = []
        if one.phone:
            phone = read_phone(one.phone)
            mine.append(_point(row, "phone", phone, address_hash("phone", phone)))
        if one.email:
            email = read_email(one.email)
            mine.append(_point(row, "email", email, address_hash("email", email)))
        points += mine
        added.append(Added(row.pk, min((point.digest for point in mine), default="")))
    ContactPoint.objects.bulk_create(points, batch_size=2_000)
    return added


def _point(person: Person, kind: str, value: str, digest: str) -> ContactPoint:
    return ContactPoint(person=person, kind=kind, value=value, digest=digest)
