"""Chromium walks my enquiries in three sizes with axe, by keyboard, and without scripts."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone
from playwright.sync_api import Browser, Page, expect

from customers import links
from customers.models import AddressVisit
from enquiries.inbound import Sender
from enquiries.models import Enquiry
from kb.models import Service
from notifications.backends import memory
from tests.accessibility import axe
from tests.accessibility.keyboard import Keys
from tests.desk.test_browser import sign_in
from tests.outbox import run_outbox
from tests.world import ask, build, enquiry_of

pytestmark = pytest.mark.django_db(transaction=True)
_LINK = re.compile(r"/my/open/[\w-]+/")


@pytest.fixture
def site(transactional_db: None, live_server: Any, settings: Any) -> str:
    """The website, and somebody with enquiries of each kind."""
    build()
    settings.HUB_BASE_URL = str(live_server.url)
    now = timezone.now()
    ask(at=now - timedelta(days=1))
    sam = Sender(name="Sam Stone", email="jo@example.com")
    late = enquiry_of(ask(at=now - timedelta(days=9), sender=sam))
    Enquiry.objects.filter(pk=late.pk).update(promised_on=timezone.localdate() - timedelta(days=3))
    moved = enquiry_of(ask(at=now - timedelta(days=8)))
    Enquiry.objects.filter(pk=moved.pk).update(expected_on=timezone.localdate() + timedelta(days=9))
    Service.objects.filter(slug="pothole").update(sensitive=True)
    ask(service="pothole", at=now)
    done = enquiry_of(ask(at=now - timedelta(days=20)))
    Enquiry.objects.filter(pk=done.pk).update(
        status="resolved", outcome="completed", resolved_at=now, promised_on=None
    )
    run_outbox()
    return str(live_server.url)


@pytest.fixture
def watched(page: Page) -> Iterator[Page]:
    """A page on which nothing may be refused by the policy or break in a script."""
    said: list[str] = []
    page.on("console", lambda line: said.append(line.text) if line.type == "error" else None)
    page.on("pageerror", lambda error: said.append(str(error)))
    yield page
    assert [line for line in said if "status of 41" not in line] == []


def letter() -> str:
    run_outbox()
    connection.close()
    return [found[0] for one in memory.outbox if (found := _LINK.search(one.body))][-1]


def walk_in(page: Page, site: str) -> None:
    page.goto(f"{site}/my/")
    page.get_by_label("Your email address or mobile number").fill("jo@example.com")
    page.get_by_role("button", name="Send me the link").click()
    expect(page.get_by_role("heading", name="Look at your email")).to_be_visible()
    page.goto(site + letter())
    page.get_by_role("button", name="Show my enquiries").click()
    expect(page.get_by_role("heading", name="Your enquiries", exact=True)).to_be_visible()


def test_every_page_and_state_in_three_sizes(site: str, watched: Page) -> None:
    page, wrong = watched, []

    def look() -> None:
        wrong.extend(axe.walk(page))

    page.goto(f"{site}/my/")
    look()
    page.get_by_role("button", name="Send me the link").click()
    expect(page.locator("#id_address_error")).to_be_visible()
    look()
    for address, heading in (("jo@example.com", "email"), ("07700 900123", "texts")):
        page.goto(f"{site}/my/")
        page.get_by_label("Your email address or mobile number").fill(address)
        page.get_by_role("button", name="Send me the link").click()
        expect(page.get_by_role("heading", name=f"Look at your {heading}")).to_be_visible()
        look()
    link = site + letter()
    page.goto(link)
    look()
    page.get_by_role("button", name="Show my enquiries").click()
    expect(page.get_by_role("heading", name="Your enquiries", exact=True)).to_be_visible()
    look()
    page.get_by_role("link", name="Change what we tell you").click()
    expect(page.get_by_role("group", name="What should we tell you?")).to_be_visible()
    look()
    page.get_by_label("Only when it is done").check()
    page.get_by_role("button", name="Keep my choice").click()
    expect(page.get_by_text("Your choice is kept")).to_be_visible()
    look()
    page.goto(link)
    expect(page.get_by_role("heading", name="This link does not work any more")).to_be_visible()
    look()
    page.goto(f"{site}/my/enquiries/")
    page.get_by_role("button", name="Leave").click()
    expect(page.get_by_text("Your enquiries are closed on this device")).to_be_visible()
    look()
    assert wrong == []


def test_by_keyboard_alone(site: str, page: Page) -> None:
    keys = Keys(page)

    def go(words: str, role: Any = "button") -> None:
        keys.follow(page.get_by_role("main").get_by_role(role, name=words).first)

    keys.open(f"{site}/my/")
    go("Send me the link")
    keys.to_the_field()
    keys.type("jo@example.com")
    go("Send me the link")
    expect(page.get_by_role("heading", name="Look at your email")).to_be_visible()
    keys.open(site + letter())
    go("Show my enquiries")
    expect(page.get_by_role("heading", name="Your enquiries", exact=True)).to_be_visible()
    go("Missed bin", "link")
    expect(page).to_have_url(re.compile(r"/track/"))
    keys.open(f"{site}/my/telling/")
    keys.choose(page.get_by_label("Only when it is done"))
    go("Keep my choice")
    expect(page.get_by_text("Your choice is kept")).to_be_visible()
    go("Leave")
    expect(page.get_by_text("Your enquiries are closed on this device")).to_be_visible()
    assert not keys.wrong, "\n".join(keys.wrong)


def test_without_scripts(site: str, browser: Browser) -> None:
    with browser.new_context(java_script_enabled=False) as context:
        page = context.new_page()
        walk_in(page, site)
        page.get_by_role("link", name="Missed bin").first.click()
        expect(page).to_have_url(re.compile(r"/track/"))
        page.goto(f"{site}/my/telling/")
        page.get_by_label("Only when it is done").check()
        page.get_by_role("button", name="Keep my choice").click()
        expect(page.get_by_text("Your choice is kept")).to_be_visible()
        page.get_by_role("button", name="Leave").click()
        expect(page).to_have_url(re.compile(r"/my/\?ended"))


def test_before_my_enquiries_close_one_press_gives_more_time(site: str, page: Page) -> None:
    page.clock.install()
    walk_in(page, site)
    warning = page.get_by_role("dialog", name="Are you still there?")
    minutes = page.locator("[data-minutes]").get_attribute("data-minutes")
    assert timedelta(minutes=int(minutes or 0)) == links.IDLE
    page.clock.run_for("26:30")
    expect(warning).not_to_be_visible()
    page.clock.run_for("00:45")
    # A minute and three quarters, less what this machine takes to look: its clock runs on.
    expect(warning).to_contain_text(re.compile(r"1:(3\d|4[0-5])"))
    wrong = axe.walk(page)
    visits = AddressVisit.objects.filter(ended_at=None)
    visits.update(seen_at=timezone.now() - timedelta(minutes=28))
    with page.expect_response("**/my/telling/"):
        page.keyboard.press("Enter")  # the press that it has the focus for
    expect(warning).not_to_be_visible()
    assert timezone.now() - visits.get().seen_at < timedelta(minutes=1)
    page.clock.run_for("26:30")
    expect(warning).not_to_be_visible()
    # Nobody answers: what is theirs is no longer on the screen.
    visits.update(seen_at=timezone.now() - timedelta(minutes=31))
    page.clock.run_for("03:00")
    expect(page.get_by_text("Your enquiries are closed on this device")).to_be_visible()
    assert not wrong, "\n".join(wrong)


def test_the_pages_of_staff(site: str, page: Page) -> None:
    sign_in(page, site, "admin@hub.demo")
    wrong = []
    for path in ("/desk/settings/before/", "/desk/settings/before/missed-bin/"):
        page.goto(site + path)
        wrong.extend(axe.walk(page))
    page.get_by_label("A time of your own").fill("none")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("Enter hours as a whole number").first).to_be_visible()
    wrong.extend(axe.walk(page))
    page.get_by_label("A time of your own").fill("48")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("Saved for Missed bin")).to_be_visible()
    expect(page.get_by_role("row", name="Missed bin")).to_contain_text("2 days")
    assert wrong == []
