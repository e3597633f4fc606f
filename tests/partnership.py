"""The partnership as its own files say, loaded by its own commands, once for a test worker."""

from __future__ import annotations

from collections.abc import Iterator
from io import StringIO
from typing import Any

import pytest
from django.core.management import call_command
from django.db import transaction

from tests.partnership_forms import publish_ruled
from tests.snapshot import Snapshot

ORDER = (
    "import_areas",
    "import_postcodes",
    "import_organisations",
    "import_services",
    "import_articles",
    "import_purposes",
    "import_outside",
    "import_rules",
    "import_clock_rules",
)


def _load() -> None:
    for command in ORDER:
        if command == "import_rules":
            publish_ruled()
        call_command(command, stdout=StringIO())


_SNAPSHOT = Snapshot(_load)


def load_partnership() -> None:
    """Writes what reference/ says into the test's database."""
    _SNAPSHOT.load()


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
