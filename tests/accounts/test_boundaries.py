"""Points on the map with the partnership's own postcodes, and with boundaries once imported."""

from __future__ import annotations

import json
from io import StringIO
from typing import Any

import pytest
from django.core.management import call_command

import accounts.queries
from accounts import boundaries
from accounts.models import Boundary
from tests.accounts.conftest import DISTRICTS, needs_shared

GUILDHALL = (52.1920, -2.2213)
BIRMINGHAM = (52.4796, -1.9026)


def test_without_boundaries_a_point_is_placed_by_its_nearest_postcodes(partnership: None) -> None:
    found = boundaries.locate(*GUILDHALL)
    assert (found.district_name, found.ward_name) == ("Worcester", "Cathedral")
    assert (found.how, found.certainty, found.is_outside) == ("nearest", 1.0, False)


@needs_shared
def test_with_boundaries_it_is_placed_by_them(bounded: None) -> None:
    found = boundaries.locate(*GUILDHALL)
    assert (found.district_name, found.ward_name) == ("Worcester", "Cathedral")
    assert (found.how, found.certainty) == ("boundary", 1.0)


@needs_shared
def test_boundaries_and_nearest_postcodes_agree_wherever_the_postcodes_are_sure(
    bounded: None,
) -> None:
    by_boundary = boundaries._atlas()
    Boundary.objects.all().delete()
    by_postcode = boundaries._atlas()
    wrong = doubtful = 0
    points = [
        (52.00 + 0.0023 * north, -2.55 + 0.0041 * east)
        for north in range(190)
        for east in range(190)
    ][::13]
    for point in points:
        truth, guess = by_boundary.place(*point), by_postcode.place(*point)
        if truth.is_outside or truth.is_doubtful:
            continue
        doubtful += guess.is_doubtful
        wrong += not guess.is_doubtful and guess.district_code != truth.district_code
    inside = sum(not by_boundary.place(*point).is_outside for point in points)
    assert inside > 1_000
    assert wrong / inside < 0.004
    assert doubtful / inside < 0.12


@pytest.mark.parametrize("point", [BIRMINGHAM, (51.5, -0.1), (58.0, -5.0)])
def test_outside_the_county_is_said_with_whom_to_ask(partnership: None, point: Any) -> None:
    found = boundaries.locate(*point)
    assert found.is_outside
    assert found.district_code == ""
    assert found.words == (
        "This point on the map is outside Worcestershire. Check it, or ask the council for that "
        "area. If you are not sure, ring Worcestershire Hub on 01632 960000"
    )
    with pytest.raises(boundaries.PointOutside, match="is outside Worcestershire"):
        boundaries.inside(*point)


@pytest.mark.parametrize(
    ("latitude", "longitude", "words"),
    [
        (float("nan"), -2.2, "must be numbers"),
        (52.1, float("inf"), "must be numbers"),
        (0.0, 0.0, "not in Great Britain"),
        (48.8, 2.3, "not in Great Britain"),
        (52.1, 2.2, "not in Great Britain"),
        (-2.2, 52.1, "have changed places: send the latitude first"),
        (385_000.0, 255_000.0, "in degrees"),
    ],
)
def test_what_is_no_point_in_the_country_is_refused_with_what_to_send(
    latitude: float, longitude: float, words: str
) -> None:
    with pytest.raises(boundaries.NotAPoint, match=words):
        boundaries.locate(latitude, longitude)


@needs_shared
def test_boundaries_are_loaded_once_and_the_operator_is_told_how_well_they_fit(
    partnership: None,
) -> None:
    first, again = StringIO(), StringIO()
    call_command("import_areas", DISTRICTS, stdout=first)
    written = list(Boundary.objects.values_list("pk", "imported_at"))
    call_command("import_areas", DISTRICTS, stdout=again)
    assert first.getvalue() == (
        "6 boundaries, 6 of them new or changed; 17,020 of 17,022 postcodes lie within the "
        "boundary of their district\n"
    )
    assert again.getvalue().startswith("6 boundaries, 0 of them new or changed; ")
    assert list(Boundary.objects.values_list("pk", "imported_at")) == written
    assert accounts.queries.area_codes() >= set(
        Boundary.objects.values_list("area_code", flat=True)
    )
    source = Boundary.objects.values_list("source", flat=True)[0]
    assert source.startswith("worcestershire_districts.geojson: Contains Ordnance Survey")
    json.dumps(list(Boundary.objects.values("geometry")))
