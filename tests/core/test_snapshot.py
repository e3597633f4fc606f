"""The world of the tests is copied, not built two thousand times."""

from __future__ import annotations

import pytest

from tests import snapshot


@pytest.mark.django_db
def test_what_migrations_write_is_known_so_that_every_test_can_begin_with_a_copy() -> None:
    assert snapshot.filled() == [], "name these tables in tests/snapshot.py: WRITTEN"
