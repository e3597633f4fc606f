"""Where points lie, on a county drawn for the purpose: two squares that share a border."""

from __future__ import annotations

import math
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accounts import grid
from accounts.atlas import (
    BORDER_METRES,
    FAR_METRES,
    NEAR_METRES,
    SURE,
    Atlas,
    Plane,
    Positions,
    Whereabouts,
)

LATITUDE, LONGITUDE = 52.2, -2.2
PLANE = Plane.at(LATITUDE)
SIDE = 10_000.0
NAMES = {"C": "Countyshire", "W": "Westerly", "E": "Easterly", "WW": "West Ward", "EW": "East Ward"}
KINDS = {"C": "county", "W": "district", "E": "district", "WW": "ward", "EW": "ward"}
NO_POSTCODES = Positions((), (), (), ())


def degrees(east: float, north: float) -> tuple[float, float]:
    """Latitude and longitude so many metres from the middle of the shared border."""
    return LATITUDE + north / PLANE.north, LONGITUDE + east / PLANE.east


def square(west: float, east: float) -> dict[str, Any]:
    corners = [(west, -SIDE / 2), (east, -SIDE / 2), (east, SIDE / 2), (west, SIDE / 2)]
    ring = [list(reversed(degrees(*corner))) for corner in [*corners, corners[0]]]
    return {"type": "Polygon", "coordinates": [ring]}


BORDERS = {"W": square(-SIDE, 0), "E": square(0, SIDE)}


def postcodes(*rows: tuple[float, float, str]) -> Positions:
    """Postcodes by metres from the middle, each with its district; wards follow districts."""
    places = [degrees(east, north) for east, north, _ in rows]
    return Positions(
        [latitude for latitude, _ in places],
        [longitude for _, longitude in places],
        [district for *_, district in rows],
        [f"{district}W" for *_, district in rows],
    )


# A postcode every 250 metres on both sides.
EVERYWHERE = postcodes(
    *[
        (east + 125.0, north + 125.0, "W" if east < 0 else "E")
        for east in range(-3_000, 3_000, 250)
        for north in range(-3_000, 3_000, 250)
    ]
)
BY_BOUNDARY = Atlas(NAMES, KINDS, BORDERS, EVERYWHERE)
BY_POSTCODE = Atlas(NAMES, KINDS, {}, EVERYWHERE)


def at(atlas: Atlas, east: float, north: float = 0.0) -> Whereabouts:
    return atlas.place(*degrees(east, north))


def test_a_point_well_inside_is_certain() -> None:
    found = at(BY_BOUNDARY, -1_000)
    assert (found.district_code, found.district_name) == ("W", "Westerly")
    assert (found.ward_code, found.ward_name) == ("WW", "West Ward")
    assert (found.how, found.certainty, found.beside_code) == ("boundary", 1.0, "")
    assert found.words == "In Westerly, by its boundary"
    assert not found.is_doubtful


def test_a_point_near_the_border_names_both_sides_and_the_distance() -> None:
    found = at(BY_BOUNDARY, 12)
    assert (found.district_code, found.beside_code, found.beside_name) == ("E", "W", "Westerly")
    assert found.certainty == pytest.approx(0.7, abs=0.01)
    assert found.words == "12 m from the border of Easterly and Westerly, too near to tell which"
    assert found.is_doubtful


@given(st.floats(-SIDE + 100, SIDE - 100), st.floats(-SIDE / 2 + 100, SIDE / 2 - 100))
def test_there_is_doubt_exactly_within_the_border_distance(east: float, north: float) -> None:
    found = at(BY_BOUNDARY, east, north)
    assert found.district_code == ("W" if east < 0 else "E") or abs(east) < 0.01
    if abs(abs(east) - BORDER_METRES) > 0.01:
        assert bool(found.beside_code) == (abs(east) < BORDER_METRES) == found.is_doubtful
    assert found.certainty == pytest.approx(0.5 + 0.5 * min(1, abs(east) / BORDER_METRES), abs=0.01)


@given(st.floats(-100, 100), st.floats(-100, 100))
def test_certainty_never_jumps(east: float, step: float) -> None:
    here, there = at(BY_BOUNDARY, east), at(BY_BOUNDARY, east + step)
    assert abs(here.certainty - there.certainty) <= abs(step) / (2 * BORDER_METRES) + 0.001


@given(st.floats(-SIDE * 1.5, SIDE * 1.5), st.floats(-SIDE, SIDE))
def test_east_and_west_are_treated_alike(east: float, north: float) -> None:
    here, mirrored = at(BY_BOUNDARY, east, north), at(BY_BOUNDARY, -east, north)
    swapped = {"W": "E", "E": "W", "": ""}
    assert mirrored.is_outside == here.is_outside
    assert mirrored.certainty == pytest.approx(here.certainty, abs=0.01)
    if abs(east) > 0.01:
        assert mirrored.district_code == swapped[here.district_code]
        assert mirrored.beside_code == swapped[here.beside_code]


@pytest.mark.parametrize(("metres", "outside"), [(-10, False), (10, False), (31, True)])
def test_at_the_edge_of_the_county_it_is_in_doubt_and_beyond_it_outside(
    metres: float, outside: bool
) -> None:
    found = at(BY_BOUNDARY, SIDE + metres)
    assert found.is_outside is outside
    if not outside:
        assert (found.district_code, found.beside_code) == ("E", "")
        assert found.words == "10 m from the edge of Easterly, so perhaps outside it"
        assert (found.certainty < 0.5) == (metres > 0)


def test_where_polygons_overlap_or_leave_a_gap_both_are_named() -> None:
    for shift in (40, -40):
        drawn_apart = {"W": square(-SIDE, shift / 2), "E": square(-shift / 2, SIDE)}
        found = at(Atlas(NAMES, KINDS, drawn_apart, NO_POSTCODES), 0)
        assert {found.district_code, found.beside_code} == {"W", "E"}
        assert found.certainty <= 0.5


def test_a_ward_with_a_boundary_is_found_by_it() -> None:
    wards = {"WW": square(-SIDE, 0), "EW": square(0, SIDE)}
    atlas = Atlas(NAMES, KINDS, {**BORDERS, **wards}, NO_POSTCODES)
    assert at(atlas, 500).ward_code == "EW"


def test_holes_and_islands_are_what_they_are_drawn_as() -> None:
    west = square(-SIDE, 0)["coordinates"]
    hole = [list(reversed(degrees(*spot))) for spot in _ring(-6_000, -4_000)]
    island = [list(reversed(degrees(*spot))) for spot in _ring(-5_500, -4_500)]
    drawn = {"type": "MultiPolygon", "coordinates": [[west[0], hole], [island]]}
    atlas = Atlas(NAMES, KINDS, {"W": drawn, "E": BORDERS["E"]}, NO_POSTCODES)
    assert at(atlas, -5_000).district_code == "W"
    assert at(atlas, -5_750).is_outside
    assert at(atlas, -3_000).district_code == "W"


def _ring(west: float, east: float) -> list[tuple[float, float]]:
    half = (east - west) / 2
    return [(west, -half), (east, -half), (east, half), (west, half), (west, -half)]


# -- without boundaries -------------------------------------------------------------------------


def test_without_boundaries_the_nearest_postcodes_say_it() -> None:
    found = at(BY_POSTCODE, -1_000)
    assert (found.district_code, found.ward_code, found.how) == ("W", "WW", "nearest")
    assert found.certainty == 1.0
    assert found.words == "In Westerly, by the postcodes nearest to it"


def test_where_they_disagree_the_share_is_the_certainty_and_the_others_stand_beside() -> None:
    found = at(BY_POSTCODE, 40, 125)
    assert (found.district_code, found.beside_code) == ("E", "W")
    assert 0.5 < found.certainty < SURE
    assert found.words == (
        "4 of the 8 nearest postcodes are in Easterly, others in Westerly: too near the border to "
        "tell"
    )


@given(st.floats(-2_000, 2_000), st.floats(-2_000, 2_000))
def test_what_postcodes_say_for_certain_boundaries_say_too(east: float, north: float) -> None:
    found = at(BY_POSTCODE, east, north)
    if found.certainty >= SURE and abs(east) > BORDER_METRES:
        assert found.district_code == at(BY_BOUNDARY, east, north).district_code
        assert not found.beside_code
    else:
        assert found.is_doubtful
        assert {found.district_code, found.beside_code} == {"W", "E"}


def test_a_lonely_postcode_decides_less_the_farther_it_is() -> None:
    atlas = Atlas(NAMES, KINDS, {}, postcodes((0, 0, "W")))
    near, far = at(atlas, NEAR_METRES - 1), at(atlas, FAR_METRES - 1)
    assert near.certainty == 1.0
    assert far.certainty == pytest.approx(0.5, abs=0.01)
    assert far.words == (
        "1,599 m from the nearest postcode, in Westerly, so perhaps outside the county"
    )
    assert at(atlas, FAR_METRES + 1).is_outside


def test_the_county_s_own_boundary_settles_what_is_outside() -> None:
    lonely = postcodes((0, 0, "W"))
    atlas = Atlas(NAMES, KINDS, {"C": square(-3_000, 3_000)}, lonely)
    assert at(atlas, 2_500).district_code == "W"
    assert at(atlas, 2_500).certainty == 1.0
    assert at(atlas, 3_100).is_outside


def test_districts_without_a_boundary_are_found_by_their_postcodes() -> None:
    atlas = Atlas(NAMES, KINDS, {"W": BORDERS["W"]}, EVERYWHERE)
    assert at(atlas, -1_000).how == "boundary"
    found = at(atlas, 100)
    assert (found.district_code, found.how, found.beside_code) == ("E", "nearest", "")


def test_with_nothing_to_go_by_it_says_so() -> None:
    found = at(Atlas(NAMES, KINDS, {}, NO_POSTCODES), 0)
    assert (found.district_code, found.certainty, found.is_outside) == ("", 0.0, False)
    assert found.words.startswith("We know no postcode near this point")


@pytest.mark.parametrize("latitude", [51.97, 52.2, 52.46])
def test_metres_of_the_plane_are_those_of_the_national_grid_to_seven_in_a_thousand(
    latitude: float,
) -> None:
    step = 0.01
    here = grid.to_grid(latitude, LONGITUDE)
    for there, flat in [
        (grid.to_grid(latitude + step, LONGITUDE), PLANE.north * step),
        (grid.to_grid(latitude, LONGITUDE + step), PLANE.east * step),
    ]:
        assert flat == pytest.approx(math.dist(here, there), rel=0.007)
