"""A hub with ten thousand cases becomes one with a million: whole lives, copied by the database.

What is copied is what `manage.py demo --size` made through the real rules: people and their
numbers, contacts, cases, what each contact said, referrals, clocks and the ledger of each. Every
copy has keys, references and people of its own and happened some minutes before the last. What the
demonstration has none of, messages sent, cases watched and kept views, is made beside it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from django.apps import apps
from django.db import connection, models
from psycopg import sql

from core import references
from tests.bench import people

# In the order that they point at each other; what else points stays where it points.
COPIED = (
    "customers.Person",
    "customers.ContactPoint",
    "enquiries.Contact",
    "enquiries.Enquiry",
    "enquiries.Receipt",
    "enquiries.ContactItem",
    "enquiries.Referral",
    "enquiries.EnquiryEvent",
    "enquiries.Clock",
    "enquiries.Suggestion",
)
# Between a copy and the next one.
APART = "interval '611 seconds'"
_DIGEST = "CASE WHEN {0} = '' THEN '' ELSE md5({0} || made.turn) || md5({0}) END"
# Columns that a copy cannot share, as SQL; `made.turn` is which copy, `row` what is copied.
_OWN: Mapping[str, str] = {
    "customers_person.full_name": f"CASE WHEN row.full_name = '' THEN '' ELSE {people.NAME} END",
    "customers_person.postcode": people.POSTCODE,
    "customers_person.uprn": "(100000000 + row.id + made.turn * 20000)::text",
    "customers_contactpoint.value": (
        "CASE WHEN row.kind = 'phone' THEN '+447' || lpad((((row.id + made.turn * 20000) * 7919) "
        "%% 1000000000)::text, 9, '0') ELSE made.turn || '.' || row.value END"
    ),
    "customers_contactpoint.digest": _DIGEST.format("row.digest"),
    "enquiries_contact.address_hash": _DIGEST.format("row.address_hash"),
    "enquiries_contact.thread": "''",
    "enquiries_contact.session": "''",
    "enquiries_contact.given": "'{}'",
    "enquiries_enquiry.reference": "drawn.reference",
    "enquiries_enquiry.secret": "left(md5(row.secret || made.turn), 22)",
    "enquiries_receipt.external_id": "left(row.external_id, 70) || '-' || made.turn",
    "enquiries_receipt.references": "'{}'",
}
_EVENT_OF = (
    "CASE WHEN row.data ? 'contact' THEN jsonb_set(row.data, '{contact}', "
    "to_jsonb((row.data ->> 'contact')::bigint + made.turn * %d)) ELSE row.data END"
)
_MESSAGES = """
INSERT INTO notifications_notification (public_id, key, event, medium, "to", subject, body, about,
    state, provider, provider_id, attempts, created_at, sent_at, settled_at, error_code, error,
    address_state, lane)
SELECT gen_random_uuid(), 'bench-' || e.id, 'received', 'email', 'p' || e.id || '@citizens.example',
    'We have your enquiry ' || e.reference, 'It is with us, and we tell you what comes of it.',
    e.reference, 'delivered', 'postbox', 'bench-' || e.id, 1, e.received_at, e.received_at,
    e.received_at, '', '', '', ''
FROM enquiries_enquiry e
WHERE e.person_id IS NOT NULL
    AND NOT EXISTS (SELECT FROM notifications_notification n WHERE n.about = e.reference)
"""
# As many as somebody keeps in sight.
_WATCHED = """
INSERT INTO enquiries_watch (staff_id, enquiry_id, since)
SELECT u.id, e.id, e.received_at FROM accounts_user u, enquiries_enquiry e
WHERE u.email = 'agent@hub.demo'
    AND e.id IN (SELECT id FROM enquiries_enquiry ORDER BY random() LIMIT 40)
"""
_VIEWS = """
INSERT INTO teamwork_savedview (public_id, name, staff_id, query, place, made_at)
SELECT gen_random_uuid(), 'View ' || n, u.id, 'view=all&service=pothole&age=week', n, now()
FROM accounts_user u, generate_series(1, 6) AS n WHERE u.email = 'agent@hub.demo'
"""


def grow(turns: int) -> None:
    """So many copies beside what is there; then all that goes with it, and what the planner knows.

    `turns` of 0 makes the rest alone, so that a small hub is as complete as a large one.
    """
    with connection.cursor() as cursor:
        # Nothing here that could not be made again; keys are right because all move alike.
        for setting in ("synchronous_commit = off", "session_replication_role = replica",
                        "statement_timeout = 0", "maintenance_work_mem = '512MB'",
                        "work_mem = '128MB'"):  # fmt: skip
            cursor.execute(f"SET {setting}")
        cursor.execute("SELECT setseed(0.5)")
        if turns:
            _copied(cursor, turns)
        for statement in (_MESSAGES, _WATCHED, _VIEWS):
            cursor.execute(statement)
        cursor.execute("SET session_replication_role = origin")
        cursor.execute("VACUUM ANALYZE")


def _copied(cursor: Any, turns: int) -> None:
    found = [apps.get_model(name) for name in COPIED]
    strides = {model: _stride(cursor, model) for model in found}
    cursor.execute("CREATE TEMP TABLE drawn (turn int, row bigint, reference text)")
    _draw(cursor, turns)
    cursor.execute("CREATE INDEX ON drawn (turn, row)")
    cursor.execute("ANALYZE drawn")
    for model in found:
        # An index is built at once from what it shall know; row by row takes ten times as long.
        lost = _without_indexes(cursor, model._meta.db_table)
        cursor.execute(_copy(model, strides), _values(model, turns))
        for statement in lost:
            cursor.execute(statement)
        table = model._meta.db_table
        cursor.execute(
            f"SELECT setval(pg_get_serial_sequence(%s, 'id'), (SELECT max(id) FROM {table}))",
            [table],
        )


def _stride(cursor: Any, model: type[models.Model]) -> int:
    cursor.execute(f"SELECT coalesce(max(id), 0) + 1 FROM {model._meta.db_table}")
    return int(cursor.fetchone()[0])


def _draw(cursor: Any, turns: int) -> None:
    """A reference for each copy of a case, as intake draws them: read out, checked, never twice."""
    cursor.execute("SELECT id, reference FROM enquiries_enquiry")
    rows = cursor.fetchall()
    given = {reference for _key, reference in rows}
    with cursor.copy("COPY drawn FROM STDIN") as copy:
        for turn in range(1, turns + 1):
            for key, _reference in rows:
                while (fresh := references.new()) in given:
                    continue
                given.add(fresh)
                copy.write_row((turn, key, fresh))


def _without_indexes(cursor: Any, table: str) -> list[str]:
    """Drops every index of a table that no constraint stands on; how to make them again."""
    cursor.execute(
        "SELECT i.indexrelid::regclass::text, pg_get_indexdef(i.indexrelid) FROM pg_index i "
        "LEFT JOIN pg_constraint c ON c.conindid = i.indexrelid "
        "WHERE i.indrelid = %s::regclass AND c.oid IS NULL",
        [table],
    )
    found = cursor.fetchall()
    for name, _statement in found:
        cursor.execute(f"DROP INDEX {name}")
    return [statement for _name, statement in found]


def _copy(model: type[models.Model], strides: Mapping[type[models.Model], int]) -> sql.Composed:
    columns, values = zip(*_columns(model, strides), strict=True)
    join = ""
    if model._meta.db_table == "enquiries_enquiry":
        join = "JOIN drawn ON drawn.turn = made.turn AND drawn.row = row.id"
    return sql.SQL("INSERT INTO {} ({}) SELECT {} FROM {} AS row CROSS JOIN {} {}").format(
        sql.Identifier(model._meta.db_table),
        sql.SQL(", ").join([sql.Identifier(one) for one in columns]),
        sql.SQL(", ").join([sql.SQL(one) for one in values]),
        sql.Identifier(model._meta.db_table),
        sql.SQL("generate_series(1, %(turns)s) AS made(turn)"),
        sql.SQL(join),
    )


def _columns(
    model: type[models.Model], strides: Mapping[type[models.Model], int]
) -> Iterator[tuple[str, str]]:
    """Each column with the SQL of its value in a copy."""
    table = model._meta.db_table
    for field in model._meta.concrete_fields:
        column = str(field.column)
        if f"{table}.{column}" in _OWN:
            yield column, _OWN[f"{table}.{column}"]
        elif column == "transaction":
            continue  # the database says who wrote it
        elif stride := strides.get(model if field.primary_key else field.related_model):  # type: ignore[arg-type]
            yield column, f'row."{column}" + made.turn * {stride}'
        elif isinstance(field, models.UUIDField):
            yield column, "gen_random_uuid()"
        elif isinstance(field, models.DateTimeField):
            yield column, f'row."{column}" - made.turn * {APART}'
        elif table == "enquiries_enquiryevent" and column == "data":
            yield column, _EVENT_OF % strides[apps.get_model("enquiries.Contact")]
        else:
            yield column, f'row."{column}"'


def _values(model: type[models.Model], turns: int) -> dict[str, Any]:
    return {
        "turns": turns,
        **(people.lists() if model._meta.db_table == "customers_person" else {}),
    }


if __name__ == "__main__":
    import os
    import sys

    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "hub.settings")
    django.setup()
    grow(int(sys.argv[1]))
