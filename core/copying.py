"""Rows into PostgreSQL by COPY: many times faster than INSERT, for loads of whole histories."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from operator import attrgetter
from typing import Any

from django.db import connection, models
from django.db.models import NOT_PROVIDED
from psycopg import sql
from psycopg.types.json import Jsonb


def new_ids(model: type[models.Model], count: int) -> list[int]:
    """Primary keys from the table's own sequence, never given again."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT nextval(pg_get_serial_sequence(%s, 'id')) FROM generate_series(1, %s)",
            [model._meta.db_table, count],
        )
        return [row[0] for row in cursor.fetchall()]


def copy_in(model: type[models.Model], rows: Iterable[object]) -> None:
    """Writes rows in the caller's transaction: unsaved instances, or what has their attributes.

    They must have their keys. Columns that only the database fills are left to it. No `save()`
    runs, so only models whose columns say everything may come this way. Raises IntegrityError.
    """
    fields = _fields(model)
    values = attrgetter(*(field.attname for field in fields))
    documents = [i for i, field in enumerate(fields) if isinstance(field, models.JSONField)]
    _write(model, fields, (_dumped(values(row), documents) for row in rows))


def copy_columns(
    model: type[models.Model], names: Sequence[str], rows: Iterable[tuple[Any, ...]]
) -> None:
    """As `copy_in`, of rows that differ in these columns alone, of which one is the key: in the
    others stands what a new instance has. No column may be a document."""
    by_name = {field.attname: field for field in _fields(model)}
    others = [field for name, field in by_name.items() if name not in names]
    blank = model()
    rest = tuple(getattr(blank, field.attname) for field in others)
    _write(model, [*(by_name[name] for name in names), *others], ((*row, *rest) for row in rows))


def _fields(model: type[models.Model]) -> list[models.Field[Any, Any]]:
    every = model._meta.concrete_fields
    return [field for field in every if field.editable or field.db_default is NOT_PROVIDED]


def _write(
    model: type[models.Model],
    fields: Iterable[models.Field[Any, Any]],
    rows: Iterable[Sequence[Any]],
) -> None:
    statement = sql.SQL("COPY {} ({}) FROM STDIN").format(
        sql.Identifier(model._meta.db_table),
        sql.SQL(", ").join([sql.Identifier(field.column or "") for field in fields]),
    )
    # Errors come from the end of the copy, as Django's own: an IntegrityError is one to callers.
    errors = connection.wrap_database_errors
    with connection.cursor() as cursor, errors, cursor.copy(statement) as copy:
        for row in rows:
            copy.write_row(row)


def _dumped(values: tuple[Any, ...], documents: list[int]) -> tuple[Any, ...] | list[Any]:
    if not documents:
        return values
    cells = list(values)
    for index in documents:
        cells[index] = Jsonb(cells[index])
    return cells
