"""Point on a map → district and ward. Never by postcode sector; without PostGIS.

Each process keeps one atlas of all boundaries and postcodes. Every look-up asks PostgreSQL, in one
small statement, whether it is still of the data there are now.
"""

from __future__ import annotations

import math
import threading
from dataclasses import replace
from typing import Any, Final

from django.db import connection
from django.utils.translation import gettext as _

from accounts.areas import COUNTY_NAME, OutsideCounty, spaced, whom_to_ask
from accounts.atlas import Atlas, Near, Positions, Whereabouts
from accounts.grid import to_grid
from accounts.models import Area, Boundary, Postcode
from core.errors import DomainError
from core.statements import Statement

__all__ = [
    "BRITAIN",
    "NotAPoint",
    "PointOutside",
    "Whereabouts",
    "dots",
    "inside",
    "is_drawable",
    "locate",
    "middles",
    "near",
    "outlines",
    "postcodes_inside",
    "to_grid",
    "wards",
]

# Degrees north and east that hold Great Britain: least and most.
BRITAIN: Final = ((49, 61), (-9, 2))

# How far a drawn edge may be from the true one, in degrees: some forty metres.
OUTLINE_DEGREES: Final = 0.0005

# Which rows there are, by the transaction that wrote each and where it stands: no two states of a
# table are alike, also when one is undone. Postcodes are only ever written all at once
# (`actions_reference.save_postcodes`), so that the first and the last tell for all.
_STAMP = """
SELECT (SELECT sum(hashtextextended(xmin::text || ctid::text, 0)) FROM accounts_area),
       (SELECT sum(hashtextextended(xmin::text || ctid::text, 0)) FROM accounts_boundary),
       (SELECT xmin::text || ctid::text FROM accounts_postcode ORDER BY postcode LIMIT 1),
       (SELECT xmin::text || ctid::text FROM accounts_postcode ORDER BY postcode DESC LIMIT 1)"""

# Asked by each page with a map: without the atlas.
_DRAWABLE = Statement(
    """
SELECT EXISTS (SELECT FROM accounts_postcode)
    OR EXISTS (SELECT FROM accounts_boundary JOIN accounts_area ON code = area_code
               WHERE kind = 'district')""",
    (),
    (),
    prepared=True,
)

_Stamp = tuple[object, ...]
_kept: tuple[_Stamp, Atlas] | None = None
_making = threading.Lock()


class NotAPoint(DomainError):
    code = "point_not_valid"


class PointOutside(OutsideCounty):
    code = "point_outside"


def locate(latitude: float, longitude: float) -> Whereabouts:
    """Where a point (WGS84) is: in a district, in doubt between two, or outside the county.

    Raises NotAPoint for what is no point in Great Britain.
    """
    _check(latitude, longitude)
    found = _atlas().place(latitude, longitude)
    if not found.is_outside:
        return found
    words = (
        f"This point on the map is outside {COUNTY_NAME}. Check it, or ask the council for that "
        f"area. If you are not sure, {whom_to_ask()}"
    )
    return Whereabouts(
        how=found.how, certainty=found.certainty, words=words, is_outside=True, is_doubtful=True
    )


def inside(latitude: float, longitude: float) -> Whereabouts:
    """As `locate`, for a point that must be in the county. Raises PointOutside, NotAPoint."""
    found = locate(latitude, longitude)
    if found.is_outside:
        raise PointOutside(found.words)
    return found


def near(latitude: float, longitude: float, *, most: int = 1) -> list[Near]:
    """The postcodes nearest to a point, as they are shown. Raises NotAPoint."""
    _check(latitude, longitude)
    found = _atlas().near(latitude, longitude, most=most)
    return [replace(one, name=spaced(one.name)) for one in found]


def outlines() -> list[tuple[str, str, dict[str, Any]]]:
    """Code, name and edge of every district whose boundary is known, good enough to be drawn."""
    return _atlas().outlines(OUTLINE_DEGREES)


def middles() -> list[tuple[str, float, float]]:
    """Name and middle of every district whose boundary nobody loaded."""
    return _atlas().middles()


def wards() -> list[tuple[str, float, float]]:
    """Name and middle of every ward that has postcodes."""
    return _atlas().wards()


def dots(zoom: int, column: int, row: int) -> list[tuple[int, int, int]] | None:
    """The postcodes in a square of a map as dots (`accounts.dots`); None for no such square."""
    return _atlas().dots.square(zoom, column, row)


def is_drawable() -> bool:
    """Whether a map without pictures would show anything: edges of districts, or postcodes."""
    return bool(_DRAWABLE.rows()[0][0])


def postcodes_inside() -> tuple[int, int]:
    """Postcodes in the boundary of their own district, of all whose district has one."""
    return _atlas().postcodes_inside()


def _check(latitude: float, longitude: float) -> None:
    if not (math.isfinite(latitude) and math.isfinite(longitude)):
        raise NotAPoint(_("Latitude and longitude must be numbers, like 52.1931 and -2.2208"))
    (south, north), (west, east) = BRITAIN
    if south <= latitude <= north and west <= longitude <= east:
        return
    if south <= longitude <= north and west <= latitude <= east:
        raise NotAPoint(_("Latitude and longitude have changed places: send the latitude first"))
    raise NotAPoint(
        _(
            "Latitude must be between %(south)s and %(north)s and longitude between %(west)s and "
            "%(east)s, in degrees (WGS84). This point is not in Great Britain"
        )
        % {
            "south": f"{south:g}",
            "north": f"{north:g}",
            "west": f"{west:g}",
            "east": f"{east:g}",
        }
    )


def _atlas() -> Atlas:
    global _kept  # noqa: PLW0603  # one for the process, exchanged whole
    with connection.cursor() as cursor:
        cursor.execute(_STAMP)
        stamp: _Stamp = cursor.fetchone()
    kept = _kept
    if kept is not None and kept[0] == stamp:
        return kept[1]
    with _making:
        # What is read after the stamp may be newer than it: then the next look-up reads again.
        if _kept is None or _kept[0] != stamp:
            _kept = (stamp, _read())
        return _kept[1]


def _read() -> Atlas:
    areas = list(Area.objects.order_by().values_list("code", "name", "kind"))
    rows = list(
        Postcode.objects.order_by().values_list(
            "latitude", "longitude", "district_code", "ward_code", "postcode"
        )
    )
    return Atlas(
        names={code: name for code, name, _ in areas},
        kinds={code: kind for code, _, kind in areas},
        boundaries=dict(Boundary.objects.order_by().values_list("area_code", "geometry")),
        postcodes=Positions(*zip(*rows, strict=True)) if rows else Positions((), (), (), ()),
    )
