"""Reports are read from the copy where there is one, and only they."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.conf import settings
from django.db import connection, connections
from django.test.utils import CaptureQueriesContext

from core import copies
from enquiries.models import Enquiry
from metrics import queries
from metrics.queries import Chosen
from tests.world import World

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def copy(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A second way to the same database, which stands for its copy."""
    named = {**settings.DATABASES, copies.COPY: connection.settings_dict}
    monkeypatch.setattr(settings, "DATABASES", named)
    connections[copies.COPY] = connection.copy(alias=copies.COPY)
    yield
    connections[copies.COPY].close()
    del connections[copies.COPY]


def test_a_report_reads_the_copy_and_all_else_the_first(world: World, copy: None) -> None:
    viewer = world.viewer(world.manager)
    connections[copies.COPY].ensure_connection()
    with (
        CaptureQueriesContext(connections[copies.COPY]) as copied,
        CaptureQueriesContext(connection) as first,
    ):
        with copies.reports():
            queries.overall(viewer, Chosen())
            queries.folded_at()
        assert len(copied) >= 2
        assert len(first) == 0
        before = len(copied)
        assert not Enquiry.objects.exists()
        assert (len(copied), len(first)) == (before, 1)


def test_a_copy_that_does_not_answer_is_passed_over(
    world: World, copy: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(connections[copies.COPY].settings_dict, "PORT", "1")
    with CaptureQueriesContext(connection) as first, copies.reports():
        assert queries.overall(world.viewer(world.manager), Chosen()).osr.mature == 0
    assert len(first) >= 1
