"""Where something is, as people and pages send it: read on the server, refused in clear words."""

from __future__ import annotations

import csv
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client

from accounts import addresses
from accounts.models import Address
from channels.asking import journey, places, questions
from enquiries.models import Enquiry
from kb.models import Service
from tests.nearby.conftest import neighbour as neighbour
from tests.nearby.steps import EAST, NORTH
from tests.web.conftest import Visitor
from tests.world import World

pytestmark = pytest.mark.django_db
WORDS = questions.where(None)


def form(lists: bool = False, **sent: str) -> places.PlaceForm:
    return places.PlaceForm(sent, words=WORDS, lists=lists)


JUNK = ["x", "NaN", "nan", "inf", "-inf", "1e2", "0x34", "52,1", "٥٢", "52.1\x00", " ", "9" * 40,
        "52.1; DROP TABLE", "<b>", "--1", "1.", ".5", "+52", "52.1 52.1", "null", "[]"]  # fmt: skip


@pytest.mark.parametrize("junk", JUNK)
@pytest.mark.parametrize("side", ["latitude", "longitude"])
def test_what_is_no_point_is_refused_in_words(world: World, junk: str, side: str) -> None:
    sent = {"latitude": str(NORTH), "longitude": str(EAST), side: junk}
    read = form(latitude=sent["latitude"], longitude=sent["longitude"])
    assert not read.is_valid()
    assert read.errors
    assert read.pin == ""


@pytest.mark.parametrize(
    ("north", "east", "words"),
    [
        ("52.4796", "-1.9026", "outside Worcestershire"),
        ("0", "0", "not in Great Britain"),
        ("91", "181", "not in Great Britain"),
        ("-1.9503", "52.0934", "have changed places"),
        ("52.0934", "", "could not read the place on the map"),
        ("", "-1.9503", "could not read the place on the map"),
    ],
)
def test_a_point_that_is_not_ours_says_what_to_do(
    world: World, north: str, east: str, words: str
) -> None:
    read = form(latitude=north, longitude=east)
    assert not read.is_valid()
    assert words in str(read.errors)


def test_a_point_alone_is_enough_and_is_said_in_words(world: World) -> None:
    read = form(latitude="52.0934001234567", longitude="-1.9503")
    assert read.is_valid(), read.errors
    assert (read.cleaned_data["latitude"], read.cleaned_data["longitude"]) == (52.0934, -1.9503)
    assert read.pin == "Near WR11 3DA, Wychavon"


def test_the_pin_can_be_taken_away_without_a_script(world: World) -> None:
    read = form(latitude=str(NORTH), longitude=str(EAST), unpin="1", address="By the bridge")
    assert not read.is_valid()
    assert not read.errors
    assert (read["latitude"].value(), read.pin) == ("", "")
    assert read["address"].value() == "By the bridge"


def test_the_place_of_a_photo_is_used_only_when_its_button_is_pressed(world: World) -> None:
    photo = places.suggestion(journey.begin(), (NORTH, EAST))
    assert photo is not None
    assert photo.words == "Near WR11 3DA, Wychavon"
    left = places.PlaceForm({"postcode": "WR1 3EZ"}, words=WORDS, photo=photo)
    assert left.is_valid()
    assert left.cleaned_data["latitude"] is None
    pressed = places.PlaceForm({"use_photo": "1"}, words=WORDS, photo=photo)
    assert not pressed.is_valid()
    assert not pressed.errors
    assert pressed.pin == "Near WR11 3DA, Wychavon"
    without = places.PlaceForm({"use_photo": "1"}, words=WORDS)
    assert not without.is_valid()
    assert without.pin == ""


@pytest.mark.parametrize("there", [None, (0.0, 0.0), (52.4796, -1.9026), (float("nan"), 1.0)])
def test_a_photo_from_elsewhere_suggests_nothing(world: World, there: Any) -> None:
    assert places.suggestion(journey.begin(), there) is None


def book(*rows: tuple[str, str]) -> None:
    Address.objects.bulk_create(
        Address(uprn=uprn, postcode="WR113DA", text=text, latitude=NORTH, longitude=EAST)
        for uprn, text in rows
    )


def test_addresses_of_a_postcode_are_chosen_from_in_the_order_of_the_street(world: World) -> None:
    book(("2", "10 Port Street, Evesham"), ("1", "2 Port Street, Evesham"))
    first = form(lists=True, postcode="WR11 3DA")
    assert not first.is_valid()
    assert not first.errors
    assert first.must_choose
    assert [one.text for one in first.choices] == [
        "2 Port Street, Evesham",
        "10 Port Street, Evesham",
    ]
    chosen = form(lists=True, postcode="wr113da", uprn="2")
    assert chosen.is_valid(), chosen.errors
    assert chosen.cleaned_data["address"] == "10 Port Street, Evesham"
    assert chosen.cleaned_data["uprn"] == "2"
    assert chosen.cleaned_data["latitude"] == NORTH


def test_who_passes_over_the_list_is_told_and_not_only_shown_it_again(world: World) -> None:
    book(("1", "2 Port Street, Evesham"))
    again = form(lists=True, postcode="wr113da", listed="WR11 3DA")
    assert not again.is_valid()
    assert again.must_choose
    assert list(again.errors) == ["uprn"]
    assert "Choose an address" in str(again.errors["uprn"])
    elsewhere = form(lists=True, postcode="WR11 3DA", listed="WR1 3EZ")
    assert not elsewhere.is_valid()
    assert elsewhere.must_choose
    assert not elsewhere.errors


@pytest.mark.parametrize("typed", [{"uprn": "other"}, {"address": "The mill"}])
def test_who_is_not_in_the_list_types(world: World, typed: dict[str, str]) -> None:
    book(("1", "2 Port Street, Evesham"))
    read = places.PlaceForm({"postcode": "WR11 3DA", **typed}, words=WORDS, lists=True)
    assert read.is_valid(), read.errors
    assert read.cleaned_data["uprn"] == ""


@pytest.mark.parametrize("uprn", ["3", "x", "\x00", "0 OR 1=1", "٣"])
def test_an_address_of_elsewhere_is_asked_again(world: World, uprn: str) -> None:
    book(("1", "2 Port Street, Evesham"))
    read = form(lists=True, postcode="WR11 3DA", uprn=uprn)
    assert not read.is_valid()


class Broken:
    def at(self, postcode: str) -> list[addresses.Found]:
        raise RuntimeError("no book today")

    by_uprn = at


class Slow:
    def at(self, postcode: str) -> list[addresses.Found]:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_sleep(30)")
        return []


@pytest.mark.parametrize("kind", ["Broken", "Slow", "NoSuchClass"])
def test_a_book_that_fails_leaves_people_to_type(world: World, settings: Any, kind: str) -> None:
    settings.HUB_ADDRESS_BOOK = f"tests.places.test_reading.{kind}"
    read = form(lists=True, postcode="WR11 3DA", address="The mill")
    assert read.is_valid()
    read = form(lists=True, postcode="WR11 3DA")
    assert read.is_valid()
    assert addresses.by_uprn("1") is None
    assert Service.objects.exists()  # the transaction is still good


def table(tmp_path: Path, *rows: tuple[str, ...]) -> str:
    out = StringIO()
    csv.writer(out).writerows([("uprn", "postcode", "text", "latitude", "longitude"), *rows])
    path = tmp_path / "addresses.csv"
    path.write_text(out.getvalue(), "utf-8")
    return str(path)


def test_a_table_of_addresses_is_loaded_and_loaded_again(world: World, tmp_path: Path) -> None:
    path = table(
        tmp_path,
        ("100", "WR11 3DA", "1 Port Street", "52.09", "-1.95"),
        ("101", "WR113DA", "2 Port Street", "", ""),
    )
    call_command("import_addresses", path, stdout=StringIO())
    call_command("import_addresses", path, stdout=StringIO())
    assert [one.uprn for one in addresses.at("wr11 3da")] == ["100", "101"]
    call_command("import_addresses", table(tmp_path, ("101", "WR113DA", "2a Port Street", "", "")))
    assert [one.text for one in addresses.at("WR11 3DA")] == ["2a Port Street"]


@pytest.mark.parametrize(
    ("row", "words"),
    [
        (("x1", "WR11 3DA", "1 Port Street", "", ""), "is no UPRN"),
        (("1", "WR11 9ZZ", "1 Port Street", "", ""), "is not known"),
        (("1", "WR11 3DA", "", "", ""), "text"),
    ],
)
def test_a_table_with_a_mistake_is_not_loaded(
    world: World, tmp_path: Path, row: tuple[str, ...], words: str
) -> None:
    with pytest.raises(CommandError, match=words):
        call_command("import_addresses", table(tmp_path, row), stdout=StringIO())
    assert Address.objects.count() == 0


GARBAGE = [None, "", "x", "NaN", "\x00", "9" * 5000, "<script>", "🏠"]


@pytest.mark.parametrize("one", GARBAGE)
def test_the_map_answers_junk_in_words(world: World, one: str | None) -> None:
    client = Client()
    for path, names in (("near", ("lat", "lon")), ("around", ("lat", "lon")), ("postcode", ("q",))):
        sent = {name: one for name in names if one is not None}
        answer = client.get(f"/places/{path}/", sent)
        assert answer.status_code == 400, (path, one)
        assert answer.json()["words"]
    assert client.post("/places/near/").status_code == 405


def test_the_map_says_where_a_point_is(world: World) -> None:
    client = Client()
    near = client.get("/places/near/", {"lat": str(NORTH), "lon": str(EAST)})
    assert near.json() == {
        "words": "Near WR11 3DA, Wychavon",
        "postcode": "WR11 3DA",
        "outside": False,
    }
    assert near.headers["Cache-Control"] == "no-store"
    away = client.get("/places/near/", {"lat": "52.4796", "lon": "-1.9026"}).json()
    assert away["outside"]
    assert "ring" in away["words"] or "ask" in away["words"]
    found = client.get("/places/postcode/", {"q": "wr11 3da"}).json()
    assert (found["lat"], found["words"]) == (NORTH, "WR11 3DA, Wychavon")
    drawn = client.get("/places/districts/").json()
    assert {one["name"] for one in drawn["names"]} == {"Wychavon", "Worcester"}


def test_the_pin_comes_to_the_enquiry(neighbour: Visitor) -> None:
    neighbour.start("pothole")
    neighbour.answer(latitude=f"{NORTH:.6f}", longitude=f"{EAST:.6f}")
    neighbour.answer(description="A hole")
    neighbour.answer(tell_by="email", email="jo@example.com", name="Jo")
    assert "Near WR11 3DA, Wychavon" in neighbour.text
    neighbour.answer()
    enquiry = Enquiry.objects.get()
    assert (enquiry.latitude, enquiry.longitude) == (NORTH, EAST)
    assert enquiry.district_code == "E07000238"
