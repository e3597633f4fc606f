"""Finds people, for those who may see them, and how a person can be told something."""

from __future__ import annotations

import re
import uuid
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cache

from django.db.models import BigIntegerField
from django.db.models.functions import Collate

from accounts.permissions import Permission, Viewer
from core.errors import DomainError
from core.privacy import address_hash
from core.statements import Given, Objects, objects
from customers.models import ContactPoint, Person
from customers.needs import Needed, needs_of
from customers.spoken import plain


class NoSuchPerson(DomainError):
    code = "no_such_person"


@dataclass(frozen=True, slots=True)
class PersonRow:
    """A person as staff see them in a list."""

    id: int
    public_id: uuid.UUID
    name: str
    address: str
    postcode: str
    phones: tuple[str, ...]
    emails: tuple[str, ...]
    is_vulnerable: bool = False
    vulnerable_why: str = ""
    # The addresses that they proved to be theirs, with when.
    proved: Mapping[str, datetime] = field(default_factory=dict)
    # What they need so that we can speak with them.
    needs: tuple[Needed, ...] = ()
    is_nameless: bool = False


def how_much(person_ids: Iterable[int]) -> set[str]:
    """How much these people chose to hear; "" for who has chosen nothing."""
    rows = Person.objects.filter(pk__in=list(person_ids))
    return set(rows.values_list("tell_how_much", flat=True))


def digests(person_id: int) -> frozenset[str]:
    """Keyed hashes of every contact point of a person."""
    return frozenset(
        ContactPoint.objects.filter(person_id=person_id).values_list("digest", flat=True)
    )


def digests_of(person_ids: Iterable[int]) -> dict[int, frozenset[str]]:
    """Keyed hashes of what is theirs, by person, one statement for many.

    Without what was given for one enquiry alone: whoever had its link gave it.
    """
    found: dict[int, set[str]] = {person_id: set() for person_id in person_ids}
    rows = ContactPoint.objects.filter(person_id__in=list(found), for_one=False)
    for person_id, digest in rows.values_list("person_id", "digest"):
        found[person_id].add(digest)
    return {person_id: frozenset(digests) for person_id, digests in found.items()}


def every_digest() -> Iterator[tuple[str, int]]:
    """(keyed hash, whose) of everybody, in the order of the hashes: see `digests_of`."""
    rows = ContactPoint.objects.filter(for_one=False).order_by(Collate("digest", "C"), "person_id")
    yield from rows.values_list("digest", "person_id").iterator(chunk_size=20_000)


def points_after(point_id: int, *, limit: int = 5_000) -> list[tuple[int, int, str]]:
    """Addresses that came to be known later than one: (its key, whose, keyed hash), oldest first.

    Without what was given for one enquiry alone.
    """
    rows = ContactPoint.objects.filter(pk__gt=point_id, for_one=False).order_by("pk")
    return list(rows.values_list("pk", "person_id", "digest")[:limit])


def last_point() -> int:
    """The key of the address that came to be known last; 0 of none."""
    return ContactPoint.objects.order_by("-pk").values_list("pk", flat=True).first() or 0


def _rows(people: Sequence[Person]) -> list[PersonRow]:
    points: dict[int, list[ContactPoint]] = {person.pk: [] for person in people}
    for point in _points_of(people):
        points[point.person_id].append(point)
    needs = needs_of([person.pk for person in people if person.adjustments])
    return [
        PersonRow(
            id=person.pk,
            public_id=person.public_id,
            name=str(person),
            address=person.address,
            postcode=person.postcode,
            phones=tuple(p.value for p in points[person.pk] if p.kind == "phone"),
            emails=tuple(p.value for p in points[person.pk] if p.kind == "email"),
            is_vulnerable=person.is_vulnerable,
            vulnerable_why=person.vulnerable_why,
            proved={p.value: p.verified_at for p in points[person.pk] if p.verified_at},
            needs=needs.get(person.pk, ()),
            is_nameless=not person.full_name,
        )
        for person in people
    ]


def rows_of(person_ids: Sequence[int]) -> list[PersonRow]:
    """People by their keys, in the order of these; who is not there is left out."""
    people = Person.objects.in_bulk(list(person_ids))
    return _rows([people[person_id] for person_id in person_ids if person_id in people])


def person(viewer: Viewer, public_id: uuid.UUID) -> PersonRow:
    """One person. Raises NoSuchPerson, also for who may not see people."""
    if not viewer.may(Permission.SEE_PEOPLE):
        raise NoSuchPerson("There is no such person")
    found = Person.objects.filter(public_id=public_id).first()
    if found is None:
        raise NoSuchPerson("There is no such person")
    return _rows([found])[0]


def by_id(person_id: int) -> PersonRow:
    """One person for code that has already settled that the viewer may see them: whoever that row
    was merged into."""
    found = _one().rows(pk=person_id)
    if not found:
        raise Person.DoesNotExist(person_id)
    if found[0].merged_into_id is not None:
        return by_id(found[0].merged_into_id)
    return _rows(found)[0]


@cache
def _one() -> Objects[Person]:
    return objects(Person.objects.filter(pk=Given("pk", BigIntegerField())), prepared=True)


@cache
def _points() -> Objects[ContactPoint]:
    one = Given("person", BigIntegerField())
    return objects(ContactPoint.objects.filter(person_id=one), prepared=True)


def _points_of(people: Sequence[Person]) -> Iterable[ContactPoint]:
    if len(people) == 1:
        return _points().rows(person=people[0].pk)
    return ContactPoint.objects.filter(person_id__in=[person.pk for person in people])


def names(person_ids: Sequence[int]) -> dict[int, str]:
    """Names by id, one statement for a whole page."""
    return {row.pk: str(row) for row in Person.objects.filter(pk__in=person_ids)}


def with_phone(phone: str, *, for_one: bool = False) -> list[int]:
    """Ids of everybody with this number (E.164), oldest first; or of those for whom it was given
    about one enquiry alone.
    """
    return list(
        ContactPoint.objects.filter(
            digest=address_hash("phone", phone),
            kind="phone",
            for_one=for_one,
            person__merged_into=None,
        )
        .order_by("person_id")
        .values_list("person_id", flat=True)
    )


def with_email(email: str) -> list[int]:
    """Ids of everybody with this e-mail address, oldest first."""
    rows = ContactPoint.objects.filter(
        digest=address_hash("email", email), kind="email", for_one=False, person__merged_into=None
    )
    return list(rows.order_by("person_id").values_list("person_id", flat=True))


def is_vulnerable(person_id: int, *, on: date) -> bool:
    """Whether staff have flagged a person as vulnerable, on a date."""
    person = Person.objects.filter(pk=person_id, is_vulnerable=True).first()
    return person is not None and flagged(person, on=on)


def flagged(person: Person, *, on: date) -> bool:
    """The same of a person who has been read."""
    until = person.vulnerable_until
    return person.is_vulnerable and (until is None or on <= until)


def is_named(person_id: int, words: str) -> bool:
    """Whether words hold a name, a telephone, an e-mail or the street of a person."""
    row = by_id(person_id)
    small = words.casefold()
    spoken = set(re.findall(r"\w+", small))
    if any(len(part) > 2 and part in spoken for part in re.findall(r"\w+", row.name.casefold())):
        return True
    digits = re.sub(r"\D", "", words)
    street = row.address.split(",")[0].strip().casefold()
    return (
        any(phone[-9:] in digits for phone in row.phones)
        or any(email.casefold() in small for email in row.emails)
        or (len(street) > 4 and street in small)
    )


def phone_ends(person_id: int | None) -> list[str]:
    """The last four digits of each telephone of a person. One statement, for nobody as well."""
    rows = ContactPoint.objects.filter(person_id=person_id or 0, kind="phone", for_one=False)
    rows = rows.order_by("pk")
    return [value[-4:] for value in rows.values_list("value", flat=True)]


@dataclass(frozen=True, slots=True)
class Perhaps:
    """Somebody who has a number that rings: a hint, and masked, for a number proves nobody."""

    name: str
    area: str


def perhaps(viewer: Viewer, digests: Iterable[str]) -> dict[str, list[Perhaps]]:
    """Whom these numbers (their keyed hashes) may belong to, one statement for a whole page."""
    found: dict[str, list[Perhaps]] = {digest: [] for digest in digests if digest}
    if not viewer.may(Permission.SEE_PEOPLE) or not found:
        return found
    for point in _with_number(found):
        area = "".join(point.person.postcode.split())[:-3].upper()
        found[point.digest].append(Perhaps(_masked(point.person.full_name), area))
    return found


def confirmed(viewer: Viewer, digest: str, *, name: str, postcode: str) -> uuid.UUID | None:
    """Who has this number and this name and postcode, as somebody has just told us; None where
    that is nobody. Of whom we know no name, or no postcode, nobody can say that it is them."""
    if not viewer.may(Permission.SEE_PEOPLE) or not digest:
        return None
    said = plain(name), "".join(postcode.split()).upper()
    if not all(said):
        return None
    for point in _with_number([digest]):
        known = plain(point.person.full_name), "".join(point.person.postcode.split()).upper()
        if known == said:
            return point.person.public_id
    return None


def _with_number(digests: Iterable[str]) -> Iterable[ContactPoint]:
    rows = ContactPoint.objects.filter(
        digest__in=list(digests), kind="phone", for_one=False, person__merged_into=None
    )
    return rows.select_related("person").order_by("person_id", "pk")


def _masked(name: str) -> str:
    """A•• B••: how long a name is says too much as well."""
    return " ".join(f"{part[:1]}••" for part in name.split()) or "No name"
