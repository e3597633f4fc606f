"""The partnership as its own files say, loaded by its own commands, once for a test worker."""

from __future__ import annotations

from collections.abc import Iterator
from io import StringIO
from typing import Any

import pytest
from django.apps import apps
from django.core.management import call_command
from django.db import connection, transaction

ORDER = (
    "import_areas",
    "import_postcodes",
    "import_organisations",
    "import_services",
    "import_questions",
    "import_articles",
    "import_outside",
    "import_rules",
    "import_clock_rules",
)


# What the commands wrote into an empty database, by table: a worker runs them once, then copies.
_written: dict[str, bytes] = {}


def load_partnership() -> None:
    tables = _tables()
    empty = not any(tables.values())
    if _written and empty:
        _write_again()
        return
    for command in ORDER:
        call_command(command, stdout=StringIO())
    if empty:
        with connection.cursor() as cursor:
            for table in tables:
                with cursor.copy(f'COPY "{table}" TO STDOUT') as rows:
                    _written[table] = b"".join(rows)


def _tables() -> dict[str, bool]:
    """The tables that the commands may write, and whether they have rows."""
    models = [
        model
        for app in ("accounts", "kb", "enquiries")
        for model in apps.get_app_config(app).get_models()
    ]
    return {model._meta.db_table: model._default_manager.exists() for model in models}


def _write_again() -> None:
    # The project's foreign keys are checked at the end of a transaction, so any order will do.
    with transaction.atomic(), connection.cursor() as cursor:
        for table, content in _written.items():
            with cursor.copy(f'COPY "{table}" FROM STDIN') as rows:
                rows.write(content)
            cursor.execute(
                "SELECT count(*) FROM information_schema.columns WHERE table_name = %s"
                " AND column_name = 'id' AND is_identity = 'YES'",
                [table],
            )
            if cursor.fetchone()[0]:
                cursor.execute(
                    f"SELECT setval(pg_get_serial_sequence('\"{table}\"', 'id'), max(id))"
                    f' FROM "{table}"'
                )


@pytest.fixture(scope="module")
def _loaded(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    # Each test of the module runs inside this transaction, in one of its own.
    whole = transaction.atomic()
    # As Django's own TestCase marks its outer block, so that `durable` blocks may be inside.
    setattr(whole, "_from_testcase", True)  # noqa: B010 - Django's stubs do not know it
    with django_db_blocker.unblock(), whole:
        load_partnership()
        with django_db_blocker.block():
            yield
        transaction.set_rollback(True)


@pytest.fixture
def partnership(_loaded: None, db: None) -> None:
    """All of reference/ is in the database."""
