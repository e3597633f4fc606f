"""Finds people among a million, by what an agent types: a statement or two, each by an index.

Who is found by all words of a name comes first, then who is found by its sound, then by a part of
it. A whole postcode finds everybody there, those whose names are nearest first, so that a name may
be mistyped; a name finds those whose postcodes are nearest, so that a postcode may be.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from django.db import connection

from accounts.permissions import Permission, Viewer
from core.privacy import address_hash
from customers import seeking
from customers.queries import PersonRow, rows_of
from customers.seeking import Sought

# As many as are put in order; who has so common a name is found with a postcode.
_MOST: Final = 300
_NEAR: Final = 0.3

# What a name that is looked for matches: all its words, or how they sound; the name that we use, or
# another that they gave. So many are gathered before they are put in order.
_MATCHED: Final = """
    (SELECT id FROM customers_person
     WHERE customers_words(full_name) @> customers_words(%(name)s) LIMIT %(most)s)
    UNION ALL
    (SELECT id FROM customers_person
     WHERE customers_sounds(full_name) @> customers_sounds(%(name)s)
       AND customers_sounds(%(name)s) <> '{}' LIMIT %(most)s)
    UNION ALL
    (SELECT given.person_id FROM customers_givenname AS given
     WHERE given.ended_at IS NULL AND customers_words(given.name) @> customers_words(%(name)s)
     LIMIT %(most)s)"""
_MATCHED_NEAR: Final = _MATCHED.replace(
    "FROM customers_person\n     WHERE",
    "FROM customers_person\n     WHERE customers_compact(postcode) LIKE %(postcode)s || '%%' AND",
)
_RANKED: Final = """
    WITH matched AS MATERIALIZED ({matched})
    SELECT person.id FROM customers_person AS person
    WHERE person.id IN (SELECT id FROM matched) AND person.merged_into_id IS NULL
    {and_where} ORDER BY {order} LIMIT %(limit)s"""
_BY_NEARNESS: Final = "similarity(upper(person.full_name), upper(%(name)s)) DESC, person.id"
_AT: Final = "customers_compact(person.postcode) LIKE %(postcode)s || '%%'"
# Somebody at the same door whose name was heard, or typed, nearly as it is.
_LIKE: Final = """AND (word_similarity(upper(%(name)s), upper(person.full_name)) > %(near)s
     OR customers_sounds(person.full_name) && customers_sounds(%(name)s))"""
_THERE: Final = """SELECT id FROM customers_person
    WHERE customers_compact(postcode) LIKE %(postcode)s || '%%'"""
_PART: Final = "SELECT id FROM customers_person WHERE {parts} LIMIT %(most)s"
_ENDING: Final = """SELECT person_id AS id FROM customers_contactpoint
    WHERE kind = 'phone' AND reverse(value) LIKE reverse(%(tail)s) || '%%' LIMIT %(most)s"""
_NEAREST: Final = (
    "similarity(customers_compact(person.postcode), %(postcode)s) DESC, "
    "similarity(upper(person.full_name), upper(%(name)s)) DESC, person.id"
)


def search(viewer: Viewer, text: str, limit: int = 10) -> list[PersonRow]:
    """People by name, postcode, e-mail, telephone (or its end) and UPRN, the best first.

    Empty for who may not see people, and for less than three letters.
    """
    if not viewer.may(Permission.SEE_PEOPLE):
        return []
    return rows_of(ids(seeking.read(text), limit))


def ids(sought: Sought, limit: int) -> list[int]:
    """The keys of those people, the best first."""
    if not sought.is_something:
        return []
    if sought.email:
        return _with([address_hash("email", sought.email)], limit)
    if sought.tail or sought.uprn:
        return _numbered(sought, limit)
    if sought.name and sought.postcode:
        return _named_at(sought, limit)
    return _named(sought, limit) if sought.name else _at(sought, limit)


def _run(sql: str, **values: Any) -> list[int]:
    with connection.cursor() as cursor:
        cursor.execute(sql, {"most": _MOST, "near": _NEAR, **values})
        return [row[0] for row in cursor.fetchall()]


def _with(digests: Sequence[str], limit: int) -> list[int]:
    return _run(
        "SELECT DISTINCT person.id FROM customers_person AS person"
        " JOIN customers_contactpoint AS point ON point.person_id = person.id"
        " WHERE point.digest = ANY(%(digests)s) AND person.merged_into_id IS NULL"
        " ORDER BY person.id LIMIT %(limit)s",
        digests=list(digests),
        limit=limit,
    )


def _numbered(sought: Sought, limit: int) -> list[int]:
    """By a whole number, by its end, or by a UPRN; of a name beside it, those nearest to it."""
    found = _with([address_hash("phone", sought.phone)], limit) if sought.phone else []
    if sought.uprn:
        found += _run(
            "SELECT id FROM customers_person WHERE uprn <> '' AND uprn = %(uprn)s"
            " AND merged_into_id IS NULL UNION"
            " SELECT person.id FROM customers_postaladdress AS place"
            " JOIN customers_person AS person ON person.id = place.person_id"
            " WHERE place.uprn <> '' AND place.uprn = %(uprn)s"
            " AND place.ended_at IS NULL AND person.merged_into_id IS NULL LIMIT %(limit)s",
            uprn=sought.uprn,
            limit=limit,
        )
    if not found:
        order = _BY_NEARNESS if sought.name else "person.id"
        sql = _RANKED.format(matched=_ENDING, and_where="", order=order)
        found = _run(sql, tail=sought.tail, name=sought.name, limit=limit)
    return list(dict.fromkeys(found))[:limit]


def _named(sought: Sought, limit: int) -> list[int]:
    sql = _RANKED.format(matched=_MATCHED, and_where="", order=_BY_NEARNESS)
    found = list(dict.fromkeys(_run(sql, name=sought.name, limit=limit)))
    return found or _part(sought.name, limit)


def _part(name: str, limit: int) -> list[int]:
    """Everybody whose name holds each of these parts."""
    parts = [part for part in name.split() if len(part) >= seeking.FEWEST]
    if not parts:
        return []
    condition = " AND ".join(f"upper(full_name) LIKE %(part{n})s" for n in range(len(parts)))
    values = {f"part{n}": f"%{_literal(part.upper())}%" for n, part in enumerate(parts)}
    sql = _RANKED.format(matched=_PART.format(parts=condition), and_where="", order=_BY_NEARNESS)
    return _run(sql, name=name, limit=limit, **values)


def _literal(part: str) -> str:
    return part.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")


def _at(sought: Sought, limit: int) -> list[int]:
    sql = _RANKED.format(
        matched=_THERE + " LIMIT %(most)s", and_where="", order="person.full_name, person.id"
    )
    return _run(sql, postcode=sought.postcode, limit=limit)


def _named_at(sought: Sought, limit: int) -> list[int]:
    """At a whole postcode whoever has a name like it; then who has the name in that part of the
    county; then who has it where the postcode is nearest. Either may be mistyped, hardly both."""
    values = {"name": sought.name, "postcode": sought.postcode, "limit": limit}
    if not sought.is_part:
        sql = _RANKED.format(matched=_THERE, and_where=_LIKE, order=_BY_NEARNESS)
        if found := _run(sql, **values):
            return found
        values["postcode"] = sought.postcode[:-3]
    sql = _RANKED.format(matched=_MATCHED_NEAR, and_where=f"AND {_AT}", order=_BY_NEARNESS)
    if found := _run(sql, **values):
        return found
    values["postcode"] = sought.postcode
    sql = _RANKED.format(matched=_MATCHED, and_where="", order=_NEAREST)
    return _run(sql, **values)
