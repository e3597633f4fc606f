"""Keys and the command bar on every page of the desk, in Chromium, by keyboard alone."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from customers.models import Person
from enquiries.inbound import Sender
from enquiries.models import Enquiry, EnquiryEvent
from notifications.models import Notification, PostboxMessage
from tests.accessibility import axe
from tests.desk.test_browser import sign_in
from tests.outbox import run_outbox
from tests.people.test_browser import tab_to
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


def test_an_act_that_is_jumped_to_stands_below_the_head_of_the_case(
    site: str, watched: Page
) -> None:
    page = watched
    sign_in(page, site, "agent@hub.demo")
    page.goto(f"{site}/desk/cases/{Enquiry.objects.get().reference}/?act=reply#act")
    page.wait_for_load_state("load")
    head, act = page.locator(".hub-nameplate").bounding_box(), page.locator("#act").bounding_box()
    assert head is not None
    assert act is not None
    assert head["y"] + head["height"] <= act["y"] < 300


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


def test_what_was_done_is_taken_back_by_keys_and_too_late_says_so(site: str, watched: Page) -> None:
    page, reference = watched, Enquiry.objects.get().reference
    sign_in(page, site, "agent@hub.demo")
    page.goto(f"{site}/desk/cases/{reference}/?view=all")
    page.wait_for_load_state("load")
    page.keyboard.press("i")
    page.keyboard.type("For nobody")
    page.get_by_role("button", name="Keep the note").press("Enter")
    left = page.locator("[data-undo-words]")
    expect(left).to_contain_text("seconds left")
    expect(page.locator("[data-module~=hub-swaps]")).to_contain_text("You can take this back")
    assert axe.breaches(page) == []
    page.keyboard.press("u")
    expect(page.get_by_role("button", name="Take it back")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_text("Taken back: ").locator("visible=true").first).to_be_visible()
    page.goto(f"{site}/desk/cases/{reference}/?view=all")
    page.wait_for_load_state("load")
    page.keyboard.press("i")
    page.keyboard.type("For everybody")
    page.get_by_role("button", name="Keep the note").press("Enter")
    expect(left).to_contain_text("It is too late to take this back", timeout=15_000)
    expect(page.get_by_role("button", name="Take it back")).not_to_be_visible()
    assert axe.breaches(page) == []


def test_words_that_were_sent_are_taken_back_by_keys_before_anybody_reads_them(
    site: str, watched: Page
) -> None:
    page, reference = watched, Enquiry.objects.get().reference
    run_outbox()
    before = set(PostboxMessage.objects.values_list("pk", flat=True))
    sign_in(page, site, "agent@hub.demo")
    page.goto(f"{site}/desk/cases/{reference}/?view=all")
    page.wait_for_load_state("load")
    page.keyboard.press("r")
    expect(page.locator("#reply_words")).to_be_focused()
    page.keyboard.type("Meant for somebody else")
    tab_to(page.get_by_role("button", name="Send these words"))
    page.keyboard.press("Enter")
    expect(page.get_by_text("The citizen is being told").first).to_be_visible()
    page.wait_for_load_state("networkidle")  # what is fetched yet would be cut off, and say so
    page.keyboard.press("z")
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert")).to_contain_text("Taken back: ")
    run_outbox()
    sent = PostboxMessage.objects.exclude(pk__in=before)
    assert not sent.exists()
    ended = Notification.objects.latest("pk")
    assert (ended.state, ended.merged_into) == ("overtaken", None)
    assert EnquiryEvent.objects.filter(type="enquiry.replied").count() == 0
