"""Cut the postcodes and the areas of one county out of OS Code-Point Open.

Run once for each new release; its output is committed and nothing at run time needs this file:

    python reference/build_postcodes.py CODEPOINT.zip reference/

CODEPOINT.zip is Ordnance Survey's download (codepo_gb.zip). Positions are turned from the National
Grid into WGS84 by the published seven-parameter Helmert transformation, without the OSTN grid of
corrections: within 5 metres of the exact transformation, far finer than a postcode's own spread.
"""

from __future__ import annotations

import csv
import io
import math
import re
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple
from xml.etree import ElementTree as ET

COUNTY = "E10000034"
AREAS = ("wr", "b", "dy", "gl", "wv", "cv", "hr", "sy")
NO_POSITION = 90
# Towns have no code in Code-Point Open. Evesham is taken as these four wards (our reading).
TOWN, TOWN_NAME, TOWN_DISTRICT = "T-EVESHAM", "Evesham", "E07000238"
TOWN_WARDS = frozenset({"E05015440", "E05015453", "E05015454", "E05015456"})
SHEET = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"

AIRY_A, AIRY_B = 6377563.396, 6356256.909
WGS84_A, WGS84_B = 6378137.0, 6356752.314245
SCALE, LAT0, LON0, E0, N0 = 0.9996012717, math.radians(49), math.radians(-2), 400000.0, -100000.0
SHIFT = (446.448, -125.157, 542.060)
ROTATION = tuple(math.radians(seconds / 3600) for seconds in (0.1502, 0.2470, 0.8421))
STRETCH = 1 - 20.4894e-6


class Row(NamedTuple):
    """One live postcode of the county."""

    postcode: str
    district_code: str
    ward_code: str
    easting: int
    northing: int
    latitude: str
    longitude: str


def _meridional_arc(latitude: float) -> float:
    n = (AIRY_A - AIRY_B) / (AIRY_A + AIRY_B)
    minus, plus = latitude - LAT0, latitude + LAT0
    return (
        AIRY_B
        * SCALE
        * (
            (1 + n + 5 / 4 * n**2 + 5 / 4 * n**3) * minus
            - (3 * n + 3 * n**2 + 21 / 8 * n**3) * math.sin(minus) * math.cos(plus)
            + (15 / 8 * (n**2 + n**3)) * math.sin(2 * minus) * math.cos(2 * plus)
            - 35 / 24 * n**3 * math.sin(3 * minus) * math.cos(3 * plus)
        )
    )


def _unproject(easting: float, northing: float) -> tuple[float, float]:
    """Latitude and longitude on the Airy ellipsoid, in radians (OS guide, annexe C)."""
    latitude = (northing - N0) / (AIRY_A * SCALE) + LAT0
    while abs(rest := northing - N0 - _meridional_arc(latitude)) >= 1e-5:
        latitude += rest / (AIRY_A * SCALE)
    e2 = 1 - (AIRY_B / AIRY_A) ** 2
    bend = 1 - e2 * math.sin(latitude) ** 2
    nu = AIRY_A * SCALE / math.sqrt(bend)
    rho = AIRY_A * SCALE * (1 - e2) / bend**1.5
    eta2, tan, sec = nu / rho - 1, math.tan(latitude), 1 / math.cos(latitude)
    d = easting - E0
    north = (
        d**2 * tan / (2 * rho * nu)
        - d**4 * tan / (24 * rho * nu**3) * (5 + 3 * tan**2 + eta2 - 9 * tan**2 * eta2)
        + d**6 * tan / (720 * rho * nu**5) * (61 + 90 * tan**2 + 45 * tan**4)
    )
    east = (
        d * sec / nu
        - d**3 * sec / (6 * nu**3) * (nu / rho + 2 * tan**2)
        + d**5 * sec / (120 * nu**5) * (5 + 28 * tan**2 + 24 * tan**4)
        - d**7 * sec / (5040 * nu**7) * (61 + 662 * tan**2 + 1320 * tan**4 + 720 * tan**6)
    )
    return latitude - north, LON0 + east


def to_wgs84(easting: float, northing: float) -> tuple[float, float]:
    """Degrees north and east for a National Grid position, within 5 metres."""
    lat, lon = _unproject(easting, northing)
    e2 = 1 - (AIRY_B / AIRY_A) ** 2
    nu = AIRY_A / math.sqrt(1 - e2 * math.sin(lat) ** 2)
    x = nu * math.cos(lat) * math.cos(lon)
    y = nu * math.cos(lat) * math.sin(lon)
    z = (1 - e2) * nu * math.sin(lat)
    rx, ry, rz = ROTATION
    x, y, z = (
        SHIFT[0] + STRETCH * x - rz * y + ry * z,
        SHIFT[1] + rz * x + STRETCH * y - rx * z,
        SHIFT[2] - ry * x + rx * y + STRETCH * z,
    )
    e2, flat = 1 - (WGS84_B / WGS84_A) ** 2, math.hypot(x, y)
    lat = math.atan2(z, flat * (1 - e2))
    for _ in range(6):
        nu = WGS84_A / math.sqrt(1 - e2 * math.sin(lat) ** 2)
        lat = math.atan2(z + e2 * nu * math.sin(lat), flat)
    return math.degrees(lat), math.degrees(math.atan2(y, x))


def postcodes(archive: zipfile.ZipFile) -> Iterator[Row]:
    """Every live postcode of the county that has a position."""
    for area in AREAS:
        text = archive.read(f"Data/CSV/{area}.csv").decode("ascii")
        for code, quality, east, north, _, _, _, county, district, ward in csv.reader(
            io.StringIO(text)
        ):
            if county != COUNTY or int(quality) >= NO_POSITION:
                continue
            lat, lon = to_wgs84(int(east), int(north))
            squeezed = re.sub(r"\s", "", code)
            yield Row(squeezed, district, ward, int(east), int(north), f"{lat:.5f}", f"{lon:.5f}")


def names(archive: zipfile.ZipFile) -> dict[str, str]:
    """Names by code, from every sheet of the release's code list."""
    book = zipfile.ZipFile(io.BytesIO(archive.read("Doc/Codelist.xlsx")))
    shared = [
        "".join(part.text or "" for part in item.iter(f"{SHEET}t"))
        for item in ET.fromstring(book.read("xl/sharedStrings.xml"))
    ]
    found: dict[str, str] = {}
    for sheet in (name for name in book.namelist() if name.startswith("xl/worksheets/sheet")):
        for row in ET.fromstring(book.read(sheet)).iter(f"{SHEET}row"):
            values = [
                shared[int(value.text or 0)]
                for cell in row
                if cell.get("t") == "s" and (value := cell.find(f"{SHEET}v")) is not None
            ]
            if len(values) == 2:
                found[values[1]] = values[0]
    return found


def _plain(name: str) -> str:
    return re.sub(r"\s*(\((B|DET)\)|\b(Ward|District|Boro|County))", "", name).strip()


def areas(rows: list[Row], called: dict[str, str]) -> Iterator[tuple[str, str, str, str]]:
    """Code, name, kind and parent of the county, its districts, its town and its wards."""
    yield COUNTY, _plain(called[COUNTY]), "county", ""
    for district in sorted({row.district_code for row in rows}):
        yield district, _plain(called[district]), "district", COUNTY
    yield TOWN, TOWN_NAME, "town", TOWN_DISTRICT
    for ward, district in sorted({(row.ward_code, row.district_code) for row in rows}):
        yield ward, _plain(called[ward]), "ward", TOWN if ward in TOWN_WARDS else district


def write(archive: zipfile.ZipFile, folder: Path) -> int:
    """Write postcodes.csv and areas.csv, and give the number of postcodes."""
    rows = sorted(postcodes(archive))
    tables: dict[str, list[tuple[object, ...]]] = {
        "postcodes.csv": [Row._fields, *rows],
        "areas.csv": [("code", "name", "kind", "parent_code"), *areas(rows, names(archive))],
    }
    for name, table in tables.items():
        with (folder / name).open("w", encoding="utf-8", newline="") as file:
            csv.writer(file, lineterminator="\n").writerows(table)
    return len(rows)


if __name__ == "__main__":
    with zipfile.ZipFile(sys.argv[1]) as codepoint:
        print(write(codepoint, Path(sys.argv[2])), "postcodes")
