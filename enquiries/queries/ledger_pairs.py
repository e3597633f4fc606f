"""Which enquiries a ledger's lines tie to each other, as pairs: read by the database in one go.

What `metrics.ties` says of each enquiry, but for places; a pair too many does no harm. An enquiry
is its key, a person the key below zero.
"""

from __future__ import annotations

import heapq
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise
from typing import Any

from django.db import connection, transaction

import customers.queries
import customers.queries_merges
from enquiries.models import ToldLine, ToldTie
from enquiries.queries import told

Pair = tuple[int, int]

# One contact or a helped one, one page's session, one thread: neighbours in each.
_CONTACTS = """
SELECT enquiry, before FROM (
    SELECT enquiry, lag(enquiry) OVER (PARTITION BY tie ORDER BY enquiry) AS before FROM (
        SELECT contact_id AS tie, enquiry_id AS enquiry FROM enquiries_contactitem
        UNION ALL
        SELECT c.assists_id, i.enquiry_id FROM enquiries_contactitem AS i
        JOIN enquiries_contact AS c ON c.id = i.contact_id WHERE c.assists_id IS NOT NULL
    ) AS said
) AS neighbours WHERE before <> enquiry"""
_NAMED = """
SELECT enquiry, before FROM (
    SELECT i.enquiry_id AS enquiry,
        lag(i.enquiry_id) OVER (PARTITION BY c.{column} ORDER BY i.enquiry_id) AS before
    FROM enquiries_contactitem AS i JOIN enquiries_contact AS c ON c.id = i.contact_id
    WHERE c.{column} <> ''
) AS neighbours WHERE before <> enquiry"""
_PEOPLE = """
SELECT DISTINCT i.enquiry_id, -c.person_id FROM enquiries_contactitem AS i
JOIN enquiries_contact AS c ON c.id = i.contact_id WHERE c.person_id IS NOT NULL"""
_ABOUT = "SELECT enquiry_id, about_id FROM enquiries_contactitem WHERE about_id IS NOT NULL"
_EVENTS = """
SELECT enquiry_id, (data->>'target')::bigint FROM enquiries_enquiryevent
WHERE data ? 'target' AND data->>'target' ~ '^[0-9]{1,18}$'"""
_ADDRESSES = """
SELECT DISTINCT c.address_hash COLLATE "C" AS digest, i.enquiry_id
FROM enquiries_contactitem AS i JOIN enquiries_contact AS c ON c.id = i.contact_id
WHERE c.address_hash <> '' ORDER BY 1"""
_CHUNK = 20_000


def pairs() -> Iterator[Pair]:
    """Every pair. Memory does not grow with the ledger, but with what another hub's told."""
    statements = (
        _CONTACTS,
        _NAMED.format(column="thread"),
        _NAMED.format(column="session"),
        _PEOPLE,
        _ABOUT,
        _EVENTS,
    )
    for statement in statements:
        yield from rows(statement)
    yield from customers.queries_merges.pairs()
    yield from _by_address()
    if told.is_any():
        yield from _told()


def rows(statement: str, values: Sequence[Any] = ()) -> Iterator[Any]:
    """What a statement gives that may read everything, some at a time."""
    with transaction.atomic():
        with connection.cursor() as sql:
            sql.execute("SET LOCAL statement_timeout = 0")
            sql.execute("SET LOCAL cursor_tuple_fraction = 1")
        with connection.chunked_cursor() as sql:
            sql.execute(statement, values)
            while some := sql.fetchmany(_CHUNK):
                yield from some


def _by_address() -> Iterator[Pair]:
    """Contacts from one address, and the people whose it is."""
    with transaction.atomic():  # both are read side by side
        theirs = ((digest, -person) for digest, person in customers.queries.every_digest())
        for (digest, one), (next_digest, other) in pairwise(heapq.merge(rows(_ADDRESSES), theirs)):
            if digest == next_digest:
                yield one, other


def _told() -> Iterator[Pair]:
    """What another hub's ledger said: of its people and addresses by the names that it gave them.

    Lines of no enquiry hold ties together; each tie stands for the first enquiry that had it.
    """
    same = _Same()
    enquiries: dict[int, list[int]] = {}
    for contact, enquiry in rows("SELECT contact_id, enquiry_id FROM enquiries_contactitem"):
        enquiries.setdefault(contact, []).append(enquiry)
    by_line: dict[int, list[str]] = {}
    for line, tie in ToldTie.objects.order_by().values_list("line_id", "tie").iterator():
        by_line.setdefault(line, []).append(tie)
    for ties in by_line.values():
        same.join(ties)
    # Who is known may come without a name, by any of their addresses (R18).
    for row in ToldLine.objects.filter(kind="person").order_by("number").iterator(_CHUNK):
        addresses = [f"a:{one}" for one in row.line.get("addresses") or ()]
        same.join([f"p:{row.own['id']}", *addresses])
    first: dict[str, int] = {}
    for row in _lines("contact"):
        for enquiry in enquiries.get(row.key or 0, ()):
            for tie in told.ties({**row.line, **row.own}):
                yield enquiry, first.setdefault(same.top(tie), enquiry)
    for row in _lines("correction"):
        if row.key is not None and str(row.own.get("earlier", "")).isdigit():
            yield row.key, int(row.own["earlier"])


def _lines(kind: str) -> Iterable[ToldLine]:
    rows = ToldLine.objects.filter(kind=kind, key__isnull=False)
    return rows.order_by("number").iterator(chunk_size=_CHUNK)


class _Same:
    """Names that stand for one thing."""

    def __init__(self) -> None:
        self._up: dict[str, str] = {}

    def top(self, name: str) -> str:
        while (up := self._up.get(name, name)) != name:
            name = up
        return name

    def join(self, names: list[str]) -> None:
        for one, other in pairwise(names):
            first, second = self.top(one), self.top(other)
            if first != second:
                self._up[second] = first
