"""T-I1: every address × method × role × kind of id, as the table says."""

from __future__ import annotations

import pytest
from django.conf import LazySettings

from tests.isolation.matrix import walk
from tests.isolation.stage import Scene
from tests.isolation.table import Entry, entries, routes

pytestmark = [pytest.mark.slow, pytest.mark.django_db]


@pytest.mark.parametrize("entry", entries().values(), ids=lambda entry: entry.route or "/")
def test_each_address_is_open_to_whom_its_row_names_and_shut_to_all_others(
    scene: Scene, entry: Entry, settings: LazySettings
) -> None:
    if entry.off:
        setattr(settings, entry.off, False)
    found = walk(scene, entry)
    if found.faults:
        pytest.fail("\n".join(found.faults), pytrace=False)


def test_every_address_has_its_row_and_every_row_its_address() -> None:
    declared, there = set(entries()), set(routes())
    assert sorted(there - declared) == [], "addresses without a row in access.toml"
    assert sorted(declared - there) == [], "rows of access.toml without an address"
