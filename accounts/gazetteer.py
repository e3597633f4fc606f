"""All areas at once, for whoever places thousands of things and cannot ask for each."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field

from django.db import connection

from accounts.areas import PostcodeFound, spaced
from accounts.models import Area, Postcode

# Of latitude; a degree of longitude is as much shorter as the cosine of the latitude says.
_METRES_A_DEGREE = 110_000


@dataclass(frozen=True, slots=True)
class Gazetteer:
    """Every area's name, what it lies in and its kind, by code."""

    names: dict[str, str]
    parents: dict[str, str]
    kinds: dict[str, str] = field(default_factory=dict)

    def containing(self, district_code: str, ward_code: str) -> tuple[str, ...]:
        """As `areas.containing`, without asking the database."""
        codes: list[str] = []
        code = (ward_code or district_code) if district_code else ""
        while code and code not in codes:
            codes.append(code)
            code = self.parents.get(code, "")
        if district_code and district_code not in codes:
            codes.append(district_code)
        return tuple(codes)

    def places(self) -> list[tuple[str, ...]]:
        """Every kind of place there is: each ward, each district with no ward known, and none."""
        smallest = [code for code, kind in self.kinds.items() if kind in ("ward", "district")]
        return [(), *(self.containing(code, "") for code in sorted(smallest))]


def gazetteer() -> Gazetteer:
    """The areas as they are now."""
    rows = list(Area.objects.values_list("code", "name", "parent_code", "kind"))
    return Gazetteer(
        names={code: name for code, name, _, _ in rows},
        parents={code: parent for code, _, parent, _ in rows},
        kinds={code: kind for code, _, _, kind in rows},
    )


def every_postcode(book: Gazetteer) -> list[PostcodeFound]:
    """Every postcode with its areas, in order."""
    return [_found(row, book.names) for row in Postcode.objects.all()]


def _found(row: Postcode, names: Mapping[str, str]) -> PostcodeFound:
    return PostcodeFound(
        postcode=spaced(row.postcode),
        district_code=row.district_code,
        district_name=names.get(row.district_code, ""),
        ward_code=row.ward_code,
        ward_name=names.get(row.ward_code, ""),
        latitude=row.latitude,
        longitude=row.longitude,
        easting=row.easting,
        northing=row.northing,
    )


# Differs when any postcode, area or organisation has changed, come or gone.
_MARK = """
SELECT concat_ws(' ',
    (SELECT count(*) || ':' || sum(hashtext(p.postcode || p.district_code || p.ward_code)::bigint)
     FROM accounts_postcode AS p),
    (SELECT count(*) || ':' || sum(hashtextextended(a::text, 0)) FROM accounts_area AS a),
    (SELECT count(*) || ':' || sum(hashtextextended(o::text, 0))
     FROM accounts_organisation AS o))"""


def postcodes_near(latitude: float, longitude: float, metres: float) -> list[PostcodeFound]:
    """The postcodes in a square around a point, with the codes of their areas and no names."""
    north = metres / _METRES_A_DEGREE
    east = north / math.cos(math.radians(latitude))
    rows = Postcode.objects.filter(
        latitude__range=(latitude - north, latitude + north),
        longitude__range=(longitude - east, longitude + east),
    )
    return [_found(row, {}) for row in rows]


def mark() -> str:
    """A mark of all places and of who answers for them: one statement, some milliseconds."""
    with connection.cursor() as cursor:
        cursor.execute(_MARK)
        return str(cursor.fetchone()[0])
