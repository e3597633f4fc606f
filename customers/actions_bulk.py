"""Adds people by the thousand: for loads of whole histories, where nobody is known yet."""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from core.copying import copy_columns, new_ids
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
    keys = new_ids(Person, len(people))
    points: list[tuple[int, str, str, str]] = []
    added = []
    for key, one in zip(keys, people, strict=True):
        mine = list(_points(one))
        points += [(key, *point) for point in mine]
        added.append(Added(key, min((digest for _, _, digest in mine), default="")))
    copy_columns(
        Person,
        ("id", "public_id", "full_name", "postcode", "created_at"),
        (
            (key, uuid.uuid4(), one.name, one.postcode[:8], now)
            for key, one in zip(keys, people, strict=True)
        ),
    )
    ids = new_ids(ContactPoint, len(points))
    copy_columns(
        ContactPoint,
        ("id", "person_id", "kind", "value", "digest"),
        ((key, *point) for key, point in zip(ids, points, strict=True)),
    )
    return added


def _points(one: NewPerson) -> Iterator[tuple[str, str, str]]:
    """How they are reached: of which kind, at what, and its digest."""
    if one.phone:
        phone = read_phone(one.phone)
        yield "phone", phone, address_hash("phone", phone)
    if one.email:
        email = read_email(one.email)
        yield "email", email, address_hash("email", email)
