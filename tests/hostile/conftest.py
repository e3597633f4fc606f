"""The partnership of the isolation tests, where whoever could write something wrote this."""

from __future__ import annotations

import itertools
import logging
from collections.abc import Iterator

import pytest
import time_machine
from django.db import connection

from tests import forms_of
from tests.hostile.corpus import CORPUS, SHORT, chunks
from tests.isolation import scene as scenery
from tests.isolation.canaries import mark
from tests.isolation.stage import Scene, undone
from tests.web.test_every_kind import QUESTIONS
from tests.world import NOW

# What takes long texts, and what only takes a line.
_LONG = ("words", "note", "hubnote", "end", "no_", "why", "again")


# Who wrote what, by the word that stands before each of theirs.
wrote: dict[str, tuple[str, str]] = {}


@pytest.fixture(scope="module")
def _hostile(django_db_setup: None, django_db_blocker: pytest.FixtureRequest) -> Iterator[Scene]:
    long, short = itertools.cycle(chunks(1_400)), itertools.cycle(CORPUS)

    def hostile(key: str, what: str) -> str:
        word = mark(key, what)
        wrote[word] = (key, what)
        if what == "email":
            return word
        if what.startswith(_LONG):
            return f"{word} {next(long)}"
        return f"{word}{SHORT}{next(short)[:60]}" if what in ("name", "place") else f"{word}{SHORT}"

    with (
        django_db_blocker.unblock(),  # type: ignore[attr-defined]  # pytest-django's own
        time_machine.travel(NOW, tick=True),
        undone(),
        pytest.MonkeyPatch.context() as mend,
    ):
        logging.disable(logging.CRITICAL)
        mend.setattr(scenery, "mark", hostile)
        wrote.clear()
        scene = scenery.build()
        forms_of.publish("missed-bin", *QUESTIONS)
        yield scene
        logging.disable(logging.NOTSET)


@pytest.fixture
def scene(_hostile: Scene, db: None) -> Scene:
    assert connection.in_atomic_block
    return _hostile
