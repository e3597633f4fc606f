"""Chromium walks calendars and agreements in three sizes, with axe; and once without any script."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import Browser, Page, expect

from accounts import calendars
from accounts.models import Organisation
from enquiries import clocks
from enquiries.models import Agreement, ClockRule, Enquiry
from tests import browsing
from tests.accessibility import axe
from tests.desk.test_browser import sign_in
from tests.world import ask, build

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.browser]
CALENDARS = "/desk/settings/calendars/"
AGREEMENTS = "/desk/settings/agreements/"


@pytest.fixture
def site(transactional_db: None, live_server: Any) -> str:
    """A small partnership, and one promise that is still to come."""
    build()
    ask(at=timezone.now())
    return str(live_server.url)


@pytest.fixture
def watched(page: Page) -> Iterator[Page]:
    """A page on which nothing may be refused by the policy or break in a script."""
    said: list[str] = []
    page.on("console", lambda line: said.append(line.text) if line.type == "error" else None)
    page.on("pageerror", lambda error: said.append(str(error)))
    yield page
    assert [line for line in said if "status of 4" not in line] == []


def wychavon() -> dict[str, Any]:
    found: dict[str, Any] = Organisation.objects.get(slug="wychavon").calendar
    return found


class Walk:
    """An administrator's way through pages; `wrong` is what axe finds on it."""

    def __init__(self, page: Page, site: str) -> None:
        self.page, self.site = page, site
        self.wrong: list[str] = []
        sign_in(page, site, "admin@hub.demo")

    def look(self, path: str = "", *, again: bool = False) -> None:
        if path:
            self.page.goto(self.site + path)
        self.wrong += axe.walk(self.page, again=again)


def test_calendars_in_three_sizes(site: str, watched: Page) -> None:
    page, walk = watched, Walk(watched, site)
    look = walk.look
    look("/desk/settings/")
    look(CALENDARS)
    page.get_by_role("link", name="Wychavon District Council").click()
    look()
    page.get_by_label("Wednesday", exact=True).fill("17:00-09:00")
    page.get_by_role("button", name="Continue").first.click()
    look()
    page.get_by_role("link", name="Wednesday: ").click()
    expect(page.get_by_label("Wednesday", exact=True)).to_be_focused()
    page.get_by_label("Wednesday", exact=True).fill("9am to 12.30, 13:30-17:00")
    page.get_by_label("Saturday", exact=True).fill("9-13")
    page.get_by_role("button", name="Continue").first.click()
    look()
    page.get_by_role("button", name="Save these hours").click()
    expect(page.get_by_text("The hours are saved")).to_be_visible()
    assert calendars.week_words(wychavon()).endswith("Saturday 09:00-13:00")

    day = Enquiry.objects.get().promised_on
    assert day is not None
    page.get_by_label("First day closed").fill(day.isoformat())
    page.get_by_label("Why?").fill("Training for all of us")
    page.get_by_role("button", name="Continue").last.click()
    expect(page.get_by_text("1 open promise falls on days that would close")).to_be_visible()
    look()
    page.get_by_role("button", name="Close these days").click()
    expect(page.get_by_role("cell", name="Training for all of us", exact=True)).to_be_visible()
    look()
    look(CALENDARS)
    look(f"{CALENDARS}wychavon/teams/front/")
    page.get_by_role("button", name="Give the team its own hours").click()
    look()
    assert walk.wrong == []


def test_agreements_in_three_sizes(site: str, watched: Page) -> None:
    page, walk = watched, Walk(watched, site)
    look = walk.look
    look(AGREEMENTS)
    page.get_by_label("Priority").select_option("urgent")
    page.get_by_role("button", name="Add it").click()
    look()
    page.get_by_label("Per cent of the time").fill("50")
    browsing.press(page, "Add it")
    browsing.follow(page.get_by_role("link", name="Priority urgent"))
    look()
    look(f"{AGREEMENTS}with/wychavon/")
    page.get_by_label("About").select_option("missed-bin")
    page.get_by_label("Hours to accept or reject").fill("1")
    page.get_by_label("Days to do the work").fill("1")
    page.get_by_label("By the clock, day and night").check()
    browsing.press(page, "Add it")
    browsing.follow(page.get_by_role("link", name="Missed bin"))
    look()
    page.locator("summary", has_text="Remove the agreement").click()
    look(again=True)
    assert walk.wrong == []
    assert ClockRule.objects.get().percent == 50
    assert Agreement.objects.get(service__slug="missed-bin").elapsed


def test_a_week_at_christmas_is_closed_and_opened_again_without_any_script(
    site: str, browser: Browser
) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    sign_in(page, site, "admin@hub.demo")
    page.goto(f"{site}{CALENDARS}wychavon/")
    first = timezone.localdate() + timedelta(days=30)
    page.get_by_label("First day closed").fill(first.isoformat())
    page.get_by_label("Last day closed").fill((first + timedelta(days=6)).isoformat())
    page.get_by_label("Why?").fill("Christmas closing")
    page.get_by_role("button", name="Continue").last.click()
    browsing.press(page, "Close these days")
    calendar = clocks.Calendar.from_json(wychavon())
    week = [first + timedelta(days=n) for n in range(7)]
    assert not any(calendar.is_working_day(day) for day in week)
    page.get_by_role("button", name="Open again").click()
    expect(page.get_by_text("The days are open again")).to_be_visible()
    assert calendars.closures(wychavon()) == []
    context.close()
