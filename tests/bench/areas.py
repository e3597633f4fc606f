"""Points on the map placed in this process, with the check that the reference data are the same."""

from __future__ import annotations

import random
import time
from io import StringIO
from pathlib import Path
from typing import Any, Final

ROOT: Final = Path(__file__).resolve().parents[2]
DISTRICTS: Final = ROOT.parent / "shared/data/areas/worcestershire_districts.geojson"
LOOK_UPS: Final = 3_000


def look_ups() -> dict[str, Any]:
    """Look-ups a second by nearest postcodes, then by boundaries where they are at hand."""
    from django.core.management import call_command

    figures = {"first_ms": _first_ms(), "by_postcodes_per_s": _rate()}
    if DISTRICTS.exists():
        call_command("import_areas", DISTRICTS, stdout=StringIO())
        figures["by_boundaries_per_s"] = _rate()
    return {**figures, "n": LOOK_UPS}


def _first_ms() -> float:
    """What the first look-up of a process takes, which reads all postcodes."""
    from accounts import boundaries

    began = time.perf_counter()
    boundaries.locate(52.1931, -2.2208)
    return round((time.perf_counter() - began) * 1000, 1)


def _rate() -> float:
    from accounts import boundaries

    chance = random.Random(3)  # points, not secrets
    points = [(chance.uniform(52.0, 52.45), chance.uniform(-2.6, -1.8)) for _ in range(LOOK_UPS)]
    boundaries.locate(*points[0])
    began = time.perf_counter()
    for point in points:
        boundaries.locate(*point)
    return round(LOOK_UPS / (time.perf_counter() - began), 1)
