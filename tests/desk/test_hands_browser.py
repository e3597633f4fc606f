"""Keys and the command bar on every page of the desk, in Chromium, by keyboard alone."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from customers.models import Person
from enquiries.inbound import Sender
from enquiries.models import Enquiry
from tests.accessibility import axe
from tests.desk.test_browser import sign_in
from tests.world import ask, build

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def site(transactional_db: None, live_server: Any) -> str:
    """The desk with a small partnership and a case of somebody."""
    build()
    ask(sender=Sender(name="Maya Fielding", email="maya@example.com", phone="07700 900123"))
    return str(live_server.url)


@pytest.fixture
def watched(page: Page) -> Iterator[Page]:
    """A page that nothing breaks, with every address that was asked for."""
    said: list[str] = []
    page.on("console", lambda line: said.append(line.text) if line.type == "error" else None)
    page.on("pageerror", lambda error: said.append(str(error)))
    yield page
    assert said == []


def test_two_keys_go_to_a_page_and_one_shows_them(site: str, watched: Page) -> None:
    page = watched
    sign_in(page, site, "agent@hub.demo")
    page.wait_for_load_state("load")
    page.keyboard.press("g")
    said = page.locator("#hub-keys-next")
    expect(said).to_contain_text("q Queue")
    assert axe.breaches(page) == []
    page.keyboard.press("p")
    expect(page.get_by_role("heading", name="People", level=1)).to_be_visible()
    page.wait_for_load_state("load")
    link = page.get_by_role("link", name="New contact", exact=True)
    expect(link).to_have_attribute("aria-description", "Keys: g, then c")
    page.keyboard.press("?")
    dialog = page.get_by_role("dialog", name="Keyboard")
    expect(dialog).to_contain_text("g then q")
    assert axe.breaches(page) == []
    page.keyboard.press("Escape")
    page.keyboard.press("g")
    page.keyboard.press("c")
    expect(page.get_by_role("heading", name="contact", level=1)).to_be_visible()


def test_the_bar_opens_from_a_field_and_finds_by_name_without_an_address(
    site: str, watched: Page
) -> None:
    page, asked = watched, list[str]()
    page.on("request", lambda request: asked.append(request.url))
    sign_in(page, site, "agent@hub.demo")
    page.goto(f"{site}/desk/")
    page.get_by_label("Words, postcode or reference").focus()
    page.keyboard.press("Control+k")
    field = page.get_by_role("combobox", name="Find or do")
    expect(field).to_be_focused()
    expect(page.get_by_role("option", name="My cases")).to_be_visible()
    assert axe.breaches(page) == []
    page.keyboard.type("maya fi")
    option = page.get_by_role("option", name="Maya Fielding")
    expect(option).to_have_attribute("aria-selected", "true")
    expect(field).to_have_attribute("aria-activedescendant", str(option.get_attribute("id")))
    assert axe.breaches(page) == []
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Maya Fielding")).to_be_visible()
    assert Person.objects.filter(full_name="Maya Fielding").exists()
    assert [one for one in asked if "maya" in one.lower()] == []
    page.wait_for_load_state("load")
    page.keyboard.press("/")  # this page has no search of its own
    page.keyboard.type(Enquiry.objects.get().reference.lower().replace("-", " "))
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name=Enquiry.objects.get().reference)).to_be_visible()
    page.wait_for_load_state("load")
    page.keyboard.press("Control+k")
    page.keyboard.type("tell")
    page.keyboard.press("Enter")
    expect(page.get_by_label("Words for the citizen").first).to_be_focused()
