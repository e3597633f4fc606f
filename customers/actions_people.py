"""Adds somebody who is none of those that are alike, and says of two that they are two."""

from __future__ import annotations

import uuid
from collections.abc import Collection
from datetime import datetime

from django.db import transaction

from accounts.permissions import Permission, Viewer
from core import audit
from customers.actions import points_of
from customers.models import Apart, ContactPoint, Person
from customers.queries import NoSuchPerson


@transaction.atomic
def add(
    *,
    name: str = "",
    email: str = "",
    phone: str = "",
    address: str = "",
    postcode: str = "",
    is_none_of: Collection[uuid.UUID],
    viewer: Viewer,
    now: datetime,
) -> int:
    """Somebody new, whoever else has their name or number; that they are not these is remembered.

    Raises NotAPhoneNumber, NotAnEmailAddress, NoSuchPerson.
    """
    if not viewer.may(Permission.SEE_PEOPLE):
        raise NoSuchPerson("There is no such person")
    points = points_of(email=email, phone=phone)
    person = Person.objects.create(
        full_name=" ".join(name.split())[:200],
        address=address[:300],
        postcode=postcode[:8],
        created_at=now,
    )
    for point in points:
        point.person = person
    ContactPoint.objects.bulk_create(points)
    others = Person.objects.filter(public_id__in=list(is_none_of)).values_list("pk", flat=True)
    for other in sorted(others):
        _remember(other, person.pk, viewer, now)
    audit.record(
        "person.added",
        actor=viewer.actor,
        target=f"person:{person.public_id}",
        at=now,
        data={"is_none_of": sorted(str(one) for one in is_none_of)},
    )
    return person.pk


@transaction.atomic
def tell_apart(*, viewer: Viewer, one: uuid.UUID, other: uuid.UUID, now: datetime) -> bool:
    """These two are two, however alike. Whether that was new. Raises NoSuchPerson."""
    found = Person.objects.filter(public_id__in=(one, other)).order_by("pk")
    people = list(found) if viewer.may(Permission.SEE_PEOPLE) else []
    if len(people) != 2:
        raise NoSuchPerson("There is no such person")
    is_new = _remember(people[0].pk, people[1].pk, viewer, now)
    if is_new:
        for person in people:
            audit.record(
                "person.told_apart",
                actor=viewer.actor,
                target=f"person:{person.public_id}",
                at=now,
                data={"of": [str(two.public_id) for two in people]},
            )
    return is_new


def _remember(one: int, other: int, viewer: Viewer, now: datetime) -> bool:
    _row, is_new = Apart.objects.get_or_create(
        one_id=min(one, other),
        other_id=max(one, other),
        defaults={"at": now, "by": viewer.name[:120]},
    )
    return is_new
