"""What a test starts from, written once through the product's own doors and then copied.

The bodies and people of tests/world.py take a hundred and fifty statements, and two thousand tests
begin with them.
"""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Generic, TypeVar

from django.db import connection

T = TypeVar("T")
# Written once with the migrations, and there in every test: never part of a test's own world. Each
# process remembers the numbers of Django's two; every hub begins with the dangers.
WRITTEN = frozenset({"django_content_type", "auth_permission", "django_migrations", "kb_danger"})


@dataclass
class Snapshot(Generic[T]):
    """Rows that `build` writes into an empty database, and what it returns."""

    build: Callable[[], T]
    _rows: dict[str, bytes] = field(default_factory=dict)
    _made: list[T] = field(default_factory=list)

    def load(self) -> T:
        """Writes the rows and returns what belongs to them, each time a copy of its own.

        Their ids are those of the first time; sequences only go on, so that what a test adds has
        an id that nothing ever had. Where a test has written before, it is built anew.
        """
        if self._made and not filled(self._rows):
            self._write()
        elif filled():
            return self.build()
        else:
            self._made.append(self.build())
            self._read()
        return copy.deepcopy(self._made[0])

    def _read(self) -> None:
        with connection.cursor() as cursor:
            for table in filled():
                with cursor.copy(f'COPY "{table}" TO STDOUT') as out:
                    self._rows[table] = b"".join(bytes(part) for part in out)

    def _write(self) -> None:
        with connection.cursor() as cursor:
            cursor.execute("SET session_replication_role = replica")
            for table, rows in self._rows.items():
                with cursor.copy(f'COPY "{table}" FROM STDIN') as into:
                    into.write(rows)
            cursor.execute("SET session_replication_role = origin")


def filled(among: Iterable[str] = ()) -> list[str]:
    """The tables that have rows: of these, or of all that a test begins without."""
    tables = sorted(among or set(connection.introspection.table_names()) - WRITTEN)
    one = " UNION ALL ".join(
        f"SELECT '{table}' WHERE EXISTS (SELECT 1 FROM \"{table}\")" for table in tables
    )
    with connection.cursor() as cursor:
        cursor.execute(one)
        return [row[0] for row in cursor.fetchall()]
