"""Releases step by step, and back; and what kiosks did, as a page and as a table."""

from __future__ import annotations

import csv
import io
from datetime import timedelta

import pytest

from kiosks import queries_releases
from kiosks.models import DayCount, DropOut, Outage, Release
from tests.desk.steps import new_key, text
from tests.kiosk_fleet.conftest import NOW, device

pytestmark = pytest.mark.django_db
RELEASES, FIGURES = "/desk/settings/kiosks/releases/", "/desk/settings/kiosks/figures/"


@pytest.fixture(autouse=True)
def _fresh():
    queries_releases.forget()
    yield
    queries_releases.forget()


def test_a_release_goes_to_the_early_ones_then_to_all_and_comes_back(world, client_for, now):
    Release.objects.create(version="old", made_at=NOW - timedelta(days=9), share=100)
    Release.objects.create(version="new", made_at=NOW, note="Bigger words")
    early = device("Early", is_early=True, pulse={"release": "old"})
    other = device("Other", pulse={"release": "old"})
    client = client_for(world.administrator)
    page = text(client.get(RELEASES))
    assert "Nobody yet" in page
    assert "Bigger words" in page

    def press(version: str, act: str) -> str:
        key = {"key": new_key()}
        done = text(client.post(f"{RELEASES}{version}/{act}/", key, follow=True))
        queries_releases.forget()
        return done

    assert "Early ones" in press("new", "early")
    assert queries_releases.release_for(early) == "new"
    assert queries_releases.release_for(other) == "old"
    assert "has release old, should have new" in text(client.get("/desk/settings/kiosks/"))
    press("new", "100")
    assert queries_releases.release_for(other) == "new"
    assert "Taken back" in press("new", "back")
    assert queries_releases.release_for(early) == "old"
    assert "The only release cannot be taken back" in press("old", "back")
    assert "no longer kept" in press("none", "100")
    assert client.post(f"{RELEASES}old/37/", {"key": new_key()}).status_code == 404
    assert "Take it back" not in text(client_for(world.manager).get(RELEASES))


def test_managers_read_how_kiosks_do_and_take_it_with_them(world, client_for, now):
    one = device("=One")
    DayCount.objects.create(kiosk=one, day=NOW.date(), source="server", name="starts", count=4)
    DayCount.objects.create(kiosk=one, day=NOW.date(), source="device", name="completions", count=1)
    DayCount.objects.create(
        kiosk=one, day=NOW.date() - timedelta(days=30), source="server", name="starts", count=70
    )
    DropOut.objects.create(
        kiosk=one, day=NOW.date(), source="server", service="pothole", question="tell", count=3
    )
    Outage.objects.create(kiosk=one, began_at=NOW - timedelta(hours=1))
    client = client_for(world.manager)
    page = text(client.get(FIGURES))
    assert "25%" in page
    assert "1 of 4 visits" in page
    assert "How we tell them" in page
    sent = b"".join(client.get(f"{FIGURES}table.csv").streaming_content).decode("utf-8-sig")
    (line,) = csv.DictReader(io.StringIO(sent))
    assert (line["kiosk"], line["starts"], line["completions"]) == ("'=One", "4", "1")
    assert (line["silent_hours"], line["outages"]) == ("1.00", "1")
    sent = b"".join(client.get(f"{FIGURES}left.csv").streaming_content).decode("utf-8-sig")
    (line,) = csv.DictReader(io.StringIO(sent))
    assert (line["kiosk"], line["question"], line["times"]) == ("'=One", "tell", "3")
    assert client_for(world.officer).get(FIGURES).status_code == 404
