"""The scene, built once for a process; each test's own writing is taken back."""

from __future__ import annotations

import logging
import os
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
import time_machine
from django.db import connection

from enquiries.queries import rulebook
from tests.isolation import probe
from tests.isolation import scene as scenery
from tests.isolation.planted import VARIABLE
from tests.isolation.stage import Scene, undone
from tests.snapshot import Snapshot
from tests.world import NOW


def _build() -> Scene:
    built = scenery.build()
    built.rows = probe.fingerprint()
    return built


# Built by thousands of statements, and needed in every module: each starts with a copy.
_SNAPSHOT = Snapshot(_build)


@contextmanager
def _quiet() -> Iterator[None]:
    """Thousands of refusals are what is meant here, and nothing to log."""
    logging.disable(logging.CRITICAL)
    yield
    logging.disable(logging.NOTSET)


@pytest.fixture(scope="module")
def _built(django_db_setup: None, django_db_blocker: pytest.FixtureRequest) -> Iterator[Scene]:
    with (
        django_db_blocker.unblock(),  # type: ignore[attr-defined]  # pytest-django's own
        time_machine.travel(NOW, tick=False),
        undone(),
        _quiet(),
    ):
        rulebook._kept.clear()  # the next version has the number of the one that is kept
        yield _SNAPSHOT.load()


@pytest.fixture(scope="session")
def django_db_modify_db_settings() -> None:
    """Where leaks are planted, each process has a database of its own (planted.py)."""
    if name := os.environ.get("HUB_TEST_DATABASE"):
        connection.settings_dict["TEST"]["NAME"] = name


@pytest.fixture
def scene(_built: Scene, db: None, monkeypatch: pytest.MonkeyPatch) -> Scene:
    if leak := os.environ.get(VARIABLE):
        from tests.isolation.plants import PLANTS

        next(plant for plant in PLANTS if plant.name == leak).plant(monkeypatch)
    return _built
