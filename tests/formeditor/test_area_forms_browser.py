"""Chromium as a partner's editor: what differs in the area, from the list to live."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests import browsing, forms_of
from tests.accessibility import axe
from tests.answers.steps import editor
from tests.desk.test_browser import sign_in
from tests.desk.test_links_browser import keep, watched  # noqa: F401  a fixture
from tests.formeditor.test_area_forms import ENDS, QUESTIONS
from tests.world import build

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def site(transactional_db: None, live_server) -> str:
    world = build()
    forms_of.publish("missed-bin", *QUESTIONS, ends=ENDS)
    editor(world, "wychavon")
    return str(live_server.url)


def test_an_editor_says_what_differs_and_publishes_it(
    site: str,
    watched: Page,  # noqa: F811
) -> None:
    page = watched
    sign_in(page, site, "edie@wychavon.demo")

    def look(name: str) -> None:
        assert axe.walk(page, again=True) == [], name
        keep(page, name)
        page.set_viewport_size({"width": 1280, "height": 900})

    expect(page.get_by_role("heading", name="Answers", exact=True)).to_be_visible()
    page.get_by_role("link", name="Everybody’s, to read").click()
    expect(page.get_by_text("What every organisation has published")).to_be_visible()
    look("area-read")
    page.get_by_role("link", name="Notices").click()
    expect(page.get_by_role("heading", name="What everybody reads now")).to_be_visible()
    look("area-notices")
    page.get_by_role("link", name="Forms", exact=True).click()
    expect(page.get_by_role("heading", name="What services ask")).to_be_visible()
    look("area-list")
    browsing.follow(page.get_by_role("link", name="Missed bin").first)
    look("area-form")
    browsing.follow(page.get_by_role("link", name="Change for Wychavon").first)
    page.get_by_label("Question", exact=True).fill("Which of your bins?")
    look("area-edit")
    page.get_by_role("button", name="Save what differs").click()
    expect(page.get_by_text("is in your draft")).to_be_visible()
    look("area-drafted")
    try_it(page, look)
    page.get_by_role("link", name="Questions").click()
    expect(page.get_by_role("heading", name="Questions in Wychavon")).to_be_visible()
    browsing.press(page, "Publish…")
    look("area-publish")
    page.get_by_role("button", name="Publish it now").click()
    expect(page.get_by_text("asks this in your area from now on")).to_be_visible()
    expect(page.get_by_role("heading", name="Which of your bins?")).to_be_visible()


def try_it(page: Page, look: Callable[[str], None]) -> None:
    """The draft at every door, with an answer that is none, and where it ends."""
    page.get_by_role("link", name="Try it").click()
    for door in ("Kiosk", "Agent", "Text message", "Website"):
        page.get_by_label("Door").select_option(door)
        browsing.press(page, "Begin again there")
        expect(page.get_by_text("Which of your bins?").first).to_be_visible()
        look(f"area-try-{door.split()[0].lower()}")
    page.get_by_role("button", name="Continue").click()
    expect(page.get_by_role("link", name="Choose an answer")).to_be_visible()
    look("area-try-wrong")
    page.get_by_label("The black one").check()
    page.get_by_role("button", name="Continue").click()
    page.get_by_label("Yes").check()
    page.get_by_role("button", name="Continue").click()
    expect(page.get_by_role("heading", name="Ring now")).to_be_visible()
    look("area-try-end")
