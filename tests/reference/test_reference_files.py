"""The reference files themselves: their facts agree with where they come from."""

from __future__ import annotations

import csv
import importlib.util
import math
from collections import Counter
from pathlib import Path
from types import ModuleType

import pytest
from django.conf import settings

BASE = Path(settings.BASE_DIR)
REFERENCE = BASE / "reference"
SHARED = BASE.parent / "shared" / "data"
FACTS = ("owner_tier", "lgil", "location")


def table(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


@pytest.fixture(scope="module")
def build() -> ModuleType:
    spec = importlib.util.spec_from_file_location("build", REFERENCE / "build_postcodes.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_positions_follow_ordnance_surveys_worked_example(build: ModuleType) -> None:
    latitude, longitude = build._unproject(651409.903, 313177.270)
    assert math.degrees(latitude) == pytest.approx(52.65757030, abs=1e-8)
    assert math.degrees(longitude) == pytest.approx(1.71792158, abs=1e-8)


def test_the_county_has_its_postcodes_and_the_file_stays_small() -> None:
    rows = table(REFERENCE / "postcodes.csv")
    by_district = Counter(row["district_code"] for row in rows)
    assert len(rows) == 17_022
    assert len(by_district) == 6
    assert (REFERENCE / "postcodes.csv").stat().st_size < 1_200_000
    assert all(51.9 < float(row["latitude"]) < 52.5 for row in rows)


def test_telephones_are_ofcoms_and_addresses_lead_nowhere() -> None:
    people = table(REFERENCE / "demo" / "people.csv")
    phones = [row["phone"] for row in table(REFERENCE / "organisations.csv") + people]
    phones += [row["phone"] for row in table(REFERENCE / "sites.csv")]
    assert all(phone.startswith(("01632 960", "07700 900")) for phone in phones if phone)
    emails = [row["email"] for row in table(REFERENCE / "organisations.csv") + people]
    emails += [row["email"] for row in table(REFERENCE / "teams.csv")]
    assert all(email.endswith((".demo", ".example")) for email in emails if email)


@pytest.mark.skipif(not SHARED.exists(), reason="the catalogue's sources are not here")
def test_services_say_what_the_sources_say() -> None:
    ours = {row["lgsl"]: row for row in table(REFERENCE / "services.csv")}
    theirs = {row["lgsl"]: row for row in table(SHARED / "lgsl" / "hub_service_catalogue.csv")}
    assert set(ours) == set(theirs)
    for lgsl, row in theirs.items():
        assert {fact: ours[lgsl][fact] for fact in FACTS} == {fact: row[fact] for fact in FACTS}
        assert ours[lgsl]["label"] == row["lgsl_label"]
        assert (ours[lgsl]["sensitive"] == "yes") == bool(row["sensitive"])
        assert (ours[lgsl]["anonymous_ok"] == "yes") == bool(row["anonymous_ok"])


@pytest.mark.skipif(not SHARED.exists(), reason="the older postcodes are not here")
def test_positions_agree_with_an_independent_conversion() -> None:
    older = {
        row["postcode"].replace(" ", ""): row
        for row in table(SHARED / "areas" / "worcestershire_postcodes_2014.csv")
    }
    apart = []
    for row in table(REFERENCE / "postcodes.csv"):
        if old := older.get(row["postcode"]):
            north = (float(row["latitude"]) - float(old["lat"])) * 111_320
            east = (float(row["longitude"]) - float(old["lon"])) * 111_320 * 0.613
            apart.append(math.hypot(north, east))
    assert sorted(apart)[len(apart) // 2] < 5
