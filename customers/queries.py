"""Finds people, for those who may see them, and how a person can be told something."""

from __future__ import annotations

import re
import unicodedata
import uuid
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from django.db.models import Q

from accounts.permissions import Permission, Viewer
from core.errors import DomainError
from core.privacy import Kind, address_hash
from customers.contact import NotAnEmailAddress, NotAPhoneNumber, read_email, read_phone
from customers.models import ContactPoint, Person
from customers.needs import Needed, needs_of


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
    """Keyed hashes by person, one statement for many."""
    found: dict[int, set[str]] = {person_id: set() for person_id in person_ids}
    rows = ContactPoint.objects.filter(person_id__in=list(found))
    for person_id, digest in rows.values_list("person_id", "digest"):
        found[person_id].add(digest)
    return {person_id: frozenset(digests) for person_id, digests in found.items()}


def _rows(people: Sequence[Person]) -> list[PersonRow]:
    points: dict[int, list[ContactPoint]] = {person.pk: [] for person in people}
    for point in ContactPoint.objects.filter(person_id__in=list(points)):
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
        )
        for person in people
    ]


def search(viewer: Viewer, text: str, limit: int = 10) -> list[PersonRow]:
    """People by telephone, e-mail, postcode or part of a name. Empty for who may not see them."""
    text = text.strip()
    if not viewer.may(Permission.SEE_PEOPLE) or len(text) < 3:
        return []
    match = Q(full_name__icontains=text) | Q(postcode__iexact=text)
    hashes = []
    readers: list[tuple[Kind, Callable[[str], str]]] = [
        ("email", read_email),
        ("phone", read_phone),
    ]
    for kind, read in readers:
        try:
            hashes.append(address_hash(kind, read(text)))
        except (NotAnEmailAddress, NotAPhoneNumber):
            continue
    if hashes:
        owners = ContactPoint.objects.filter(digest__in=hashes).values("person_id")
        match |= Q(pk__in=owners)
    return _rows(list(Person.objects.filter(match, merged_into=None)[:limit]))


def person(viewer: Viewer, public_id: uuid.UUID) -> PersonRow:
    """One person. Raises NoSuchPerson, also for who may not see people."""
    if not viewer.may(Permission.SEE_PEOPLE):
        raise NoSuchPerson("There is no such person")
    found = Person.objects.filter(public_id=public_id).first()
    if found is None:
        raise NoSuchPerson("There is no such person")
    return _rows([found])[0]


def by_id(person_id: int) -> PersonRow:
    """One person for code that has already settled that the viewer may see them."""
    return _rows([Person.objects.get(pk=person_id)])[0]


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
    plain = words.casefold()
    spoken = set(re.findall(r"\w+", plain))
    if any(len(part) > 2 and part in spoken for part in re.findall(r"\w+", row.name.casefold())):
        return True
    digits = re.sub(r"\D", "", words)
    street = row.address.split(",")[0].strip().casefold()
    return (
        any(phone[-9:] in digits for phone in row.phones)
        or any(email.casefold() in plain for email in row.emails)
        or (len(street) > 4 and street in plain)
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
    said = _plain(name), "".join(postcode.split()).upper()
    if not all(said):
        return None
    for point in _with_number([digest]):
        known = _plain(point.person.full_name), "".join(point.person.postcode.split()).upper()
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


def _plain(name: str) -> str:
    """A name without accents, capitals and what is written between its parts: it was spoken."""
    letters = unicodedata.normalize("NFKD", name).casefold()
    return " ".join(
        re.sub(r"[^\w\s]", " ", "".join(c for c in letters if not unicodedata.combining(c))).split()
    )
