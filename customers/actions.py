"""Adds people and what is known of how to reach them."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from django.db import connection, transaction

from core import audit
from core.audit import Actor
from core.privacy import Kind, address_hash
from customers import actions_telling
from customers.contact import read_email, read_phone
from customers.models import ContactPoint, Person


def _same_name(one: str, other: str) -> bool:
    return " ".join(one.split()).casefold() == " ".join(other.split()).casefold()


def _known(points: list[tuple[Kind, str]], name: str) -> Person | None:
    """Who these contact points and this name mean.

    With a name: whoever has one of the points and that name, or has not said a name yet.
    Without: whoever alone has one of the points. A shared telephone names nobody.
    """
    for kind, value in points:
        rows = ContactPoint.objects.filter(
            digest=address_hash(kind, value),
            kind=kind,
            value=value,
            for_one=False,
            person__merged_into=None,
        ).select_related("person")
        people = {row.person_id: row.person for row in rows.order_by("person_id", "pk")}
        nameless = [person for person in people.values() if not person.full_name]
        if name:
            fitting = [p for p in people.values() if _same_name(name, p.full_name)] + nameless
        else:
            fitting = nameless or (list(people.values()) if len(people) == 1 else [])
        if fitting:
            return fitting[0]
    return None


def _one_at_a_time(points: list[tuple[Kind, str]]) -> None:
    """Who has the same telephone or e-mail waits until this transaction has ended.

    Two messages of somebody new that come in together would else make two people of one.
    """
    with connection.cursor() as cursor:
        for digest in sorted(address_hash(kind, value) for kind, value in points):
            cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [digest])


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
    # No savepoint: what was refused has been refused above, before anything was written.
    with transaction.atomic(savepoint=False):
        _one_at_a_time(points)
        person = _known(points, name)
        if person is None:
            person = Person.objects.create(
                full_name=name, address=address[:300], postcode=postcode[:8], created_at=now
            )
        elif name and not person.full_name:
            person.full_name = name
            person.save(update_fields=["full_name"])
        ContactPoint.objects.bulk_create(
            [
                ContactPoint(
                    person=person, kind=kind, value=value, digest=address_hash(kind, value)
                )
                for kind, value in points
            ],
            ignore_conflicts=True,
        )
    return person.pk


def opt_out(*, phone: str, source: str = "text", now: datetime) -> bool:
    """Nobody with this number is sent texts any more, nor who gives it to us later.

    `source`: they said so by text, or a provider told us. False where that was so already.
    """
    return actions_telling.stop_texts(phone=phone, source=source, now=now)


def opt_in(*, phone: str, now: datetime) -> bool:
    """Texts may be sent to this number again: they said so by text."""
    return actions_telling.start_texts(phone=phone, source="text", now=now)


def mark_unusable(*, kind: Kind, value: str, now: datetime) -> int:
    """A provider says that nothing can be delivered here."""
    return ContactPoint.objects.filter(
        digest=address_hash(kind, value), kind=kind, unusable_at=None
    ).update(unusable_at=now)


def choose_how_much(*, person_ids: Collection[int], how_much: str) -> int:
    """How much people want to hear of all their enquiries; how many of them changed."""
    people = Person.objects.filter(pk__in=person_ids).exclude(tell_how_much=how_much)
    return people.update(tell_how_much=how_much)


def set_vulnerable(
    *, person_id: int, is_vulnerable: bool, why: str, actor: Actor, now: datetime
) -> bool:
    """Sets or takes away the flag with its reason; whether anything changed."""
    person = Person.objects.select_for_update(no_key=True).get(pk=person_id)
    if person.is_vulnerable == is_vulnerable and person.vulnerable_until is None:
        return False
    person.is_vulnerable, person.vulnerable_until = is_vulnerable, None
    person.vulnerable_why = why[:200] if is_vulnerable else ""
    person.save(update_fields=["is_vulnerable", "vulnerable_why", "vulnerable_until"])
    audit.record(
        "person.vulnerable" if is_vulnerable else "person.not_vulnerable",
        actor=actor,
        target=f"person:{person.public_id}",
        at=now,
    )
    return True


def somebody_new(*, now: datetime) -> int:
    """A person of whom nothing is known yet."""
    return Person.objects.create(created_at=now).pk


def add_point(person_id: int, *, email: str = "", phone: str = "", for_one: bool = False) -> None:
    """One more way to reach somebody whom we know. Twice is one.

    `for_one`: about one enquiry alone, as whoever has its link said; nobody is found, proved or
    shown anything else by it. Raises NotAPhoneNumber, NotAnEmailAddress.
    """
    points = points_of(email=email, phone=phone, for_one=for_one)
    for point in points:
        point.person_id = person_id
    ContactPoint.objects.bulk_create(points, ignore_conflicts=True)


def points_of(*, email: str = "", phone: str = "", for_one: bool = False) -> list[ContactPoint]:
    """Ways to reach somebody, not kept yet. Raises NotAPhoneNumber, NotAnEmailAddress."""
    read: list[tuple[Kind, str]] = []
    if email.strip():
        read.append(("email", read_email(email)))
    if phone.strip():
        read.append(("phone", read_phone(phone)))
    return [
        ContactPoint(kind=kind, value=value, digest=address_hash(kind, value), for_one=for_one)
        for kind, value in read
    ]
