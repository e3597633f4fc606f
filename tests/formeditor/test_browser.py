"""Chromium writes a form with a branch and an end, tries it, publishes it, and asks it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from tests import browsing
from tests.accessibility import axe
from tests.desk.test_browser import sign_in
from tests.desk.test_browser import watched as watched
from tests.world import build

pytestmark = pytest.mark.django_db(transaction=True)
ROOT = "/desk/settings/forms/pothole/"


@pytest.fixture
def site(transactional_db: None, live_server: Any) -> str:
    build()
    return str(live_server.url)


def add_question(page: Page, words: str, kind: str, choices: str = "", when: str = "") -> None:
    page.get_by_role("link", name="Add a question").click()
    page.get_by_label("Question", exact=True).fill(words)
    page.get_by_label("Kind of answer").select_option(kind)
    page.get_by_label("Choices").fill(choices)
    page.get_by_label("Hint").fill("For example 3")
    if when:
        page.get_by_label("Test 1", exact=True).select_option(when)


def test_a_form_is_written_tried_published_and_asked_in_three_sizes(
    site: str, watched: Page
) -> None:
    page, wrong = watched, list[str]()

    def look(*, again: bool = False) -> None:
        wrong.extend(axe.walk(page, again=again))
        page.set_viewport_size({"width": 1280, "height": 900})

    sign_in(page, site, "admin@hub.demo")
    page.goto(f"{site}/desk/settings/")
    browsing.follow(page.get_by_role("link", name="What services ask"))
    look()
    page.get_by_role("link", name="Pothole", exact=True).click()
    look()
    page.get_by_role("button", name="Make a draft").click()
    expect(page.get_by_role("link", name="Add a question")).to_be_visible()
    write(page, look)
    walk(page, site, look)
    publish(page, site, look)
    assert wrong == []
    at_the_desk(page, site)


def write(page: Page, look: Callable[..., None]) -> None:
    """Two questions, of which one follows an answer to the other, and an end."""
    add_question(page, "Is it dangerous?", "choice", "Yes, very\nNo\nI do not know")
    # What stands in the form is drawn beside it while one types.
    expect(page.locator("#look")).to_contain_text("Yes, very")
    expect(page.locator("#look")).to_contain_text("Reply with the number")
    look()
    page.get_by_role("button", name="Add the question").click()
    expect(page.get_by_text("The question is in the draft")).to_be_visible()
    page.get_by_role("link", name="Add a question").click()
    page.get_by_role("button", name="Add the question").click()
    expect(page.get_by_role("link", name="Write the question")).to_be_visible()
    look()
    page.get_by_role("link", name="Pothole", exact=True).click()
    add_question(page, "How deep is it?", "number", when="is-it-dangerous|is|no")
    page.get_by_role("button", name="Add the question").click()
    expect(page.get_by_text("Only if “Is it dangerous?” is “No”")).to_be_visible()
    page.get_by_role("link", name="Add an end").click()
    page.get_by_label("Emergency: they ring somebody first").check()
    page.get_by_label("Title").fill("Ring us now")
    page.get_by_label("Words").fill("Do not wait for us.")
    page.get_by_label("Telephone").fill("999")
    page.get_by_label("Test 1", exact=True).select_option("is-it-dangerous|is|yes-very")
    look()
    page.get_by_role("button", name="Add the end").click()
    expect(page.get_by_text("When “Is it dangerous?” is “Yes, very”")).to_be_visible()
    look()
    page.get_by_role("link", name="Change Is it dangerous?").click()
    look()
    page.get_by_label("Area", exact=True).select_option(label="Wychavon")
    page.get_by_role("button", name="Say what differs there").click()
    look()
    browsing.press(page, "Save what differs")
    page.get_by_role("link", name="Remove it").click()
    expect(page.get_by_text("Its answer decides:")).to_be_visible()
    look()


def walk(page: Page, site: str, look: Callable[..., None]) -> None:
    """The draft is tried: its branch and its end."""
    for door in ("web", "kiosk", "desk", "sms"):
        page.goto(f"{site}{ROOT}try/?door={door}")
        look()
    page.goto(f"{site}{ROOT}try/")
    page.get_by_label("Yes, very").check()
    page.get_by_role("button", name="Continue").click()
    expect(page.get_by_role("heading", name="Ring us now")).to_be_visible()
    look()
    page.get_by_role("button", name="Go on and tell us here too").click()
    expect(page.get_by_text("Where is it?")).to_be_visible()
    page.get_by_role("button", name="Begin again", exact=True).click()
    page.get_by_label("No", exact=True).check()
    page.get_by_role("button", name="Continue").click()
    page.get_by_label("How deep is it?").fill("deep")
    page.get_by_role("button", name="Continue").click()
    expect(page.get_by_role("link", name="Enter a number, for example 3")).to_be_visible()
    look()


def publish(page: Page, site: str, look: Callable[..., None]) -> None:
    """Checked, compared, published; loaded from a file and thrown away are looked at too."""
    for path in ("checks/", "changes/", "history/", "upload/", "discard/"):
        page.goto(f"{site}{ROOT}{path}")
        look()
    page.goto(f"{site}{ROOT}")
    browsing.press(page, "Publish…")
    look()
    page.get_by_label("What does it change?").fill("Danger first")
    page.get_by_role("button", name="Publish it now").click()
    expect(page.get_by_text("Pothole asks this from now on")).to_be_visible()
    look()


def at_the_desk(page: Page, site: str) -> None:
    """An agent finds the questions on the page of a contact."""
    page.context.clear_cookies()
    sign_in(page, site, "agent@hub.demo")
    page.goto(f"{site}/desk/contact/")
    page.get_by_role("button", name="Start the contact").click()
    page.get_by_label("Service", exact=True).select_option("pothole")
    page.get_by_label("Is it dangerous?").select_option("yes-very")
    page.get_by_role("button", name="Who deals with it?").click()
    expect(page.get_by_text("Say: Ring us now")).to_be_visible()
    assert not axe.walk(page)


def test_without_any_script_a_button_shows_how_it_looks(site: str, browser: Browser) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    sign_in(page, site, "admin@hub.demo")
    page.goto(f"{site}{ROOT}")
    page.get_by_role("button", name="Make a draft").click()
    add_question(page, "Which colour?", "choice", "Red\nBlue")
    page.get_by_role("button", name="Show how it looks").click()
    expect(page.locator("#look")).to_contain_text("1 Red")
    expect(page.get_by_label("Question", exact=True)).to_have_value("Which colour?")
    page.get_by_role("button", name="Add the question").click()
    expect(page.get_by_role("heading", name="Which colour?")).to_be_visible()
    context.close()
