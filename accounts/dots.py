"""Postcodes as dots on a square of a map, so that towns can be seen where there are no pictures.

Pure. Squares are numbered as those of map pictures are (zoom, column, row; Web Mercator), so that
each has one address and can be kept by whoever asked for it.
"""

from __future__ import annotations

import math
from bisect import bisect_left
from collections.abc import Sequence
from typing import Final

SIDE: Final = 256
# One dot at most in so many pixels each way: a square never has more than 4,096.
CELL: Final = 4
ZOOMS: Final = range(8, 19)
# Where the projection ends, in degrees.
_POLE: Final = 85.0511


class Dots:
    """All postcodes, ready to be drawn."""

    def __init__(self, latitudes: Sequence[float], longitudes: Sequence[float]) -> None:
        # Sorted from west to east, on a world that is one unit wide and one high.
        spots = sorted(
            _flat(latitude, longitude)
            for latitude, longitude in zip(latitudes, longitudes, strict=True)
        )
        self._across = [across for across, _down in spots]
        self._down = [down for _across, down in spots]

    def __bool__(self) -> bool:
        return bool(self._across)

    def square(self, zoom: int, column: int, row: int) -> list[tuple[int, int, int]] | None:
        """Where the dots of a square are, in pixels right and down, and for how many postcodes each
        stands; None for no such square.
        """
        if zoom not in ZOOMS or not (0 <= column < 2**zoom and 0 <= row < 2**zoom):
            return None
        wide = 1 / 2**zoom
        first = bisect_left(self._across, column * wide)
        last = bisect_left(self._across, (column + 1) * wide)
        cells: dict[tuple[int, int], tuple[int, int, int]] = {}
        for at in range(first, last):
            down = self._down[at] / wide - row
            if 0 <= down < 1:
                x, y = int((self._across[at] / wide - column) * SIDE), int(down * SIDE)
                cell = x // CELL, y // CELL
                first_x, first_y, count = cells.get(cell, (x, y, 0))
                cells[cell] = first_x, first_y, count + 1
        return list(cells.values())


def _flat(latitude: float, longitude: float) -> tuple[float, float]:
    north = math.radians(max(-_POLE, min(_POLE, latitude)))
    return (longitude + 180) / 360, (1 - math.asinh(math.tan(north)) / math.pi) / 2
