"""Who may be somebody that we know already, with why; shown before anybody is added twice."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import IntEnum
from typing import Final

from django.db import connection
from django.db.models import Q

from accounts.permissions import Permission, Viewer
from core.privacy import Kind, address_hash
from customers.models import Apart, ContactPoint, Person
from customers.queries import PersonRow, rows_of
from customers.spoken import apart, joined

# A name that more people have than this says nothing by itself.
MOST_NAMESAKES: Final = 5


class Why(IntEnum):
    """What is the same; more is a better reason."""

    SOUND = 1
    NAME = 2
    POSTCODE = 4
    EMAIL = 8
    PHONE = 8 + 1


WHY_WORDS: Final = {
    Why.PHONE: "the same phone number",
    Why.EMAIL: "the same email address",
    Why.NAME: "the same name",
    Why.SOUND: "a name that sounds the same",
    Why.POSTCODE: "the same postcode",
}


@dataclass(frozen=True, slots=True)
class Details:
    """What somebody says of themselves; points as `contact` reads them."""

    name: str = ""
    phones: tuple[str, ...] = ()
    emails: tuple[str, ...] = ()
    postcode: str = ""


@dataclass(frozen=True, slots=True)
class Likely:
    """Somebody who may be meant, and why."""

    person: PersonRow
    why: tuple[Why, ...]

    @property
    def words(self) -> str:
        """Why, as staff read it."""
        said = [WHY_WORDS[one] for one in self.why]
        return f"{', '.join(said[:-1])} and {said[-1]}" if len(said) > 1 else "".join(said)

    @property
    def is_sure(self) -> bool:
        """Whether it is them, as far as anybody can tell: the same name and number, or a number
        of somebody who has given no name."""
        reached = Why.PHONE in self.why or Why.EMAIL in self.why
        return reached and (Why.NAME in self.why or self.person.is_nameless)


# All who have a number or an address; all of the same name, or one that sounds so, of whom
# something else is the same; and namesakes while they are few.
_FOUND: Final = """
WITH reached AS MATERIALIZED (
    SELECT person_id AS id, max(CASE kind WHEN 'phone' THEN 1 ELSE 0 END) AS phone,
           max(CASE kind WHEN 'email' THEN 1 ELSE 0 END) AS email
    FROM customers_contactpoint
    WHERE digest = ANY(%(digests)s) AND NOT for_one GROUP BY person_id),
there AS MATERIALIZED (
    SELECT id FROM customers_person
    WHERE %(postcode)s <> '' AND customers_compact(postcode) LIKE %(postcode)s LIMIT 300),
named AS MATERIALIZED (
    SELECT id FROM customers_person
    WHERE %(name)s <> '' AND customers_words(full_name) @> customers_words(%(name)s)
      AND merged_into_id IS NULL LIMIT %(namesakes)s + 2)
SELECT person.id, coalesce(reached.phone, 0), coalesce(reached.email, 0),
       %(postcode)s <> '' AND customers_compact(person.postcode) = %(postcode)s,
       customers_words(person.full_name) @> customers_words(%(name)s)
         AND customers_words(person.full_name) <@ customers_words(%(name)s || ' ' || %(apart)s),
       customers_sounds(person.full_name) @> customers_sounds(%(name)s)
FROM customers_person AS person LEFT JOIN reached ON reached.id = person.id
WHERE person.merged_into_id IS NULL AND person.id = ANY(ARRAY(
        SELECT id FROM reached UNION SELECT id FROM there
        UNION SELECT id FROM named WHERE (SELECT count(*) FROM named) <= %(namesakes)s + 1))
"""


def likely(
    viewer: Viewer, details: Details, *, of: int | None = None, limit: int = 5
) -> list[Likely]:
    """Who these details may mean, the likeliest first; `of`: the person whose details they are,
    and from whom others were told apart. Empty for who may not see people."""
    if not viewer.may(Permission.SEE_PEOPLE):
        return []
    pairs: list[tuple[Kind, str]] = [("phone", one) for one in details.phones]
    pairs += [("email", one) for one in details.emails]
    name = joined(" ".join(details.name.replace("\x00", " ").split()))
    with connection.cursor() as cursor:
        cursor.execute(
            _FOUND,
            {
                "digests": [address_hash(kind, value) for kind, value in pairs],
                "postcode": "".join(details.postcode.split()).upper(),
                "name": name,
                "apart": apart(name),
                "namesakes": MOST_NAMESAKES,
            },
        )
        found = {row[0]: _why(bool(name), *row[1:]) for row in cursor.fetchall()}
    others = _apart_from(of) | {of} if of is not None else set()
    scored = sorted(
        (
            (sum(why), person_id)
            for person_id, why in found.items()
            if why and person_id not in others
        ),
        key=lambda one: (-one[0], one[1]),
    )[:limit]
    return [
        Likely(row, found[row.id]) for row in rows_of([person_id for _score, person_id in scored])
    ]


def _why(
    has_name: bool, phone: int, email: int, there: bool, same: bool, sounds: bool
) -> tuple[Why, ...]:
    name = [Why.NAME] if has_name and same else [Why.SOUND] if has_name and sounds else []
    points = [one for one, is_so in ((Why.PHONE, phone), (Why.EMAIL, email)) if is_so]
    # Neighbours are not each other, and what only sounds so is somebody else's name.
    if not points and not (name == [Why.NAME] or (name and there)):
        return ()
    return (*points, *name, *([Why.POSTCODE] if there else []))


def of_person(viewer: Viewer, row: PersonRow) -> list[Likely]:
    """Who else may be this person; not those from whom they were told apart."""
    points = ContactPoint.objects.filter(person_id=row.id, for_one=False)
    kinds = list(points.values_list("kind", "value"))
    details = Details(
        name="" if row.is_nameless else row.name,
        phones=tuple(value for kind, value in kinds if kind == "phone"),
        emails=tuple(value for kind, value in kinds if kind == "email"),
        postcode=row.postcode,
    )
    return likely(viewer, details, of=row.id)


def _apart_from(person_id: int) -> set[int]:
    rows = Apart.objects.filter(Q(one_id=person_id) | Q(other_id=person_id))
    return {key for pair in rows.values_list("one_id", "other_id") for key in pair}


def current(person_ids: Sequence[int]) -> dict[int, int]:
    """Whose row each of these is now: its own, or that which it was merged into, however often."""
    now = {person_id: person_id for person_id in person_ids}
    while True:
        rows = Person.objects.filter(pk__in=set(now.values()), merged_into__isnull=False)
        onward = dict(rows.values_list("pk", "merged_into_id"))
        if not onward:
            return now
        now = {person_id: onward.get(at, at) for person_id, at in now.items()}
