"""Which district and ward a point lies in, by boundaries where there are any, else by postcodes.

Pure: made from plain values, asks nobody. Distances are metres on a plane that touches the county,
true to seven in a thousand across it.
"""

from __future__ import annotations

import math
import statistics
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final, Literal

import shapely
from shapely.geometry import shape
from shapely.geometry.base import BaseGeometry

from accounts.dots import Dots

# So near a border a point is on neither side for certain. ONS draws its generalised boundaries to
# 20 m, our degrees are good to 5 m, a telephone under open sky to 5 m. Measured on those of 2016:
# of 33,033 postcodes the three that fall on the wrong side do so by less than 8 m.
BORDER_METRES: Final = 30.0
# How many of the nearest postcodes are asked, and the share of them that leaves no doubt. Measured
# at 18,483 points all over the county: 94 % pass, and of those 1 in 580 is in another district.
NEAREST: Final = 8
SURE: Final = 0.9
# Nowhere in the county is farther than 1,576 m from a postcode, 19 places of 20 are within 770 m.
NEAR_METRES: Final = 800.0
FAR_METRES: Final = 1_600.0
_CELL: Final = 400.0
# How many cells on each side of a point's own are looked through, until there are enough.
_REACHES: Final = (1, 2, 4, 8, 16)
_FARTHEST: Final = _REACHES[-1] * _CELL

How = Literal["boundary", "nearest"]


@dataclass(frozen=True, slots=True)
class Whereabouts:
    """Where a point lies, and how certain that is (0 to 1).

    `beside` is the district across a border that is too near to tell. `words` say how it was found,
    or what is in doubt. Outside the county there is no district.
    """

    district_code: str = ""
    district_name: str = ""
    ward_code: str = ""
    ward_name: str = ""
    how: How = "nearest"
    certainty: float = 0.0
    beside_code: str = ""
    beside_name: str = ""
    words: str = ""
    is_outside: bool = False
    is_doubtful: bool = False


@dataclass(frozen=True, slots=True)
class Positions:
    """Postcodes as columns: degrees north and east, district, ward and name by row."""

    latitudes: Sequence[float]
    longitudes: Sequence[float]
    districts: Sequence[str]
    wards: Sequence[str]
    names: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class Near:
    """A postcode near a point, and how many metres away."""

    name: str
    latitude: float
    longitude: float
    metres: float


@dataclass(frozen=True, slots=True)
class Plane:
    """Metres east and north of nowhere in particular, true at one latitude."""

    east: float
    north: float

    @classmethod
    def at(cls, latitude: float) -> Plane:
        """The plane that touches the earth (WGS84) at a latitude."""
        lat = math.radians(latitude)
        return cls(
            east=111_412.84 * math.cos(lat) - 93.5 * math.cos(3 * lat),
            north=111_132.92 - 559.82 * math.cos(2 * lat) + 1.175 * math.cos(4 * lat),
        )

    def metres(self, latitude: float, longitude: float) -> tuple[float, float]:
        """A spot on the plane, east and north."""
        return longitude * self.east, latitude * self.north

    def flat(self, geometry: Mapping[str, Any]) -> BaseGeometry:
        """GeoJSON in degrees on the plane."""
        return shapely.transform(shape(geometry), lambda rows: rows * (self.east, self.north))


class Edges:
    """Some areas' polygons on the plane: which of them hold a point, or nearly."""

    def __init__(self, geometries: Mapping[str, Mapping[str, Any]], plane: Plane) -> None:
        self.codes = tuple(sorted(geometries))
        self._areas = [plane.flat(geometries[code]) for code in self.codes]
        self._lines = [area.boundary for area in self._areas]
        shapely.prepare(self._areas)
        shapely.prepare(self._lines)
        self._tree = shapely.STRtree(self._areas)

    def near(self, point: shapely.Point) -> list[tuple[float, str]]:
        """Areas whose edge or inside is within BORDER_METRES: the nearest first, inside is 0."""
        rows = self._tree.query(point, predicate="dwithin", distance=BORDER_METRES)
        return sorted((self._areas[row].distance(point), self.codes[row]) for row in rows)

    def depth(self, point: shapely.Point, code: str) -> float:
        """How far from its area's edge a point lies, on either side; infinite beyond the border."""
        line = self._lines[self.codes.index(code)]
        near = shapely.dwithin(line, point, BORDER_METRES)
        return float(line.distance(point)) if near else math.inf

    def holding(self, point: shapely.Point) -> str:
        """The first area that a point lies in, or ""."""
        rows = self._tree.query(point, predicate="intersects")
        return self.codes[min(rows)] if len(rows) else ""


class Spots:
    """Postcodes on the plane, in square cells."""

    def __init__(self, postcodes: Positions, plane: Plane) -> None:
        self.districts, self.wards = postcodes.districts, postcodes.wards
        self._cells: defaultdict[tuple[int, int], list[tuple[float, float, int]]]
        self._cells = defaultdict(list)
        for row, degrees in enumerate(zip(postcodes.latitudes, postcodes.longitudes, strict=True)):
            east, north = plane.metres(*degrees)
            self._cells[int(east // _CELL), int(north // _CELL)].append((east, north, row))

    def __bool__(self) -> bool:
        return bool(self._cells)

    def around(
        self, point: shapely.Point, districts: Collection[str], most: float
    ) -> list[tuple[float, int]]:
        """Distance and row of the nearest postcodes of these districts, the nearest first."""
        found: list[tuple[float, int]] = []
        for reach in _REACHES:
            if reach * _CELL > most:
                break
            within = self.within(point.x, point.y, reach)
            found = sorted(one for one in within if self.districts[one[1]] in districts)[:NEAREST]
            if len(found) == NEAREST:
                break
        return found

    def within(self, east: float, north: float, reach: int) -> Iterator[tuple[float, int]]:
        """Those no farther than so many cells: all of them are in the cells looked through."""
        column, line = int(east // _CELL), int(north // _CELL)
        for there in range(column - reach, column + reach + 1):
            for up in range(line - reach, line + reach + 1):
                for x, y, row in self._cells.get((there, up), ()):
                    away = math.hypot(x - east, y - north)
                    if away <= reach * _CELL:
                        yield away, row


class Atlas:
    """Boundaries and postcodes, ready to be asked. Made once, asked thousands of times."""

    def __init__(
        self,
        names: Mapping[str, str],
        kinds: Mapping[str, str],
        boundaries: Mapping[str, Mapping[str, Any]],
        postcodes: Positions,
    ) -> None:
        self._names = names
        self._plane = Plane.at(_middle(boundaries, postcodes))
        by_kind = {
            kind: {code: edge for code, edge in boundaries.items() if kinds.get(code) == kind}
            for kind in ("county", "district", "ward")
        }
        self._counties, self._districts, self._wards = (
            Edges(by_kind[kind], self._plane) for kind in ("county", "district", "ward")
        )
        self._drawn = {code: shape(edge) for code, edge in by_kind["district"].items()}
        known = {code for code, kind in kinds.items() if kind == "district"}
        self._unbounded = (known | set(postcodes.districts)) - set(self._districts.codes)
        self._postcodes = postcodes
        self._spots = Spots(postcodes, self._plane)
        self.dots = Dots(postcodes.latitudes, postcodes.longitudes)

    def place(self, latitude: float, longitude: float) -> Whereabouts:
        """Where a point of this country lies."""
        point = shapely.Point(*self._plane.metres(latitude, longitude))
        near = self._districts.near(point)
        if near:
            return self._with_ward(point, self._by_boundary(point, near))
        if self._districts.codes and not self._unbounded:
            return Whereabouts(how="boundary", certainty=1.0, is_outside=True)
        county = self._counties.near(point) if self._counties.codes else []
        if self._counties.codes and not county:
            return Whereabouts(how="boundary", certainty=1.0, is_outside=True)
        return self._with_ward(point, self._by_nearest(point, in_county=bool(county)))

    def near(self, latitude: float, longitude: float, *, most: int = 1) -> list[Near]:
        """The postcodes nearest to a point within FAR_METRES, the nearest first."""
        point = shapely.Point(*self._plane.metres(latitude, longitude))
        columns = self._postcodes
        found: list[tuple[float, int]] = []
        for reach in _REACHES:
            found = sorted(self._spots.within(point.x, point.y, reach))[:most]
            if len(found) == most or reach * _CELL >= FAR_METRES:
                break
        return [
            Near(columns.names[row], columns.latitudes[row], columns.longitudes[row], away)
            for away, row in found
        ]

    def outlines(self, tolerance: float) -> list[tuple[str, str, dict[str, Any]]]:
        """Code, name and simplified edge (GeoJSON) of every district with a boundary."""
        return [
            (code, self._name(code), shapely.geometry.mapping(shapely.simplify(edge, tolerance)))
            for code, edge in sorted(self._drawn.items())
        ]

    def middles(self) -> list[tuple[str, float, float]]:
        """Name and middle (of its postcodes) of every district without a boundary."""
        return self._middles(self._postcodes.districts, self._unbounded)

    def wards(self) -> list[tuple[str, float, float]]:
        """Name and middle (of its postcodes) of every ward that has a name."""
        return self._middles(self._postcodes.wards, set(self._names))

    def _middles(
        self, codes: Sequence[str], wanted: Collection[str]
    ) -> list[tuple[str, float, float]]:
        columns, found = self._postcodes, defaultdict[str, list[int]](list)
        for row, code in enumerate(codes):
            if code in wanted:
                found[code].append(row)
        return [
            (
                self._name(code),
                statistics.fmean(columns.latitudes[row] for row in rows),
                statistics.fmean(columns.longitudes[row] for row in rows),
            )
            for code, rows in sorted(found.items())
        ]

    def postcodes_inside(self) -> tuple[int, int]:
        """Postcodes in the boundary of their own district, of all whose district has one."""
        bounded = set(self._districts.codes)
        held = [
            self._districts.holding(shapely.Point(*self._plane.metres(latitude, longitude)))
            == district
            for latitude, longitude, district in zip(
                self._postcodes.latitudes,
                self._postcodes.longitudes,
                self._postcodes.districts,
                strict=True,
            )
            if district in bounded
        ]
        return sum(held), len(held)

    def _by_boundary(self, point: shapely.Point, near: list[tuple[float, str]]) -> Whereabouts:
        away, own = near[0]
        beside, gap = (near[1][1], near[1][0]) if len(near) > 1 else ("", math.inf)
        edge = self._districts.depth(point, own)
        # In two areas at once, or in none, as polygons drawn apart from each other leave it.
        depth = -away if away else min(gap, edge)
        share = 0.5 + 0.5 * min(depth, BORDER_METRES) / BORDER_METRES
        found = Whereabouts(
            district_code=own,
            district_name=self._name(own),
            how="boundary",
            certainty=share,
            beside_code=beside,
            beside_name=self._name(beside),
            is_doubtful=share < 1.0,
        )
        if beside:
            words = (
                f"{_metres(abs(depth))} from the border of {found.district_name} and "
                f"{found.beside_name}, too near to tell which"
            )
        elif found.is_doubtful:
            words = f"{_metres(edge)} from the edge of {found.district_name}, so perhaps outside it"
        else:
            words = f"In {found.district_name}, by its boundary"
        return replace(found, words=words)

    def _by_nearest(self, point: shapely.Point, *, in_county: bool) -> Whereabouts:
        near = self._spots.around(point, self._unbounded, _FARTHEST if in_county else FAR_METRES)
        if not near:
            return self._nothing_near(in_county=in_county)
        votes: defaultdict[str, float] = defaultdict(float)
        for away, row in near:
            # Ten metres more, so that one that happens to stand here does not decide alone.
            votes[self._postcodes.districts[row]] += 1 / (away + 10)
        own, *others = sorted(votes, key=lambda code: (-votes[code], code))
        share = votes[own] / sum(votes.values())
        reach = 1.0 if in_county else min(1.0, NEAR_METRES / max(near[0][0], 1.0))
        beside = others[0] if others and share < SURE else ""
        found = Whereabouts(
            district_code=own,
            district_name=self._name(own),
            certainty=share * reach,
            beside_code=beside,
            beside_name=self._name(beside),
            is_doubtful=share * reach < SURE,
        )
        agree = sum(self._postcodes.districts[row] == own for _, row in near)
        if beside:
            words = (
                f"{agree} of the {len(near)} nearest postcodes are in {found.district_name}, "
                f"others in {found.beside_name}: too near the border to tell"
            )
        elif found.is_doubtful:
            words = (
                f"{_metres(near[0][0])} from the nearest postcode, in {found.district_name}, so "
                "perhaps outside the county"
            )
        else:
            words = f"In {found.district_name}, by the postcodes nearest to it"
        return replace(found, words=words)

    def _nothing_near(self, *, in_county: bool) -> Whereabouts:
        if in_county or not self._spots:
            words = "We know no postcode near this point, so not which district it is in"
            return Whereabouts(words=words, is_doubtful=True)
        return Whereabouts(certainty=1.0, is_outside=True)

    def _with_ward(self, point: shapely.Point, found: Whereabouts) -> Whereabouts:
        if not found.district_code:
            return found
        ward = self._wards.holding(point)
        if not ward:
            near = self._spots.around(point, {found.district_code}, _FARTHEST)
            ward = next((w for _, row in near if (w := self._postcodes.wards[row])), "")
        return replace(found, ward_code=ward, ward_name=self._name(ward))

    def _name(self, code: str) -> str:
        return self._names.get(code, code)


def _metres(distance: float) -> str:
    return f"{distance:,.0f} m"


def _middle(boundaries: Mapping[str, Mapping[str, Any]], postcodes: Positions) -> float:
    """A latitude in the middle of what there is."""
    if postcodes.latitudes:
        return statistics.fmean(postcodes.latitudes)
    if boundaries:
        bounds = shapely.total_bounds([shape(edge) for edge in boundaries.values()])
        return float(bounds[1] + bounds[3]) / 2
    return 52.0
