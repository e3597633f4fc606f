"""Whose a number is that rings, and whether somebody says what they once gave us. Reads only.

A number proves nobody: names are masked here, and what was given is compared and never told.
"""

from __future__ import annotations

import uuid
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime

from accounts.permissions import Permission, Viewer
from customers.contact import NotAnEmailAddress, NotAPhoneNumber, read_email, read_phone
from customers.models import ContactPoint, Person, Proxy
from customers.queries import PersonRow
from customers.spoken import plain

# So many of those who share a number are looked at.
MOST = 50


@dataclass(frozen=True, slots=True)
class Holder:
    """Somebody who gave us a number. `household` counts those with it at the same address, and
    `sharing` all who have it."""

    id: int
    public_id: uuid.UUID
    name: str
    area: str
    is_preferred: bool
    is_proved: bool
    is_unusable: bool
    household: int
    sharing: int
    # Whom they may speak for, masked.
    speaks_for: tuple[str, ...] = ()


def holders(viewer: Viewer, digest: str, *, on: date) -> list[Holder]:
    """Everybody with a number (its keyed hash), oldest first, and whom they speak for on a day;
    nobody for who may not see people, and nobody for a withheld number."""
    if not digest or not viewer.may(Permission.SEE_PEOPLE):
        return []
    rows = ContactPoint.objects.filter(
        digest=digest, kind="phone", for_one=False, person__merged_into=None
    )
    points = list(rows.select_related("person").order_by("person_id", "pk")[:MOST])
    homes = Counter(_home(one.person) for one in points)
    others = _spoken_for([one.person_id for one in points], on)
    return [
        Holder(
            id=one.person_id,
            public_id=one.person.public_id,
            name=masked_name(one.person.full_name),
            area=area(one.person.postcode),
            is_preferred=one.is_preferred,
            is_proved=one.verified_at is not None,
            is_unusable=one.unusable_at is not None,
            household=homes[_home(one.person)] if all(_home(one.person)) else 1,
            sharing=len(points),
            speaks_for=tuple(others.get(one.person_id, ())),
        )
        for one in points
    ]


def _spoken_for(ids: list[int], on: date) -> dict[int, list[str]]:
    found: dict[int, list[str]] = {}
    rows = Proxy.objects.filter(acts_id__in=ids, ended_at=None, from_on__lte=on)
    for row in rows.exclude(ends_on__lt=on).select_related("person").order_by("pk"):
        found.setdefault(row.acts_id, []).append(masked_name(row.person.full_name))
    return found


def _home(person: Person) -> tuple[str, str]:
    return _tight(person.postcode), plain(person.address)


def masked_name(name: str) -> str:
    """A•• B••: how long a name is says too much as well."""
    return " ".join(f"{part[:1]}••" for part in name.split()) or "No name"


def area(postcode: str) -> str:
    """The first half of a postcode."""
    return _tight(postcode)[:-3]


def _tight(postcode: str) -> str:
    return "".join(postcode.split()).upper()


def masked(row: PersonRow) -> PersonRow:
    """A person of whom nothing is told before they have proved who they are."""
    return replace(
        row,
        name=masked_name(row.name),
        address="",
        postcode="",
        phones=(),
        emails=(),
        is_vulnerable=False,
        vulnerable_why="",
        proved={},
        needs=(),
    )


def named(row: PersonRow) -> PersonRow:
    """Somebody who is found by what a caller says: their name, to be chosen by, and whereabouts."""
    return replace(masked(row), name=row.name, postcode=area(row.postcode))


def known_since(person_id: int) -> datetime:
    """When we first heard of somebody."""
    return Person.objects.values_list("created_at", flat=True).get(pk=person_id)


@dataclass(frozen=True, slots=True)
class Given:
    """What somebody gave us, made ready to be compared with what a caller says."""

    id: int
    public_id: uuid.UUID
    name: str
    postcode: str
    street: str
    emails: frozenset[str]
    phones: frozenset[str]

    def is_name(self, said: str) -> bool:
        """Whether it is their whole name."""
        return bool(self.name) and plain(said) == self.name

    def is_postcode(self, said: str) -> bool:
        """Whether it is their postcode."""
        return bool(self.postcode) and _tight(said) == self.postcode

    def is_street(self, said: str) -> bool:
        """Whether it is the first line of their address: a number or a name, and the street."""
        spoken, known = plain(said).split(), self.street.split()
        return len(spoken) > 1 and [one for one in known if one in spoken][:2] == known[:2] != []

    def is_email(self, said: str) -> bool:
        """Whether they gave us this address."""
        try:
            return read_email(said) in self.emails
        except NotAnEmailAddress:
            return False

    def is_phone(self, said: str, *, rings: str) -> bool:
        """Whether they gave us this number, and it is not the one that rings."""
        try:
            number = read_phone(said)
        except NotAPhoneNumber:
            return False
        return number in self.phones and number != rings


def given(viewer: Viewer, people: Iterable[uuid.UUID]) -> list[Given]:
    """What these people gave us, in the order of when we first heard of them."""
    if not viewer.may(Permission.SEE_PEOPLE):
        return []
    rows = list(Person.objects.filter(public_id__in=list(people), merged_into=None).order_by("pk"))
    points: dict[int, list[ContactPoint]] = {row.pk: [] for row in rows}
    for point in ContactPoint.objects.filter(person_id__in=list(points), for_one=False):
        points[point.person_id].append(point)
    return [
        Given(
            id=row.pk,
            public_id=row.public_id,
            name=plain(row.full_name),
            postcode=_tight(row.postcode),
            street=plain(row.address.split(",")[0]),
            emails=frozenset(one.value for one in points[row.pk] if one.kind == "email"),
            phones=frozenset(one.value for one in points[row.pk] if one.kind == "phone"),
        )
        for row in rows
    ]
