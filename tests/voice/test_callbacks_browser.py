"""Chromium at the list of callbacks and at a call: with axe, in three sizes, without scripts."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Browser, Page, expect

import customers.actions
from enquiries.actions import calls
from inbox.calls import Fact, News
from inbox.models import Callback
from tests.accessibility import axe
from tests.browsing import press
from tests.desk.test_browser import sign_in
from tests.desk.test_links_browser import keep, watched  # noqa: F401  a fixture
from tests.stand_ins.caller import sid
from tests.world import build

pytestmark = pytest.mark.django_db(transaction=True)


def rang(caller: str, *, ago: int, **facts: int) -> None:
    """A call of so many minutes ago; each fact so many seconds later."""
    now = timezone.now()
    began = now - timedelta(minutes=ago)
    told = {Fact(name): began + timedelta(seconds=after) for name, after in facts.items()}
    calls.take_news(News(sid(), {Fact.RANG: began, **told}, caller=caller), now=now)


@pytest.fixture
def ringing(transactional_db: None) -> None:
    """Two people share a number; some rang in vain, one is on the line."""
    build()
    now = timezone.now()
    for name, postcode in (("Ann Brown", "WR11 3DA"), ("محمد عبد الرحمن بن علي", "WR1 3EZ")):
        customers.actions.identify(name=name, phone="07700 900123", postcode=postcode, now=now)
    for n in range(7):
        customers.actions.identify(name=f"Person {n}", phone="07700 900555", now=now)
    rang("+447700900555", ago=180, unanswered=60)
    rang("+447700900555", ago=100, gave_up=155)
    rang("+447700900777", ago=90, gave_up=4)
    rang("+447700900888", ago=85, unanswered=60)
    later = Callback.objects.order_by("pk").last()
    assert later is not None
    later.wanted_at = now + timedelta(days=1)
    later.save()
    rang("", ago=80, unanswered=60)
    rang("+447700900123", ago=2, answered=21)


def no_scripts(browser: Browser) -> Page:
    return browser.new_context(java_script_enabled=False).new_page()


def test_the_list_in_every_state_and_size(live_server, watched: Page, ringing: None) -> None:  # noqa: F811
    page, site = watched, live_server.url
    sign_in(page, site, "agent@hub.demo")
    page.goto(f"{site}/desk/callbacks/")
    wrong = axe.walk(page)
    keep(page, "callbacks")
    first = page.locator(".hub-held__one").first
    expect(first).to_contain_text("2 times")
    first.get_by_role("button", name="Show the number").click()
    expect(page.get_by_role("link", name="07700 900555")).to_be_visible()
    wrong += axe.walk(page)
    keep(page, "callbacks-taken")
    press(page, "No answer")
    expect(page.get_by_text("Written down: no answer")).to_be_visible()
    wrong += axe.walk(page)
    page.get_by_text("Another time, or none").click()
    wrong += axe.walk(page, again=True)
    page.get_by_role("textbox", name="Time").fill("noon")
    press(page, "Ring them then")
    expect(page.get_by_role("alert")).to_contain_text("Enter a time, like 14:30")
    expect(page).to_have_title(re.compile("^Error: "))
    wrong += axe.walk(page)
    page.get_by_role("button", name="They need not be rung").click()
    expect(page.get_by_text("Called off: nobody rings them")).to_be_visible()
    Callback.objects.all().delete()
    page.goto(f"{site}/desk/callbacks/")
    expect(page.get_by_text("Nobody waits to be rung back")).to_be_visible()
    wrong += axe.walk(page)
    assert wrong == []


def test_a_call_is_taken_and_its_caller_asked(live_server, watched: Page, ringing: None) -> None:  # noqa: F811
    page, site = watched, live_server.url
    sign_in(page, site, "agent@hub.demo")
    page.goto(f"{site}/desk/contact/")
    wrong = axe.walk(page)
    keep(page, "on-the-line")
    press(page, "This is my call")
    page.wait_for_url(re.compile("/desk/contact/[0-9a-f-]{36}/"))
    expect(page.get_by_text("A number proves nobody")).to_be_visible()
    wrong += axe.walk(page)
    keep(page, "caller")
    page.get_by_label("Full name, as they say it").fill("Ann Green")
    page.get_by_label("Home postcode").fill("WR11 3DA")
    press(page, "Check what they said")
    expect(page.get_by_role("alert")).to_contain_text("not what we have for this number")
    expect(page).to_have_title(re.compile("^Error: "))
    wrong += axe.walk(page)
    keep(page, "caller-refused")
    page.get_by_label("Full name, as they say it").fill("ann brown")
    press(page, "Check what they said")
    expect(page.get_by_role("heading", name="Is it about this?")).to_be_visible()
    expect(page.locator(".hub-person__name")).to_contain_text("Ann Brown")
    assert wrong == []


def test_without_scripts_somebody_is_rung_back_and_spoken_to(
    live_server, browser: Browser, ringing: None
) -> None:
    page, site = no_scripts(browser), live_server.url
    sign_in(page, site, "agent@hub.demo")
    page.goto(f"{site}/desk/contact/")
    page.get_by_role("link", name="2 wait to be rung back").click()
    page.locator(".hub-held__one").last.get_by_role("button", name="Show the number").click()
    expect(page.get_by_role("link", name="07700 900777")).to_be_visible()
    page.get_by_role("button", name="They answered: start the contact").click()
    expect(page.get_by_role("heading", name="Phone contact", level=1)).to_be_visible()
    expect(page.get_by_text("Rung back")).to_be_visible()
    expect(page.get_by_text("Nobody that we know by this number")).to_be_visible()
    page.goto(f"{site}/desk/callbacks/")
    expect(page.locator(".hub-held__one")).to_have_count(1)
