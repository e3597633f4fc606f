"""Statements whose text is made once, and then run with other values.

Django makes the text of a statement anew each time that it is run: for one of several parts that
takes ten times as long as PostgreSQL's answer. What stands on every page is made once for each
shape (`functools.lru_cache` on what its text depends on); what differs from one time to the next
stands in it as a `Given`.

Where rows are found by their keys alone, one plan is good for all values: such a statement is also
`prepared`, and PostgreSQL plans it once for each connection. For half of what a page asks the
planning takes longer than the answer. With DATABASE_POOLED nothing is prepared: a pooler hands
connections around between transactions.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar

from django.core.exceptions import EmptyResultSet
from django.db import NotSupportedError, connection
from django.db.backends.postgresql.base import ServerBindingCursor
from django.db.models import DateTimeField, Expression, Field, Model, QuerySet
from django.db.models.expressions import RawSQL
from django.db.models.query import get_related_populators
from django.db.models.sql import UpdateQuery
from psycopg.types.numeric import Int8

Row = TypeVar("Row", bound=Model)


class Given(Expression):
    """A value that a statement is run with, by its name."""

    def __init__(self, name: str, output_field: Field[Any, Any]) -> None:
        super().__init__(output_field=output_field)
        self.name = name

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, tuple[Any, ...]]:
        """Itself, where its value comes to stand."""
        return "%s", (self,)


# The moment at which a statement is run: `rows(now=…)`.
NOW = Given("now", DateTimeField())


@dataclass(frozen=True, slots=True)
class Statement:
    """What PostgreSQL is asked; "" where nothing can fit. `readers` make values of columns."""

    text: str
    params: tuple[Any, ...]
    readers: tuple[tuple[int, Any, Any], ...]
    prepared: bool = False

    def rows(self, **given: object) -> list[tuple[Any, ...]]:
        """What is found, each row as `values_list` would have it. A value that is not given is an
        error."""
        if not self.text:
            return []
        params: list[Any] = [
            given[one.name] if isinstance(one, Given) else one for one in self.params
        ]
        found = self._prepared(params) if self.prepared else self._asked(params)
        return [self._read(row) for row in found] if self.readers else found

    def _asked(self, params: list[Any]) -> list[tuple[Any, ...]]:
        with connection.cursor() as cursor:
            cursor.execute(self.text, params)
            found: list[tuple[Any, ...]] = cursor.fetchall()
        return found

    def _prepared(self, params: list[Any]) -> list[tuple[Any, ...]]:
        connection.ensure_connection()
        # Who reads what was asked wants the values in it.
        if connection.connection.prepare_threshold is None or connection.queries_logged:
            return self._asked(params)
        # One type for whole numbers, whatever their size: else each has a statement of its own.
        typed = [Int8(one) if type(one) is int else one for one in params]
        try:
            with connection.make_cursor(_cursor()) as cursor:
                cursor.execute(self.text, typed)
                found: list[tuple[Any, ...]] = cursor.fetchall()
        except NotSupportedError:
            # A column has another type since: this connection goes on without.
            connection.connection.prepare_threshold = None
            if connection.in_atomic_block:
                raise
            return self._asked(params)
        return found

    def _read(self, row: tuple[Any, ...]) -> tuple[Any, ...]:
        values = list(row)
        for place, readers, column in self.readers:
            for reader in readers:
                values[place] = reader(values[place], column, connection)
        return tuple(values)


NOTHING = Statement("", (), ())


@dataclass(frozen=True, slots=True)
class Change:
    """What PostgreSQL is told to change; planned once for each connection."""

    text: str
    params: tuple[Any, ...]

    def run(self, **given: object) -> int:
        """Changes it; returns how many rows. A value that is not given is an error."""
        params: list[Any] = [
            given[one.name] if isinstance(one, Given) else one for one in self.params
        ]
        connection.ensure_connection()
        own = connection.connection
        if own.prepare_threshold is None or connection.queries_logged:
            cursor = connection.cursor()
        else:
            cursor = connection.make_cursor(_cursor())
            params = [Int8(one) if type(one) is int else one for one in params]
        with cursor:
            cursor.execute(self.text, params)
            changed: int = cursor.rowcount
        return changed


def change(rows: QuerySet[Any, Any], **values: object) -> Change:
    """What `update` would do to such rows, which are found by their keys alone."""
    query: Any = rows.order_by().query.chain(UpdateQuery)
    query.add_update_values(values)
    text, params = query.get_compiler(connection=connection).as_sql()
    return Change(_with_constants(text, params), _given(params))


def _given(params: Sequence[Any]) -> tuple[Given, ...]:
    return tuple(one for one in params if isinstance(one, Given))


class _PreparedCursor(ServerBindingCursor):
    def execute(self, query: Any, params: Any = None) -> Any:
        return super().execute(query, params, prepare=True)  # type: ignore[misc]  # psycopg's


def _cursor() -> Any:
    made: Any = _PreparedCursor
    return made(connection.connection)


@dataclass(frozen=True, slots=True)
class Objects(Generic[Row]):
    """The same for rows of a model, with what is selected (`select_related`) and looked up
    (`annotate`) beside them; nothing is prefetched."""

    statement: Statement
    model: type[Row]
    own: slice = field(default_factory=lambda: slice(0))
    fields: tuple[str, ...] = ()
    related: tuple[Any, ...] = ()
    beside: tuple[tuple[str, int], ...] = ()

    def rows(self, **given: object) -> list[Row]:
        """What is found, as the queryset would have it."""
        return [self._made(row) for row in self.statement.rows(**given)]

    def _made(self, row: tuple[Any, ...]) -> Row:
        made = self.model.from_db(connection.alias, self.fields, row[self.own])
        for populator in self.related:
            populator.populate(row, made)
        for name, at in self.beside:
            setattr(made, name, row[at])
        return made


def statement(rows: QuerySet[Any, Any], *, prepared: bool = False) -> Statement:
    """The statement that such rows (of `values_list`) are read by. `prepared`: by keys alone."""
    return _of(rows.query.get_compiler(connection=connection), prepared=prepared)


def objects(rows: QuerySet[Row, Any], *, prepared: bool = False) -> Objects[Row]:
    """The statement that such rows of a model are read by. `prepared`: by keys alone."""
    compiler = rows.query.get_compiler(connection=connection)
    made = _of(compiler, prepared=prepared)
    if made is NOTHING:
        return Objects(made, rows.model)
    info: Any = compiler.klass_info
    populators: Any = get_related_populators
    chosen = info["select_fields"]
    own = slice(chosen[0], chosen[-1] + 1)
    return Objects(
        made,
        info["model"],
        own,
        tuple(column.target.attname for column, *_ in compiler.select[own]),
        tuple(populators(info, compiler.select, connection.alias)),
        tuple((compiler.annotation_col_map or {}).items()),
    )


def _of(compiler: Any, *, prepared: bool) -> Statement:
    try:
        text, params = compiler.as_sql()
    except EmptyResultSet:
        return NOTHING
    columns = [column for column, *_ in compiler.select[: compiler.col_count]]
    readers = compiler.get_converters(columns)
    if prepared:
        text = _with_constants(text, params)
        params = _given(params)
    read = tuple((at, *one) for at, one in readers.items())
    return Statement(text, tuple(params), read, prepared=prepared)


def _with_constants(text: str, params: Sequence[Any]) -> str:
    """The text with all that is not given in it: by an index for some rows only PostgreSQL finds
    what says as a constant that it is among these."""
    ops: Any = connection.ops
    written = [
        "%s" if isinstance(one, Given) else ops.compose_sql("%s", [one]).replace("%", "%%")
        for one in params
    ]
    made: str = text.replace("%%", "%%%%") % tuple(written)
    return made


def columns(rows: QuerySet[Any, Any]) -> dict[str, RawSQL]:
    """What is looked up for each row (annotations, each a statement of its own) with its text made:
    for `annotate` on other rows of the same model."""
    compiler = rows.query.get_compiler(connection=connection)
    compiler.as_sql()
    # Django's own text, whose values stand beside it.
    return {
        name: RawSQL(text, params, output_field=column.output_field)  # noqa: S611
        for column, (text, params), name in compiler.select
        if name
    }
