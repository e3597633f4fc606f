"""Reads the edges of areas from GeoJSON, and says everything that is wrong with a file at once."""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import shapely
from shapely.errors import ShapelyError
from shapely.geometry import shape

from core.sheets import Check, Problem

# Where files keep an area's code, the first found wins: our own names, then those of ONS by kind,
# the smallest first, because a ward's row names its district too.
_PLAIN: Final = ("code", "gss", "gss_code", "area_code")
_ONS: Final = tuple(re.compile(rf"{kind}\d\dcd") for kind in ("wd", "par", "lad", "ctyua", "cty"))
_NAMES: Final = re.compile(r"name|(wd|par|lad|ctyua|cty)\d\dnm")
# Degrees west and east, south and north that hold Great Britain.
_BOX: Final = (-9.0, 49.0, 2.0, 61.0)
_SHAPES: Final = ("Polygon", "MultiPolygon")
# What shapely raises for coordinates that are none.
_UNREADABLE: Final = (ValueError, TypeError, KeyError, IndexError, AttributeError)
_AGAIN: Final = "Export it again as GeoJSON in WGS84 degrees (EPSG:4326)"


@dataclass(frozen=True, slots=True)
class BoundaryRow:
    """The edge of one area, as GeoJSON geometry of two dimensions."""

    area_code: str
    geometry: dict[str, Any]
    source: str


@dataclass(frozen=True, slots=True)
class FeatureProblem(Problem):
    """One thing wrong with one feature, counted from 1 as `line`; `column` is its name."""

    def __str__(self) -> str:
        named = f" ({self.column})" if self.column else ""
        return f"{self.file}, feature {self.line}{named}: {self.words}. {self.cure}"


@dataclass(slots=True)
class _Feature:
    file: str
    number: int
    value: Mapping[str, Any]
    check: Check

    @property
    def properties(self) -> dict[str, Any]:
        found = self.value.get("properties")
        named = found.items() if isinstance(found, dict) else ()
        return {str(key).lower(): value for key, value in named}

    @property
    def name(self) -> str:
        named = self.properties.items()
        return next((str(value)[:80] for key, value in named if _NAMES.fullmatch(key)), "")

    def wrong(self, words: str, cure: str) -> None:
        self.check.problems.append(FeatureProblem(self.file, self.number, self.name, words, cure))


def is_geojson(path: Path) -> bool:
    """Whether a file is meant as GeoJSON: by its name, else by its first character."""
    if path.suffix.lower() in (".geojson", ".json"):
        return True
    try:
        with path.open("rb") as file:
            return file.read(64).lstrip(b"\xef\xbb\xbf \r\n\t").startswith(b"{")
    except OSError:
        return False


def boundaries(path: Path, check: Check, areas: Collection[str]) -> list[BoundaryRow]:
    """The boundaries of a FeatureCollection, each of an area that is known."""
    whole = _collection(path, check)
    if whole is None:
        return []
    source = _source(path, whole)
    seen: dict[str, int] = {}
    found = []
    for number, value in enumerate(whole["features"], start=1):
        feature = _Feature(path.name, number, value if isinstance(value, dict) else {}, check)
        code, geometry = _code(feature, areas), _geometry(feature)
        if code and seen.setdefault(code, number) != number:
            feature.wrong(
                f"{code} is already feature {seen[code]}", "Join the two into one MultiPolygon"
            )
        elif code and geometry is not None:
            found.append(BoundaryRow(code, geometry, source))
    return found


def _source(path: Path, whole: Mapping[str, Any]) -> str:
    """The file and whose data it is, as far as there is room."""
    words = f"{path.name}: {whole['attribution']}" if whole.get("attribution") else path.name
    return words if len(words) <= 200 else f"{words[:199]}…"


def _collection(path: Path, check: Check) -> dict[str, Any] | None:
    def refuse(words: str, cure: str) -> None:
        check.problems.append(Problem(path.name, 0, "", words, cure))

    try:
        whole = json.loads(path.read_text(encoding="utf-8-sig"))
    except FileNotFoundError:
        refuse("there is no such file", f"Put it at {path.parent.name}/")
        return None
    except (ValueError, RecursionError) as error:
        refuse(f"is not JSON ({error})", _AGAIN)
        return None
    features = whole.get("features") if isinstance(whole, dict) else None
    if not isinstance(features, list) or whole.get("type") != "FeatureCollection":
        refuse("is not a FeatureCollection", _AGAIN)
        return None
    if not features:
        refuse("has no features", "Export the areas of the county into it")
        return None
    if not all(_is_degrees(name) for name in _systems(whole)):
        refuse("is not in degrees, says its crs", _AGAIN)
        return None
    return dict(whole)


def _systems(whole: Mapping[str, Any]) -> Iterator[str]:
    system = whole.get("crs")
    if isinstance(system, dict) and isinstance(system.get("properties"), dict):
        yield str(system["properties"].get("name", ""))


def _is_degrees(name: str) -> bool:
    return not name or name.endswith(("CRS84", ":4326"))


def _code(feature: _Feature, areas: Collection[str]) -> str:
    """The area that a feature is of, or "" with the problem noted."""
    properties = feature.properties
    columns: list[str] = [key for key in _PLAIN if key in properties]
    columns += [key for shape_of in _ONS for key in properties if shape_of.fullmatch(key)]
    values = [properties[key] for key in columns] + [feature.value.get("id")]
    code = next((str(value).strip() for value in values if value), "")
    if not code:
        feature.wrong(
            "has no code", "Give its properties one, named code or as ONS names it (LAD13CD)"
        )
    elif code not in areas:
        feature.wrong(
            f'there is no area "{code}"',
            "Load the area first with import_areas, or leave the feature out",
        )
    else:
        return code
    return ""


def _geometry(feature: _Feature) -> dict[str, Any] | None:
    """A sound polygon in degrees, or None with the problem noted."""
    given = feature.value.get("geometry")
    kind = given.get("type") if isinstance(given, dict) else None
    if kind not in _SHAPES:
        feature.wrong(f"is no polygon but {kind or 'nothing'}", "Use Polygon or MultiPolygon")
        return None
    try:
        area = shapely.force_2d(shape(given))
    except (*_UNREADABLE, ShapelyError) as error:
        feature.wrong(f"the polygon cannot be read ({error})", _AGAIN)
        return None
    if area.is_empty:
        feature.wrong("the polygon is empty", "Draw it, or leave the feature out")
        return None
    west, south, east, north = area.bounds
    if not (_BOX[0] <= west and _BOX[1] <= south and east <= _BOX[2] and north <= _BOX[3]):
        feature.wrong("its numbers are not degrees east and north in Great Britain", _AGAIN)
        return None
    if not area.is_valid:
        reason = shapely.is_valid_reason(area).replace("[", " at ").replace("]", "")
        feature.wrong(
            f"the polygon is not valid: {reason}",
            "Mend it there in the program that drew it, and export it again",
        )
        return None
    found: dict[str, Any] = json.loads(shapely.to_geojson(area))
    return found
