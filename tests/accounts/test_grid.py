"""Degrees become metres as Ordnance Survey says, and back again to the same spot."""

from __future__ import annotations

import csv
import importlib.util
import math
from pathlib import Path
from types import ModuleType

import pytest
from django.conf import settings
from hypothesis import given
from hypothesis import strategies as st

from accounts import grid

BASE = Path(settings.BASE_DIR)
OLDER = BASE.parent / "shared" / "data" / "areas" / "worcestershire_postcodes_2014.csv"


def _way_back() -> ModuleType:
    spec = importlib.util.spec_from_file_location("build", BASE / "reference/build_postcodes.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


BACK = _way_back()


def test_the_projection_is_that_of_ordnance_surveys_worked_example() -> None:
    easting, northing = grid._project(
        math.radians(52 + 39 / 60 + 27.2531 / 3600), math.radians(1 + 43 / 60 + 4.5177 / 3600)
    )
    assert easting == pytest.approx(651409.903, abs=0.001)
    assert northing == pytest.approx(313177.270, abs=0.001)


@given(st.integers(80_000, 655_000), st.integers(5_000, 1_220_000))
def test_there_and_back_is_the_same_metre(easting: int, northing: int) -> None:
    assert grid.to_grid(*BACK.to_wgs84(easting, northing)) == (easting, northing)


@pytest.mark.skipif(not OLDER.exists(), reason="the older postcodes are not here")
def test_points_of_another_conversion_are_within_five_metres_of_their_metres() -> None:
    ours = {row["postcode"]: row for row in _rows(BASE / "reference" / "postcodes.csv")}
    apart = []
    for row in _rows(OLDER):
        now = ours.get(row["postcode"].replace(" ", ""))
        if now is not None:
            east, north = grid.to_grid(float(row["lat"]), float(row["lon"]))
            apart.append(math.hypot(east - int(now["easting"]), north - int(now["northing"])))
    # Postcodes move from one edition to the next; half of them have stayed where they were.
    assert len(apart) > 15_000
    assert sorted(apart)[len(apart) // 2] < 5


def _rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8") as file:
        return list(csv.DictReader(file))
