"""One device: its settings, what it is told, and what happened there."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest

from enquiries import clocks
from kiosks import queries_days
from kiosks.models import Command, DayCount, DropOut, Kiosk, Outage
from tests.desk.steps import new_key, text
from tests.kiosk_fleet.conftest import NOW, device

pytestmark = pytest.mark.django_db
DAY = NOW.date()


def at(kiosk: Kiosk, path: str = "") -> str:
    return f"/desk/settings/kiosks/{kiosk.public_id}/{path}"


def filled(page: Any) -> dict[str, Any]:
    """The fields of a page's settings form, as they stand."""
    form = page.context["form"]
    return {name: "" if (value := form[name].value()) is None else value for name in form.fields}


def test_what_an_administrator_says_of_a_device_is_kept_and_in_its_history(world, client_for, now):
    kiosk, client = device("By the door"), client_for(world.administrator)
    data = filled(client.get(at(kiosk, "settings/")))
    said = {
        **data, "name": "Upstairs", "site": "evesham", "printer": "80mm", "paper": "400",
        "screen_mm": "530", "hours": "own", "mon": "24 hours", "tue": "9am-5pm", "is_early": "on",
        "languages": ["pl"], "hidden_0": [next(iter(data_of(client, kiosk, "hidden_0")))],
    }  # fmt: skip
    assert client.post(at(kiosk, "settings/"), said).status_code == 303
    kiosk.refresh_from_db()
    assert (kiosk.name, kiosk.site.slug, kiosk.printer, kiosk.paper) == (
        "Upstairs",
        "evesham",
        "80mm",
        400,
    )
    assert kiosk.opening is not None
    assert kiosk.opening["tue"] == [["09:00", "17:00"]]
    assert (kiosk.screen_mm, kiosk.is_early, kiosk.languages) == (530, True, ["pl"])
    assert kiosk.hidden_services == said["hidden_0"]
    page = text(client.get(at(kiosk)))
    assert "It was moved (name, site, " in page
    assert "1 left out" in text(client.get(at(kiosk, "settings/")))
    # As its site again; and a second time the same is no change.
    again = {**filled(client.get(at(kiosk, "settings/"))), "hours": "site", "key": new_key()}
    for _ in range(2):
        client.post(at(kiosk, "settings/"), {**again, "key": new_key()})
    kiosk.refresh_from_db()
    assert kiosk.opening is None
    assert text(client.get(at(kiosk))).count("Its settings were changed (opening hours)") == 1


def data_of(client: Any, kiosk: Kiosk, name: str) -> list[str]:
    field = client.get(at(kiosk, "settings/")).context["form"].fields[name]
    return [slug for slug, _words in field.choices]


def test_a_setting_that_cannot_be_is_said_beside_its_field(world, client_for, now):
    kiosk, client = device("By the door"), client_for(world.administrator)
    data = filled(client.get(at(kiosk, "settings/")))
    bad = {**data, "name": " ", "paper": "many", "hours": "own", "tue": "never on Sundays"}
    page = text(client.post(at(kiosk, "settings/"), bad))
    for words in (
        "Enter the name of the kiosk",
        "Receipts on a roll: enter a number",
        "are no hours",
    ):
        assert words in page
    kiosk.refresh_from_db()
    assert kiosk.name == "By the door"
    empty = {
        **data,
        "hours": "own",
        **dict.fromkeys(("mon", "tue", "wed", "thu", "fri", "sat", "sun"), ""),
    }
    assert "Enter hours for at least one day" in text(client.post(at(kiosk, "settings/"), empty))


def test_it_is_told_once_and_its_page_says_what_came_of_it(world, client_for, now):
    kiosk, client = device("By the door"), client_for(world.administrator)
    page = client.get(at(kiosk)).content.decode()
    key = re.search(r'tell/lock/.*?name="key" value="([^"]+)"', page, re.S)
    assert key
    for _ in range(2):
        assert client.post(at(kiosk, "tell/lock/"), {"key": key[1]}).status_code == 303
    assert Command.objects.get().kind == "lock"
    page = text(client.get(at(kiosk)))
    assert "Locked" in page
    assert "Unlock it" in page
    assert "Told: lock it" in page
    refused = text(client.post(at(kiosk, "tell/message/"), {"key": new_key(), "words": " "}))
    assert "Enter the message" in refused
    client.post(at(kiosk, "tell/message/"), {"key": new_key(), "words": "No paper today"})
    Command.objects.filter(kind="lock").update(done_at=NOW)
    Command.objects.filter(kind="message").update(expires_at=NOW)
    page = text(client.get(at(kiosk)))
    assert "Done" in page
    assert "Too late" in page
    assert "Show a message: “No paper today”" in page
    # It is for today, and goes when it is taken away.
    assert "Take the message away" in page
    assert client.post(at(kiosk, "tell/silence/"), {"key": new_key()}).status_code == 303
    assert Command.objects.latest("pk").words == ""
    assert "tell/silence/" not in client.get(at(kiosk)).content.decode()
    Command.objects.filter(words="").update(made_at=NOW - timedelta(days=2))
    Command.objects.exclude(words="").update(made_at=NOW - timedelta(days=1))
    assert "tell/silence/" not in client.get(at(kiosk)).content.decode()
    assert client.post(at(kiosk, "tell/explode/"), {"key": new_key()}).status_code == 404


@pytest.mark.parametrize(("heard", "is_gone"), [(5, False), (100, True)])
def test_who_is_heard_again_is_not_said_to_be_gone_meanwhile(
    world, client_for, now, heard, is_gone
):
    kiosk = device(heard=heard)
    Outage.objects.create(kiosk=kiosk, began_at=NOW - timedelta(minutes=9))
    page = text(client_for(world.administrator).get(at(kiosk)))
    assert ("nothing heard since" in page) is is_gone


def test_uptime_is_of_opening_hours_and_counts_are_of_both_sides(world, client_for, now):
    kiosk = device("By the door", enrolled_at=NOW - timedelta(days=1))
    # Monday at 16:00 to Tuesday at 9:30: one hour and a half of opening time.
    Outage.objects.create(
        kiosk=kiosk, began_at=NOW - timedelta(hours=18), ended_at=NOW - timedelta(minutes=30)
    )
    for source, starts, sent in (("server", 6, 3), ("device", 2, 1)):
        for name, count in (("starts", starts), ("completions", sent)):
            DayCount.objects.create(kiosk=kiosk, day=DAY, source=source, name=name, count=count)
    DropOut.objects.create(
        kiosk=kiosk, day=DAY, source="server", service="pothole", question="where", count=3
    )
    DropOut.objects.create(
        kiosk=kiosk, day=DAY, source="device", service="pothole", question="where", count=2
    )
    since = (NOW - timedelta(days=30)).date()
    uptime = queries_days.uptimes([kiosk], hours=clocks.Calendar.from_json, since=since, now=NOW)
    # Monday from 10 to 17, Tuesday from 9 to 10.
    assert uptime[kiosk.pk].open_for == timedelta(hours=8)
    assert uptime[kiosk.pk].silent_for == timedelta(hours=1, minutes=30)
    page = text(client_for(world.manager).get(at(kiosk)))
    assert "81.2%" in page
    assert "50%" in page
    assert re.search(r"Where it is.*Pothole.*5", page)
    assert "Switch it off" not in page  # a manager looks
