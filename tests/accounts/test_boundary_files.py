"""Boundaries from GeoJSON: all that is wrong at once, by feature, and nothing half done."""

from __future__ import annotations

import json
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from accounts.models import Area, Boundary
from core.models import AuditEvent
from tests.world import World

SQUARE = [[-2.3, 52.1], [-2.1, 52.1], [-2.1, 52.3], [-2.3, 52.3], [-2.3, 52.1]]
BOW_TIE = [[-2.3, 52.1], [-2.1, 52.3], [-2.1, 52.1], [-2.3, 52.3], [-2.3, 52.1]]
METRES = [[385000, 255000], [386000, 255000], [386000, 256000], [385000, 255000]]
WORCESTER, WYCHAVON = "E07000237", "E07000238"

pytestmark = pytest.mark.django_db


def feature(code: str, ring: Any = SQUARE, **more: Any) -> dict[str, Any]:
    geometry = {"type": "Polygon", "coordinates": [ring]}
    return {"type": "Feature", "properties": {"code": code}, "geometry": geometry, **more}


def collection(*features: Any, **more: Any) -> dict[str, Any]:
    return {"type": "FeatureCollection", "features": list(features), **more}


@pytest.fixture
def load(world: World, tmp_path: Path) -> Any:
    def loaded(whole: Any, name: str = "edges.geojson") -> str:
        path = tmp_path / name
        path.write_text(whole if isinstance(whole, str) else json.dumps(whole), encoding="utf-8")
        said = StringIO()
        call_command("import_areas", path, stdout=said)
        return said.getvalue()

    return loaded


def test_it_is_known_by_its_name_or_by_its_first_character(load: Any) -> None:
    for name in ("edges.geojson", "edges.JSON", "edges.txt"):
        Boundary.objects.all().delete()
        assert load(collection(feature(WORCESTER)), name).startswith("1 boundaries, 1 of them new")
        assert Boundary.objects.get().area_code == WORCESTER


@pytest.mark.parametrize(
    "properties",
    [
        {"code": WORCESTER},
        {"gss": WORCESTER, "name": "Worcester"},
        {"LAD13CD": WORCESTER, "LAD13NM": "Worcester"},
        {"LAD24CD": f" {WORCESTER} "},
        {"WD13CD": WORCESTER, "LAD13CD": WYCHAVON},  # the smaller is meant
        {"CTYUA23CD": WORCESTER},
    ],
)
def test_the_code_is_found_however_the_publisher_calls_it(
    load: Any, properties: dict[str, str]
) -> None:
    load(collection(feature("", properties=properties)))
    assert Boundary.objects.get().area_code == WORCESTER


def test_an_id_is_a_code_where_there_are_no_properties(load: Any) -> None:
    load(collection(feature("", properties=None, id=WORCESTER)))
    assert Boundary.objects.get().area_code == WORCESTER


def test_islands_and_heights_are_stored_as_flat_polygons(load: Any) -> None:
    high = [[*spot, 100.0] for spot in SQUARE]
    geometry = {"type": "MultiPolygon", "coordinates": [[high]]}
    load(collection(feature(WORCESTER, geometry=geometry)))
    stored = Boundary.objects.get().geometry
    assert stored == {"type": "MultiPolygon", "coordinates": [[SQUARE]]}


def test_everything_wrong_is_said_at_once_and_nothing_is_changed(load: Any) -> None:
    load(collection(feature(WORCESTER)))
    with pytest.raises(CommandError) as refused:
        load(
            collection(
                feature(WYCHAVON, [[-2.4, 52.1], [-2.3, 52.1], [-2.3, 52.2], [-2.4, 52.1]]),
                feature(WORCESTER, BOW_TIE, properties={"code": WORCESTER, "name": "Worcester"}),
                feature("E99999999"),
                feature(WYCHAVON),
                feature(WORCESTER, METRES),
                feature(""),
                feature(WORCESTER, geometry={"type": "Point", "coordinates": [-2.2, 52.2]}),
                feature(WORCESTER, geometry={"type": "Polygon", "coordinates": [[["a", 1]]]}),
                feature(WORCESTER, geometry={"type": "Polygon", "coordinates": []}),
                feature(WORCESTER, geometry={"type": "Polygon"}),
                feature(WORCESTER, [list(reversed(spot)) for spot in SQUARE]),
                feature(WORCESTER, geometry=None),
                "nonsense",
            )
        )
    words = str(refused.value)
    for line in [
        "edges.geojson, feature 2 (Worcester): the polygon is not valid: Self-intersection at -2.2",
        " 52.2. Mend it there in the program that drew it",
        'edges.geojson, feature 3: there is no area "E99999999". Load the area first',
        "edges.geojson, feature 4: E07000238 is already feature 1. Join the two into one",
        "feature 5: its numbers are not degrees east and north in Great Britain. Export it again",
        "feature 6: has no code. Give its properties one",
        "feature 7: is no polygon but Point. Use Polygon",
        "feature 8: the polygon cannot be read",
        "feature 9: the polygon is empty",
        "feature 10: the polygon cannot be read",
        "feature 11: its numbers are not degrees",
        "feature 12: is no polygon but nothing",
        "feature 13: has no code",
    ]:
        assert line in words, line
    assert "feature 1:" not in words
    assert Boundary.objects.get().geometry["coordinates"] == [SQUARE]


@pytest.mark.parametrize(
    ("whole", "words"),
    [
        ("{", "is not JSON"),
        ("[" * 100_000, "is not JSON"),
        ('{"type": "Feature"}', "is not a FeatureCollection"),
        ("[]", "is not a FeatureCollection"),
        (collection(), "has no features"),
        (
            collection(
                feature(WORCESTER), crs={"properties": {"name": "urn:ogc:def:crs:EPSG::27700"}}
            ),
            "is not in degrees",
        ),
    ],
)
def test_a_file_that_is_none_is_refused_with_what_to_do(load: Any, whole: Any, words: str) -> None:
    with pytest.raises(CommandError, match=words):
        load(whole)


def test_a_missing_file_is_named(world: World, tmp_path: Path) -> None:
    with pytest.raises(CommandError, match=r"none\.geojson: there is no such file"):
        call_command("import_areas", tmp_path / "none.geojson", stdout=StringIO())


def test_each_load_leaves_its_line_in_the_audit_trail(load: Any) -> None:
    for _ in range(2):
        load(collection(feature(WORCESTER), attribution="Contains OS data © Crown copyright 2016"))
    lines = AuditEvent.objects.filter(target="reference:boundaries").order_by("pk")
    assert [line.data["rows"] for line in lines] == [1, 0]
    assert Boundary.objects.get().source == (
        "edges.geojson: Contains OS data © Crown copyright 2016"
    )


def test_areas_from_a_table_are_loaded_as_before(world: World, tmp_path: Path) -> None:
    path = tmp_path / "more.csv"
    path.write_text("code,name,kind,parent_code\nE1,Somewhere,county,\n", encoding="utf-8")
    call_command("import_areas", path, stdout=StringIO())
    assert Area.objects.filter(code="E1").exists()
