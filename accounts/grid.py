"""Degrees as satellites give them → metres on the National Grid. Pure.

Ordnance Survey's seven-parameter Helmert transformation, then its transverse Mercator projection
("A guide to coordinate systems in Great Britain", annexes B and C). Without the grid of corrections
OSTN15 it is within 5 metres: what is linked lies within 50. `reference/build_postcodes.py` is the
way back, and tests hold the two together.
"""

from __future__ import annotations

import math
from typing import Final

_AIRY_A, _AIRY_B = 6377563.396, 6356256.909
_WGS84_A, _WGS84_B = 6378137.0, 6356752.314245
_SCALE, _E0, _N0 = 0.9996012717, 400000.0, -100000.0
_LAT0, _LON0 = math.radians(49), math.radians(-2)
# From WGS84 to Airy: metres, seconds of arc, parts of a million.
_SHIFT = (-446.448, 125.157, -542.060)
_ROTATION = tuple(math.radians(seconds / 3600) for seconds in (-0.1502, -0.2470, -0.8421))
_STRETCH = 1 + 20.4894e-6
_AIRY_E2: Final = 1 - (_AIRY_B / _AIRY_A) ** 2
_WGS84_E2: Final = 1 - (_WGS84_B / _WGS84_A) ** 2


def to_grid(latitude: float, longitude: float) -> tuple[int, int]:
    """Easting and northing in whole metres (OSGB36) of degrees in WGS84, within 5 metres."""
    easting, northing = _project(*_on_airy(math.radians(latitude), math.radians(longitude)))
    return round(easting), round(northing)


def _on_airy(lat: float, lon: float) -> tuple[float, float]:
    """The same spot on the ellipsoid that the National Grid is drawn on, in radians."""
    nu = _WGS84_A / math.sqrt(1 - _WGS84_E2 * math.sin(lat) ** 2)
    x = nu * math.cos(lat) * math.cos(lon)
    y = nu * math.cos(lat) * math.sin(lon)
    z = (1 - _WGS84_E2) * nu * math.sin(lat)
    rx, ry, rz = _ROTATION
    x, y, z = (
        _SHIFT[0] + _STRETCH * x - rz * y + ry * z,
        _SHIFT[1] + rz * x + _STRETCH * y - rx * z,
        _SHIFT[2] - ry * x + rx * y + _STRETCH * z,
    )
    flat = math.hypot(x, y)
    lat = math.atan2(z, flat * (1 - _AIRY_E2))
    for _ in range(6):  # each step is a thousand times nearer; six leave nothing of a millimetre
        nu = _AIRY_A / math.sqrt(1 - _AIRY_E2 * math.sin(lat) ** 2)
        lat = math.atan2(z + _AIRY_E2 * nu * math.sin(lat), flat)
    return lat, math.atan2(y, x)


def _project(lat: float, lon: float) -> tuple[float, float]:
    bend = 1 - _AIRY_E2 * math.sin(lat) ** 2
    nu = _AIRY_A * _SCALE / math.sqrt(bend)
    rho = _AIRY_A * _SCALE * (1 - _AIRY_E2) / bend**1.5
    eta2 = nu / rho - 1
    sin, cos, tan2 = math.sin(lat), math.cos(lat), math.tan(lat) ** 2
    d = lon - _LON0
    northing = (
        _arc(lat)
        + _N0
        + d**2 * nu / 2 * sin * cos
        + d**4 * nu / 24 * sin * cos**3 * (5 - tan2 + 9 * eta2)
        + d**6 * nu / 720 * sin * cos**5 * (61 - 58 * tan2 + tan2**2)
    )
    easting = (
        _E0
        + d * nu * cos
        + d**3 * nu / 6 * cos**3 * (nu / rho - tan2)
        + d**5 * nu / 120 * cos**5 * (5 - 18 * tan2 + tan2**2 + 14 * eta2 - 58 * tan2 * eta2)
    )
    return easting, northing


def _arc(lat: float) -> float:
    """Metres along the meridian from the grid's true origin."""
    n = (_AIRY_A - _AIRY_B) / (_AIRY_A + _AIRY_B)
    minus, plus = lat - _LAT0, lat + _LAT0
    return (
        _AIRY_B
        * _SCALE
        * (
            (1 + n + 5 / 4 * n**2 + 5 / 4 * n**3) * minus
            - (3 * n + 3 * n**2 + 21 / 8 * n**3) * math.sin(minus) * math.cos(plus)
            + (15 / 8 * (n**2 + n**3)) * math.sin(2 * minus) * math.cos(2 * plus)
            - 35 / 24 * n**3 * math.sin(3 * minus) * math.cos(3 * plus)
        )
    )
