"""Adds people and what is known of how to reach them."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from core.privacy import Kind, address_hash
from customers.contact import read_email, read_phone
from customers.models import ContactPoint, Person


def _same_name(one: str, other: str) -> bool:
    return " ".join(one.split()).casefold() == " ".join(other.split()).casefold()


def _known(points: list[tuple[Kind, str]], name: str) -> Person | None:
    """Somebody with one of these contact points and, where both say a name, the same name."""
    for kind, value in points:
        rows = (
            ContactPoint.objects.filter(
                digest=address_hash(kind, value), kind=kind, value=value, person__merged_into=None
            )
            .select_related("person")
            .order_by("pk")
        )
        for row in rows:
            if not name or not row.person.full_name or _same_name(name, row.person.full_name):
                return row.person
    return None


@transaction.atomic
def identify(
    *,
    name: str = "",
    email: str = "",
    phone: str = "",
    address: str = "",
    postcode: str = "",
    now: datetime,
) -> int | None:
    """The person behind these details, found or added; None when nothing was given.

    Two people who share a telephone are told apart by their names. Raises NotAPhoneNumber or
    NotAnEmailAddress.
    """
    points: list[tuple[Kind, str]] = []
    if email.strip():
        points.append(("email", read_email(email)))
    if phone.strip():
        points.append(("phone", read_phone(phone)))
    name = " ".join(name.split())[:200]
    if not name and not points:
        return None
    person = _known(points, name)
    if person is None:
        person = Person.objects.create(
            full_name=name, address=address[:300], postcode=postcode[:8], created_at=now
        )
    elif name and not person.full_name:
        person.full_name = name
        person.save(update_fields=["full_name"])
    for kind, value in points:
        ContactPoint.objects.get_or_create(
            person=person, kind=kind, value=value, defaults={"digest": address_hash(kind, value)}
        )
    return person.pk


def opt_out(*, phone: str, now: datetime) -> int:
    """Nobody with this number is sent texts any more. Returns how many people have it."""
    return ContactPoint.objects.filter(
        digest=address_hash("phone", phone), kind="phone", opted_out_at=None
    ).update(opted_out_at=now)


def opt_in(*, phone: str) -> int:
    """Texts may be sent to this number again."""
    return ContactPoint.objects.filter(digest=address_hash("phone", phone), kind="phone").update(
        opted_out_at=None
    )


def mark_unusable(*, kind: Kind, value: str, now: datetime) -> int:
    """A provider says that nothing can be delivered here."""
    return ContactPoint.objects.filter(
        digest=address_hash(kind, value), kind=kind, unusable_at=None
    ).update(unusable_at=now)
