"""The queue in Chromium, by keyboard alone: to and fro, many at once, the next best, kept views."""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from enquiries.models import Enquiry
from tests.accessibility import axe
from tests.desk.test_browser import sign_in
from tests.outbox import run_outbox
from tests.world import ask, build

pytestmark = pytest.mark.django_db(transaction=True)
SHOTS = os.environ.get("QUEUE_SHOTS", "")


@pytest.fixture
def site(transactional_db: None, live_server: Any) -> str:
    """A queue of two pages that nobody has taken from."""
    build()
    for number in range(27):
        ask(service=None, words=f"Nobody collected bag number {number}", postcode="WR1 3EZ")
    ask()
    run_outbox()
    return str(live_server.url)


@pytest.fixture
def watched(page: Page) -> Iterator[Page]:
    """A page on which nothing may be refused by the policy or break in a script."""
    said: list[str] = []
    page.on("console", lambda line: said.append(line.text) if line.type == "error" else None)
    page.on("pageerror", lambda error: said.append(str(error)))
    yield page
    assert [line for line in said if "status of 4" not in line] == []


def _tab_to(page: Page, name: str) -> None:
    """Onward by Tab until something with this name has the focus."""
    for _ in range(120):
        page.keyboard.press("Tab")
        words = page.evaluate(
            "(document.activeElement.labels?.[0] ?? document.activeElement).innerText"
        )
        if name in (words or ""):
            return
    raise AssertionError(f"Tab does not lead to {name}")


def _shot(page: Page, name: str) -> None:
    if SHOTS:
        for width in (1440, 390):
            page.set_viewport_size({"width": width, "height": 900})
            page.screenshot(path=f"{SHOTS}/{name}-{width}.png", full_page=True)
    page.set_viewport_size({"width": 1440, "height": 900})


def _walked(page: Page, wrong: list[str], name: str, *, again: bool = False) -> None:
    wrong.extend(axe.walk(page, again=again))
    _shot(page, name)


def test_two_cases_are_made_urgent_together_by_keyboard(site: str, watched: Page) -> None:
    page, wrong = watched, list[str]()

    sign_in(page, site, "agent@hub.demo")
    _walked(page, wrong, "queue")

    # Row by row; one is watched, two are chosen.
    page.keyboard.press("j")
    page.keyboard.press("j")
    page.keyboard.press("x")
    page.keyboard.press("j")
    page.keyboard.press("x")
    expect(page.locator("[data-choose-words]")).to_have_text("2 chosen")
    _walked(page, wrong, "queue-chosen", again=True)

    _tab_to(page, "Priority")
    page.keyboard.press("Enter")
    page.wait_for_url("**/desk/together/**")
    expect(page.get_by_role("heading", level=1)).to_have_text("Change the priority of 2 cases")
    _walked(page, wrong, "together-form")
    _tab_to(page, "Priority")
    page.keyboard.press("ArrowDown")
    _tab_to(page, "Why?")
    page.keyboard.type("The bags are in the road")
    _tab_to(page, "Look at what would happen")
    page.keyboard.press("Enter")
    expect(page.get_by_text("2 of 2 can be changed.")).to_be_visible()
    _walked(page, wrong, "together-shown")
    _tab_to(page, "Set the priority of 2 cases")
    page.keyboard.press("Enter")
    expect(page.get_by_role("progressbar")).to_be_visible()
    _walked(page, wrong, "together-running")
    run_outbox()
    expect(page.get_by_text("2 of 2 changed.", exact=True)).to_be_visible(timeout=10_000)
    _walked(page, wrong, "together-done", again=True)
    assert Enquiry.objects.filter(priority="urgent").count() == 2
    page.keyboard.press("u")
    page.wait_for_url("**/desk/?**")

    assert wrong == []


def test_the_next_best_a_row_and_a_kept_view_by_keyboard(site: str, watched: Page) -> None:
    page, wrong = watched, list[str]()
    Enquiry.objects.filter(pk=Enquiry.objects.order_by("pk")[9].pk).update(priority="urgent")
    sign_in(page, site, "agent@hub.demo")
    # The next best by one key and Enter: what was made urgent.
    page.keyboard.press("n")
    page.keyboard.press("Enter")
    page.wait_for_url("**/desk/cases/WH**")
    expect(page.get_by_text("is yours: it is urgent")).to_be_visible()
    assert Enquiry.objects.filter(assignee__isnull=False).count() == 1

    # A row is taken and another one watched where they stand.
    page.goto(f"{site}/desk/?view=unassigned")
    page.keyboard.press("j")
    first = page.evaluate("document.activeElement.id").removeprefix("case-")
    page.keyboard.press("w")
    page.keyboard.press("Enter")
    expect(page.get_by_text(f"You watch {first}")).to_be_visible()
    page.goto(f"{site}/desk/?view=watched")
    expect(page.locator(".hub-rows__reference")).to_have_text(first)
    _walked(page, wrong, "queue-watched")
    page.goto(f"{site}/desk/?view=unassigned")
    page.keyboard.press("j")
    page.keyboard.press("t")
    page.keyboard.press("Enter")
    page.wait_for_url("**/desk/cases/WH**")
    assert Enquiry.objects.get(reference=first).assignee is not None

    # A list is kept under a name, and the queue opens with it.
    page.goto(f"{site}/desk/?view=all&clock=late&priority=urgent")
    _walked(page, wrong, "queue-narrowed")
    _tab_to(page, "Keep this list as a view")
    page.keyboard.press("Enter")
    _walked(page, wrong, "views-new")
    page.get_by_label("Name").focus()
    page.keyboard.type("Urgent and late")
    page.keyboard.press("Enter")
    expect(page.get_by_role("link", name="Urgent and late")).to_be_visible()
    page.goto(f"{site}/desk/views/")
    _walked(page, wrong, "views")
    _tab_to(page, "Open the queue with it")
    page.keyboard.press("Enter")
    expect(page.get_by_text("The queue opens with this view from now on")).to_be_visible()
    page.goto(f"{site}/desk/")
    expect(page.locator(".hub-chip[aria-current]")).to_have_text("Urgent and late")
    assert wrong == []
