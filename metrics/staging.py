"""A ledger's lines on their way in, in a table that ends with the transaction: what each needs of
the others, and which are left out because of one. Memory does not grow with the file.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection
from psycopg.types.json import Jsonb

from metrics.imports import Said

_TABLE = """
CREATE TEMPORARY TABLE told (
    n integer PRIMARY KEY, kind text, name text, contact text, enquiry text, item text,
    line jsonb, why text, key bigint
) ON COMMIT DROP"""
_INDEXES = (
    "CREATE INDEX ON told (kind, name)",
    "CREATE INDEX ON told (enquiry) WHERE enquiry <> ''",
    "CREATE INDEX ON told (contact) WHERE contact <> ''",
    "CREATE INDEX ON told (item) WHERE item <> ''",
    "ANALYZE told",
)
# Each marks lines that need what is not there. In this order: what is refused takes more with it.
_NEEDS = (
    # Of two that bear one name nobody knows which is meant: the second is refused here, and what
    # it takes with it takes the first.
    """UPDATE told SET why = 'line ' || twice.first || ' is called ' || told.name || ', too'
       FROM (SELECT n, first_value(n) OVER (PARTITION BY kind, name ORDER BY n) AS first FROM told
             WHERE name <> '' AND kind IN
             ('org', 'service', 'person', 'contact', 'item', 'enquiry', 'survey')) AS twice
       WHERE told.n = twice.n AND twice.first < told.n AND why = ''""",
    """UPDATE told SET why = 'its service ' || (line->>'service') || ' is nowhere, or refused'
       WHERE kind = 'enquiry' AND why = '' AND line->>'service' <> '' AND NOT EXISTS (
           SELECT FROM told AS other WHERE other.kind = 'service' AND other.why = ''
           AND other.name = told.line->>'service')""",
    """UPDATE told SET why = 'its contact ' || contact || ' is not in the ledger'
       WHERE kind = 'item' AND why = '' AND NOT EXISTS (
           SELECT FROM told AS other WHERE other.kind = 'contact' AND other.name = told.contact)""",
    """UPDATE told SET why = 'its contact ' || told.contact || ' (line ' || other.n
           || ') cannot be taken'
       FROM told AS other WHERE told.kind = 'item' AND told.why = '' AND other.why <> ''
       AND other.kind = 'contact' AND other.name = told.contact""",
    """UPDATE told SET why = 'its enquiry ' || enquiry || ' is not in the ledger'
       WHERE kind IN ('item', 'event') AND why = '' AND NOT EXISTS (
           SELECT FROM told AS other WHERE other.kind = 'enquiry' AND other.name = told.enquiry)""",
    """UPDATE told SET why = 'its item ' || item || ' is not in the ledger'
       WHERE kind = 'correction' AND why = '' AND NOT EXISTS (
           SELECT FROM told AS other WHERE other.kind = 'item' AND other.name = told.item)""",
    """UPDATE told SET why = 'no item of a contact speaks of it'
       WHERE kind = 'enquiry' AND why = '' AND NOT EXISTS (
           SELECT FROM told AS other WHERE other.kind = 'item' AND other.enquiry = told.name)""",
    """UPDATE told SET why = 'its body ' || (line->>'org') || ' is not in the ledger'
       WHERE kind = 'unit_cost' AND why = '' AND NOT EXISTS (
           SELECT FROM told AS other WHERE other.kind = 'org' AND other.why = ''
           AND other.name = told.line->>'org')""",
)
# Which enquiries are left out, and the first line because of which.
_LEFT_OUT = """
CREATE TEMPORARY TABLE left_out ON COMMIT DROP AS
SELECT name, min(n) AS because FROM (
    SELECT name, n FROM told WHERE kind = 'enquiry' AND why <> '' AND name <> ''
    UNION ALL SELECT enquiry, n FROM told
        WHERE kind <> 'survey' AND why <> '' AND enquiry <> ''
    UNION ALL SELECT item.enquiry, told.n FROM told JOIN told AS item
        ON item.kind = 'item' AND item.name = told.item
        WHERE told.kind = 'correction' AND told.why <> ''
    UNION ALL SELECT item.enquiry, told.n FROM told JOIN told AS item
        ON item.kind = 'item' AND item.contact = told.contact
        WHERE told.kind = '' AND told.contact <> ''
) AS refused GROUP BY name"""
_BECAUSE = (
    """UPDATE told SET why = 'line ' || because || ' of the same enquiry cannot be taken'
       FROM left_out WHERE told.why = '' AND told.kind = 'enquiry' AND told.name = left_out.name""",
    """UPDATE told SET why = 'line ' || because || ' of the same enquiry cannot be taken'
       FROM left_out WHERE told.why = '' AND told.kind IN ('item', 'event')
       AND told.enquiry = left_out.name""",
    """UPDATE told SET why = 'line ' || item.n || ' (its item) cannot be taken'
       FROM told AS item WHERE told.kind = 'correction' AND told.why = ''
       AND item.kind = 'item' AND item.name = told.item AND item.why <> ''""",
    """UPDATE told SET why = 'line ' || other.n || ' (its enquiry) cannot be taken'
       FROM told AS other WHERE told.kind = 'survey' AND told.why = ''
       AND other.kind = 'enquiry' AND other.name = told.enquiry AND other.why <> ''""",
    """UPDATE told SET why = 'every enquiry of which it speaks is left out'
       WHERE kind = 'contact' AND why = '' AND EXISTS (
           SELECT FROM told AS i WHERE i.kind = 'item' AND i.contact = told.name)
       AND NOT EXISTS (SELECT FROM told AS i
           WHERE i.kind = 'item' AND i.contact = told.name AND i.why = '')""",
)
# Each taken row has the next key of its table, in the order of the file.
_KEYS = """
UPDATE told SET key = drawn.key FROM (
    SELECT n, nextval(pg_get_serial_sequence(%(table)s, 'id')) AS key FROM (
        SELECT n FROM told WHERE kind = %(kind)s AND why = '' ORDER BY n) AS taken
) AS drawn WHERE told.n = drawn.n"""
_TABLES = {
    "contact": "enquiries_contact",
    "item": "enquiries_contactitem",
    "enquiry": "enquiries_enquiry",
}

_LINES = """
SELECT n, kind, name, line FROM told WHERE kind = ANY(%s) AND why = '' ORDER BY n"""
_CONTACTS = """
SELECT told.n, told.name, told.line, told.key, leg.key, helped.key, EXISTS (
    SELECT FROM told AS i WHERE i.kind = 'item' AND i.contact = told.name AND i.why = '')
FROM told
LEFT JOIN told AS leg ON leg.kind = 'contact' AND leg.why = '' AND leg.name = told.line->>'leg_of'
LEFT JOIN told AS helped
    ON helped.kind = 'contact' AND helped.why = '' AND helped.name = told.line->>'assists'
WHERE told.kind = 'contact' AND told.why = '' ORDER BY told.n"""
_ENQUIRIES = """
SELECT n, name, line, key FROM told WHERE kind = 'enquiry' AND why = '' ORDER BY n"""
_ITEMS = """
SELECT told.n, told.name, told.line, told.key, told.enquiry, contact.key, contact.line, about.key
FROM told JOIN told AS contact ON contact.kind = 'contact' AND contact.name = told.contact
LEFT JOIN told AS about
    ON about.kind = 'enquiry' AND about.why = '' AND about.name = told.line->>'about'
WHERE told.kind = 'item' AND told.why = '' AND told.enquiry = ANY(%s) ORDER BY told.n"""
_CORRECTIONS = """
SELECT told.n, told.line, told.item, earlier.key
FROM told LEFT JOIN told AS earlier
    ON earlier.kind = 'enquiry' AND earlier.why = '' AND earlier.name = told.line->>'earlier'
WHERE told.kind = 'correction' AND told.why = '' AND told.item = ANY(%s) ORDER BY told.n"""
_EVENTS = """
SELECT told.enquiry, told.line, target.key, leg.key, came.key
FROM told
LEFT JOIN told AS target
    ON target.kind = 'enquiry' AND target.why = '' AND target.name = told.line->>'target'
LEFT JOIN told AS leg
    ON leg.kind = 'contact' AND leg.why = '' AND leg.name = told.line->>'to_contact'
LEFT JOIN told AS came
    ON came.kind = 'contact' AND came.why = '' AND came.name = told.line->>'contact'
WHERE told.kind = 'event' AND told.why = '' AND told.enquiry = ANY(%s) ORDER BY told.n"""
_SURVEYS = """
SELECT told.n, told.name, told.line, enquiry.key FROM told LEFT JOIN told AS enquiry
    ON enquiry.kind = 'enquiry' AND enquiry.why = '' AND enquiry.name = told.enquiry
WHERE told.kind = 'survey' AND told.why = '' ORDER BY told.n"""


PAGE = 5_000


@dataclass(frozen=True, slots=True)
class Refused:
    """A line that is not taken, and why."""

    number: int
    why: str


def hold(lines: Iterable[Said]) -> int:
    """Every line into the table, marked with what it needs and is not there; how many they are."""
    count = 0
    with connection.cursor() as cursor:
        cursor.execute(_TABLE)
        columns = "(n, kind, name, contact, enquiry, item, line, why)"
        with cursor.copy(f"COPY told {columns} FROM STDIN") as copy:
            for one in lines:
                line = Jsonb(one.line) if one.line is not None else None
                copy.write_row(
                    (one.number, one.kind, one.name, one.contact, one.enquiry, one.item, line,
                     one.why)
                )  # fmt: skip
                count += 1
        for statement in (*_INDEXES, *_NEEDS, _LEFT_OUT, *_BECAUSE):
            cursor.execute(statement)
        for kind, table in _TABLES.items():
            cursor.execute(_KEYS, {"kind": kind, "table": table})
        cursor.execute("ANALYZE told")
    return count


def refused() -> Iterator[Refused]:
    """Every line that is not taken, in the order of the file."""
    for rows in _batches("SELECT n, why FROM told WHERE why <> '' ORDER BY n", PAGE):
        yield from (Refused(*row) for row in rows)


def lines(*kinds: str) -> Iterator[tuple[Any, ...]]:
    """(number, kind, name, line) of the lines of these kinds that are taken."""
    for rows in _batches(_LINES, PAGE, [list(kinds)]):
        yield from rows


def contacts(batch: int) -> Iterator[list[tuple[Any, ...]]]:
    """Batches of (number, name, line, key, key of its first leg, of whom it helped, speaks)."""
    yield from _batches(_CONTACTS, batch)


def enquiries(batch: int) -> Iterator[list[tuple[Any, ...]]]:
    """Batches of (number, name, line, key)."""
    yield from _batches(_ENQUIRIES, batch)


def items(of: Sequence[str]) -> list[tuple[Any, ...]]:
    """(number, name, line, key, enquiry, contact's key and line, key of what it is about)."""
    return _all(_ITEMS, [list(of)])


def corrections(of: Sequence[str]) -> list[tuple[Any, ...]]:
    """(number, line, item, key of the earlier enquiry) of corrections of these items."""
    return _all(_CORRECTIONS, [list(of)])


def events(of: Sequence[str]) -> list[tuple[Any, ...]]:
    """(enquiry, line, keys of its target, of the contact that it led to, of the one it came in)."""
    return _all(_EVENTS, [list(of)])


def surveys() -> list[tuple[Any, ...]]:
    """(number, name, line, key of the enquiry)."""
    return _all(_SURVEYS)


def _all(statement: str, values: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
    """A batch's lines. By index: else everything would be read once for each batch."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_hashjoin = off")
        cursor.execute("SET LOCAL enable_mergejoin = off")
        cursor.execute(statement, values)
        found = list(cursor.fetchall())
        cursor.execute("SET LOCAL enable_hashjoin = on")
        cursor.execute("SET LOCAL enable_mergejoin = on")
    return found


def _batches(
    statement: str, batch: int, values: Sequence[Any] = ()
) -> Iterator[list[tuple[Any, ...]]]:
    with connection.chunked_cursor() as cursor:
        cursor.execute(statement, values)
        while rows := cursor.fetchmany(batch):
            yield rows
