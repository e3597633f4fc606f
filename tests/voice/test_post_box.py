"""The demo's telephone: rings the hub over real HTTP, and says what a caller hears."""

from __future__ import annotations

from typing import Any

import pytest
import time_machine
from django.test import Client
from playwright.sync_api import Page, expect

from accounts.models import User
from inbox.models import Call, Callback
from tests import world
from tests.accessibility import axe
from tests.desk.test_links_browser import keep, watched  # noqa: F401  a fixture
from tests.journeys.steps import words

BOX = "/demo/post-box/calls/"
pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def demo(settings: Any, live_server: Any) -> Any:
    """A demo that listens on a real port, on a Tuesday at ten."""
    world.build()
    settings.HUB_DEMO = True
    settings.HUB_BASE_URL = live_server.url
    with time_machine.travel(world.NOW, tick=True):
        yield Client()


def ring(demo: Client, how: str, number: str = "07700 900123") -> str:
    answer = demo.post(BOX, {"number": number, "how": how}, follow=True)
    return words(answer.content.decode())


def test_a_visitor_rings_in_vain_and_waits_to_be_rung_back(demo: Client) -> None:
    page = ring(demo, "unanswered")
    assert "You heard: You have reached Worcestershire Hub." in page
    assert "We have your number and will ring you back." in page
    ring(demo, "gave_up")
    ring(demo, "unanswered", number="")
    assert [row.state for row in Call.objects.order_by("pk")] == ["missed", "hung_up", "missed"]
    assert Callback.objects.get().calls.count() == 2


def test_a_visitor_is_answered_and_hangs_up(demo: Client) -> None:
    answer = demo.post(BOX, {"number": "07700 900123", "how": "answered"}, follow=True)
    assert "You are on the line" in words(answer.content.decode())
    assert Call.objects.get().state == "answered"
    ended = demo.post(f"{BOX}?{answer.request['QUERY_STRING']}", follow=True)
    assert "You have hung up" in words(ended.content.decode())
    assert Call.objects.get().state == "ended"


def test_a_visitor_rings_at_an_agents_telephone_and_it_pops_up_there(
    demo: Client, client_for: Any
) -> None:
    agent = User.objects.get(email="agent@hub.demo")
    desk = client_for(agent)

    def popped() -> str:
        part = {"HX-Request": "true", "HX-Target": "hub-pop"}
        return words(desk.get("/desk/pop/", headers=part).content.decode())

    desk.post("/desk/pop/line/", {"line": "client:Ann"})
    # Whoever is signed in rings at their own telephone unless they say another one.
    assert 'value="client:ann"' in desk.get(BOX).content.decode()
    asked = {"number": "07700 900123", "how": "rings", "line": "client:ann"}
    answer = demo.post(BOX, asked, follow=True)
    assert "It rings at client:ann" in words(answer.content.decode())
    assert "Rings for you" in popped()
    here = f"{BOX}?{answer.request['QUERY_STRING']}"
    answer = demo.post(here, {"answer": "on"}, follow=True)
    assert "You are on the line" in words(answer.content.decode())
    assert "On your line" in popped()
    demo.post(f"{BOX}?{answer.request['QUERY_STRING']}")
    assert "To write up" in popped()
    assert (Call.objects.get().state, Call.objects.get().agent) == ("ended", agent)
    wrong = demo.post(BOX, {**asked, "line": "nowhere"})
    assert "the name of a softphone like client:ann" in words(wrong.content.decode())
    gone = demo.post(BOX, asked, follow=True)
    demo.post(f"{BOX}?{gone.request['QUERY_STRING']}")
    assert "Rings for you" not in popped()
    assert Call.objects.latest("pk").state == "hung_up"
    assert Callback.objects.get().calls.get() == Call.objects.latest("pk")


def test_when_the_hub_is_closed_a_visitor_hears_when_it_is_not(demo: Client) -> None:
    with time_machine.travel(world.NOW.replace(hour=23)):
        assert "We answer calls Monday to Friday 9am to 5pm." in ring(demo, "answered")
    assert Call.objects.get().state == "ended"


def test_what_goes_wrong_is_said(demo: Client, settings: Any) -> None:
    assert "Enter a phone number" in ring(demo, "unanswered", number="abc")
    assert "Choose what happens" in words(demo.post(BOX, {"number": ""}).content.decode())
    settings.HUB_BASE_URL = "http://127.0.0.1:9"
    assert "could not be reached" in ring(demo, "unanswered")
    settings.TWILIO_AUTH_TOKENS = []
    assert "Calls are switched off" in ring(demo, "unanswered")
    settings.HUB_DEMO = False
    assert demo.get(BOX).status_code == 404


def test_the_telephone_in_chromium(demo: Client, watched: Page, live_server: Any) -> None:  # noqa: F811
    page = watched
    page.goto(f"{live_server.url}{BOX}")
    wrong = axe.walk(page)
    keep(page, "ring")
    page.get_by_label("Somebody answers").check()
    page.get_by_role("button", name="Ring").click()
    expect(page.get_by_role("button", name="Hang up")).to_be_visible()
    wrong += axe.walk(page)
    keep(page, "ringing")
    assert wrong == []
