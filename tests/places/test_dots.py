"""Where a map has no pictures, postcodes are its picture; where there is nothing, no map."""

from __future__ import annotations

import gzip
import json
import math
import random

import pytest
from django.test import Client

from accounts import boundaries
from accounts.dots import CELL, SIDE, ZOOMS, Dots
from accounts.models import Postcode
from channels.asking import places
from tests.web.conftest import Visitor
from tests.world import World

NORTH, EAST = 52.0934, -1.9503


def square_of(latitude: float, longitude: float, zoom: int) -> tuple[int, int]:
    """The square that a point lies in, as OpenStreetMap's wiki works it out."""
    wide = 2**zoom
    north = math.radians(latitude)
    column = (longitude + 180) / 360 * wide
    row = (1 - math.log(math.tan(north) + 1 / math.cos(north)) / math.pi) / 2 * wide
    return int(column), int(row)


@pytest.mark.parametrize("zoom", ZOOMS)
def test_a_postcode_is_in_its_square_and_in_no_other(zoom: int) -> None:
    dots = Dots([NORTH], [EAST])
    column, row = square_of(NORTH, EAST, zoom)
    ((right, down, count),) = dots.square(zoom, column, row) or []
    assert 0 <= right < SIDE
    assert 0 <= down < SIDE
    assert count == 1
    for across, down in ((1, 0), (-1, 0), (0, 1), (0, -1)):
        assert dots.square(zoom, column + across, row + down) == []


def test_a_square_is_small_however_many_postcodes_lie_in_it() -> None:
    chance = random.Random(1)
    wide = 60_000
    dots = Dots(
        [NORTH + chance.uniform(-0.4, 0.4) for _ in range(wide)],
        [EAST + chance.uniform(-0.4, 0.4) for _ in range(wide)],
    )
    most = (SIDE // CELL) ** 2
    counts = [len(dots.square(zoom, *square_of(NORTH, EAST, zoom)) or []) for zoom in ZOOMS]
    assert 0 < max(counts) <= most


@pytest.mark.parametrize(
    "square", [(7, 0, 0), (19, 0, 0), (8, 256, 0), (8, 0, 256), (8, -1, 0), (10**30, 0, 0)]
)
def test_what_is_no_square_has_no_dots(square: tuple[int, int, int]) -> None:
    assert Dots([NORTH], [EAST]).square(*square) is None


@pytest.mark.django_db
def test_dots_are_for_everybody_may_be_kept_and_come_small(world: World) -> None:
    assert boundaries.is_drawable()
    column, row = square_of(NORTH, EAST, 12)
    address = f"/places/dots/?square=12-{column}-{row}"
    answer = Client().get(address)
    assert len(answer.json()["dots"]) == 3
    assert "public" in answer.headers["Cache-Control"]
    assert not answer.cookies
    for number in range(400):
        Postcode.objects.create(
            postcode=f"AA{number:03}AA",
            district_code="E07000238",
            ward_code="",
            easting=403500,
            northing=243900,
            latitude=NORTH - (number % 20) / 1_000,
            longitude=EAST - (number // 20) / 500,
        )
    packed = Client().get(address, headers={"accept-encoding": "gzip"})
    assert packed.headers["Content-Encoding"] == "gzip"
    assert len(json.loads(gzip.decompress(packed.content))["dots"]) > 100


@pytest.mark.django_db
@pytest.mark.parametrize(
    "square",
    ["", "7-0-0", "12-5000-0", f"12-{10**40}-0", "12-x-0", "12--1-0", "12-1", "\x00", "１２-1-1"],
)
def test_what_names_no_square_is_said_so(world: World, square: str) -> None:
    answer = Client().get("/places/dots/", {"square": square})
    assert answer.status_code == 400
    assert "Name a square of the map" in answer.json()["words"]


@pytest.mark.django_db
def test_wards_are_named_where_their_postcodes_are(world: World) -> None:
    drawn = Client().get("/places/districts/").json()
    assert {"name": "Evesham South", "lat": NORTH, "lon": EAST} in drawn["wards"]


@pytest.mark.django_db
def test_where_a_map_would_be_empty_none_is_offered(world: World, settings) -> None:
    visitor = Visitor()
    visitor.start("pothole")
    assert "Show on a map" in visitor.text
    Postcode.objects.all().delete()
    assert not places.map_settings()["is_of_use"]
    visitor.open(visitor.at.rstrip("/").rpartition("/")[2])
    assert "data-map-open" not in visitor.text
    assert "data-map-locate" in visitor.text
    settings.MAP_TILE_URL = "https://tiles.example/{z}/{x}/{y}.png"
    assert places.map_settings()["is_of_use"]
