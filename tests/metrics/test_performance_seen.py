"""Chromium and axe look at the figures in every size, with every table open, and with nothing."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from playwright.sync_api import Page, expect

from accounts.models import User
from tests.accessibility import axe
from tests.metrics.test_performance_page import PAGE, facts
from tests.world import World

pytestmark = pytest.mark.django_db(transaction=True)


def test_axe_finds_nothing_on_the_figures_and_their_lists(
    world: World, client_for: Callable[[User], Client], live_server: Any, page: Page
) -> None:
    facts(world, "sssffpx")
    facts(world, "sf", channel="web", self_service=True, linkable=False, organisation="")
    facts(world, "s", reason="late", service="pothole", owner="service", verdict="failure")
    session = client_for(world.manager).cookies["sessionid"].value
    page.context.add_cookies([{"name": "sessionid", "value": session, "url": live_server.url}])
    said: list[str] = []
    page.on("console", lambda line: said.append(line.text) if line.type == "error" else None)

    wrong = []
    for path in (
        PAGE,
        f"{PAGE}?channel=web",
        f"{PAGE}?from=never",
        f"{PAGE}?from=2001-01-01&to=2001-01-02",
        f"{PAGE}enquiries/?verdict=failure",
        f"{PAGE}enquiries/?channel=sms",
        f"{PAGE}figures/",
        f"{PAGE}costs/",
    ):
        page.goto(live_server.url + path)
        page.evaluate("document.querySelectorAll('details').forEach(one => { one.open = true })")
        wrong += axe.walk(page)

    page.get_by_role("button", name="Save the cost").click()
    page.get_by_text("There is a problem").wait_for()
    wrong += axe.walk(page)
    assert wrong == []
    assert said == []


def reach(page: Page, link: str) -> None:
    """Tab until such a link has the focus: nobody needs a mouse."""
    for _ in range(90):
        page.keyboard.press("Tab")
        if page.evaluate("link => document.activeElement.matches(link)", link):
            return
    raise AssertionError(f"no {link} within 90 steps")


def test_from_the_headline_to_one_enquiry_and_back_by_keyboard(
    world: World, client_for: Callable[[User], Client], live_server: Any, page: Page
) -> None:
    facts(world, "ssf")
    session = client_for(world.manager).cookies["sessionid"].value
    page.context.add_cookies([{"name": "sessionid", "value": session, "url": live_server.url}])
    page.goto(f"{live_server.url}{PAGE}?channel=phone")

    expect(page.get_by_role("heading", level=1)).to_contain_text("settled in one stop")
    reach(page, ".hub-stat--late a")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Not one stop, Phone")
    reach(page, "a[href^='/desk/cases/WH']")
    reference = page.evaluate("document.activeElement.innerText").strip()
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/desk/cases/{reference}/")
    expect(page.get_by_role("main")).to_contain_text(reference)
    page.go_back()
    reach(page, f"a[href^='/desk/performance/enquiries/{reference}/']")
    page.keyboard.press("Enter")
    expect(page.get_by_role("main")).to_contain_text(f"How {reference} is counted")
    expect(page.get_by_role("heading", name="Its ledger")).to_be_visible()
    assert axe.walk(page) == []
    page.set_viewport_size({"width": 1440, "height": 900})
    reach(page, ".govuk-back-link")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Not one stop, Phone")
    reach(page, ".govuk-back-link")
    page.keyboard.press("Enter")
    page.wait_for_url("**/desk/performance/?*channel=phone*")
    expect(page.get_by_role("heading", level=1)).to_contain_text("settled in one stop")
