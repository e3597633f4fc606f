"""A postcode's sector does not tell its district: wrong for one in fifteen."""

from __future__ import annotations

import math
from collections import Counter

import pytest

from accounts import areas, boundaries, grid
from accounts.gazetteer import every_postcode, gazetteer
from accounts.models import Postcode
from tests.accounts.conftest import SHARED, needs_shared, table


@pytest.fixture
def older(partnership: None) -> list[dict[str, str]]:
    return table(SHARED / "worcestershire_postcodes_2014.csv")


@needs_shared
def test_a_postcode_s_sector_does_not_tell_its_district_but_the_postcode_does(
    older: list[dict[str, str]], bounded: None
) -> None:
    by_sector = {
        row["sector"]: row["main_district_gss"]
        for row in table(SHARED / "postcode_sectors_to_district.csv")
    }
    astray = [row for row in older if by_sector[row["postcode"][:-2]] != row["district_gss"]]
    assert (len(astray), len(older)) == (1_061, 16_011)

    atlas = boundaries._atlas()
    known = set(Postcode.objects.values_list("postcode", flat=True))
    looked_up = [
        (row, areas.lookup(row["postcode"]))
        for row in astray
        if areas.compact(row["postcode"]) in known
    ]
    assert len(looked_up) == 1_049  # the others have ended since
    moved = []
    for row, found in looked_up:
        # Right is where the boundary says that the postcode stands now.
        spot = atlas.place(found.latitude, found.longitude)
        assert found.district_code == spot.district_code or spot.is_doubtful, found
        if found.district_code != row["district_gss"]:
            moved.append(_metres_from(row, found))
    # Nine stand in another district than in 2014, because that is where they have moved to.
    assert len(moved) == 9
    assert min(moved) > 50


def _metres_from(row: dict[str, str], now: areas.PostcodeFound) -> float:
    return math.dist(
        grid.to_grid(float(row["lat"]), float(row["lon"])), (now.easting, now.northing)
    )


@needs_shared
def test_sectors_as_they_are_now_would_mislead_as_often(older: list[dict[str, str]]) -> None:
    now = every_postcode(gazetteer())
    sectors: dict[str, Counter[str]] = {}
    for one in now:
        sectors.setdefault(one.postcode[:-2], Counter())[one.district_code] += 1
    astray = sum(
        sectors[one.postcode[:-2]].most_common(1)[0][0] != one.district_code for one in now
    )
    assert 0.05 < astray / len(now) < 0.08


@needs_shared
def test_boundaries_and_postcodes_agree_but_for_one(
    older: list[dict[str, str]], bounded: None
) -> None:
    atlas = boundaries._atlas()
    apart = [
        row["postcode"]
        for row in older
        if atlas.place(float(row["lat"]), float(row["lon"])).district_code != row["district_gss"]
    ]
    assert apart == ["WR5 3TE"]
