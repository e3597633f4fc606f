"""What a process keeps of boundaries and postcodes is what they are now."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from accounts import boundaries
from accounts.actions_reference import save_postcodes
from accounts.models import Area, Boundary, Postcode
from accounts.reference import PostcodeRow
from core.audit import SYSTEM
from tests.world import NOW, World, build


@pytest.mark.django_db
def test_a_look_up_is_one_statement_once_the_process_knows_the_county(world: World) -> None:
    boundaries.locate(52.1931, -2.2208)
    with CaptureQueriesContext(connection) as asked:
        boundaries.locate(52.1931, -2.2208)
    assert len(asked) == 1


@pytest.mark.django_db
def test_what_is_changed_is_seen_at_once_and_undone_as_well(world: World) -> None:
    point = (52.1931, -2.2208)
    assert boundaries.locate(*point).district_name == "Worcester"
    with transaction.atomic():
        Area.objects.filter(code="E07000237").update(name="Renamed")
        assert boundaries.locate(*point).district_name == "Renamed"
        transaction.set_rollback(True)
    assert boundaries.locate(*point).district_name == "Worcester"
    edge = square(52.1931, -2.2208)
    Boundary.objects.create(area_code="E07000237", geometry=edge, imported_at=NOW)
    assert boundaries.locate(*point).how == "boundary"
    Boundary.objects.update(geometry=square(52.5, -2.0))
    assert boundaries.locate(*point).how == "nearest"


@pytest.mark.django_db
def test_new_postcodes_are_seen_also_when_only_one_in_the_middle_has_moved(
    world: World,
) -> None:
    point = (52.1931, -2.2208)
    assert boundaries.locate(*point).district_name == "Worcester"
    rows = [
        PostcodeRow(**{name: getattr(row, name) for name in PostcodeRow.__slots__})
        for row in Postcode.objects.order_by("postcode")
    ]
    middle = rows[1]
    assert middle.postcode == "WR13EZ"
    rows[1] = PostcodeRow(
        middle.postcode, "E07000238", "", middle.easting, middle.northing, middle.latitude,
        middle.longitude,
    )  # fmt: skip
    save_postcodes(rows, actor=SYSTEM, now=NOW)
    assert boundaries.locate(*point).district_name == "Wychavon"


@pytest.mark.django_db(transaction=True)
def test_the_flush_after_a_test_leaves_nothing_behind() -> None:
    build()
    assert boundaries.locate(52.1931, -2.2208).district_name == "Worcester"
    Postcode.objects.all().delete()
    Area.objects.all().delete()
    assert boundaries.locate(52.1931, -2.2208).district_code == ""


def square(latitude: float, longitude: float, half: float = 0.05) -> dict[str, Any]:
    west, east = longitude - half, longitude + half
    south, north = latitude - half, latitude + half
    ring = [[west, south], [east, south], [east, north], [west, north], [west, south]]
    return {"type": "Polygon", "coordinates": [ring]}
