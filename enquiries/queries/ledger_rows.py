"""What the ledger is written from, without a model around each row: a rebuild reads millions."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Iterator
from datetime import datetime
from typing import Any, NamedTuple

from psycopg.types.datetime import TimestamptzLoader

from core import copies
from enquiries.models import Enquiry as EnquiryRow

_ITEMS = """
SELECT id, contact_id, enquiry_id, kind, avoidable, evidence, desk_answer, about_id, at
FROM enquiries_contactitem WHERE enquiry_id = ANY(%s::bigint[]) ORDER BY id"""
_CONTACTS = """
SELECT id, channel, started_at, ended_at, recorded_at, person_id, address_hash, site_id, agent_id,
    thread, session, digest, abandoned, assists_id, signals
FROM enquiries_contact WHERE id = ANY(%s::bigint[])"""
_EVENTS = """
SELECT enquiry_id, type, at, recorded_at, organisation_id, sequence, data
FROM enquiries_enquiryevent WHERE enquiry_id = ANY(%s::bigint[]) AND undone_at IS NULL
ORDER BY enquiry_id, sequence"""
_POINTED_AT = """
SELECT enquiry_id FROM enquiries_enquiryevent WHERE enquiry_id = ANY(%s::bigint[])
    AND undone_at IS NULL AND sequence = 1 AND type = 'enquiry.received'
    AND data -> 'pointed' = 'true'"""


class Item(NamedTuple):
    """What a contact said about an enquiry."""

    pk: int
    contact_id: int
    enquiry_id: int
    kind: str
    avoidable: str
    evidence: Any
    desk_answer: str
    about_id: int | None
    at: datetime


class Contact(NamedTuple):
    """One sitting as its channel recorded it."""

    pk: int
    channel: str
    started_at: datetime
    ended_at: datetime | None
    recorded_at: datetime
    person_id: int | None
    address_hash: str
    site_id: int | None
    agent_id: int | None
    thread: str
    session: str
    digest: str
    abandoned: bool
    assists_id: int | None
    signals: list[str]


class Enquiry(NamedTuple):
    """One need; `service` and `owner` are slugs."""

    pk: int
    reference: str
    service: str | None
    owner: str | None
    team_id: int | None
    article: str
    uprn: str
    easting: int | None
    northing: int | None


class Event(NamedTuple):
    """One line of an enquiry's ledger."""

    enquiry_id: int
    type: str
    at: datetime
    recorded_at: datetime
    organisation_id: int | None
    sequence: int
    data: dict[str, Any]


def items(enquiries: Iterable[int]) -> list[Item]:
    """All that was said about these enquiries, in the order in which it was written down."""
    return [Item(*row) for row in _read(_ITEMS, enquiries)]


def contacts(keys: Collection[int]) -> dict[int, Contact]:
    """These contacts by their keys."""
    return {row[0]: Contact(*row) for row in _read(_CONTACTS, keys)}


def events(enquiries: Iterable[int]) -> Iterator[Event]:
    """The lines of these enquiries, each enquiry's in their order."""
    for *columns, data in _read(_EVENTS, enquiries):
        yield Event._make((*columns, json.loads(data)))


def pointed_at(enquiries: Iterable[int]) -> set[int]:
    """Those of them that came with a point on the map: their first line says it."""
    return {row[0] for row in _read(_POINTED_AT, enquiries)}


def _read(statement: str, keys: Iterable[int]) -> list[tuple[Any, ...]]:
    """Moments are read by psycopg's own loader: Django's, in Python, takes ten times as long."""
    with copies.connection().cursor() as cursor:
        cursor.cursor.adapters.register_loader("timestamptz", TimestamptzLoader)
        cursor.execute(statement, [list(keys)])
        return list(cursor.fetchall())


def enquiries(keys: Iterable[int]) -> list[Enquiry]:
    """These enquiries in the order of their keys."""
    rows = EnquiryRow.objects.filter(pk__in=keys).order_by("pk")
    return [
        Enquiry(*row)
        for row in rows.values_list(
            "pk", "reference", "service__slug", "owner__slug", "team_id", "article",
            "uprn", "easting", "northing",
        )
    ]  # fmt: skip
