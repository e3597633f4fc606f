"""Chromium by keyboard alone: an answer is said, a script is cut off, taken up again and sent."""

from __future__ import annotations

import re
from typing import Any

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from core.audit import SYSTEM
from enquiries.models import Enquiry
from kb.actions_forms import publish
from kb.models import ReaderWord
from tests.accessibility import axe
from tests.desk.test_browser import sign_in
from tests.desk.test_links_browser import keep, watched  # noqa: F401  a fixture
from tests.desk.test_scripts import FORM, WORDS
from tests.world import NOW, build

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def site(transactional_db: None, live_server: Any) -> str:
    build()
    publish(service_slug="pothole", data=FORM, actor=SYSTEM, now=NOW)
    return str(live_server.url)


def press(page: Page, *keys: str) -> None:
    for key in keys:
        page.keyboard.press(key)


def said(page: Page, words: str) -> Locator:
    """What stands on the page; a screen reader may have been told the same words."""
    return page.locator("main").get_by_text(words)


def look_for(page: Page, words: str) -> None:
    expect(page.locator("body")).to_have_class(re.compile("hub-keys-on"))
    press(page, "/")
    expect(page.locator("#q")).to_be_focused()
    page.keyboard.type(words)


def opened(page: Page, site: str) -> str:
    sign_in(page, site, "agent@hub.demo")
    page.goto(f"{site}/desk/contact/")
    page.get_by_role("button", name="Start the contact").press("Enter")
    page.wait_for_url("**/desk/contact/*-*/")
    return page.url


class Walk:
    """A page that is walked by keys, and what axe says of it on the way."""

    def __init__(self, page: Page) -> None:
        self.page, self.wrong = page, list[str]()

    def look(self, name: str) -> None:
        self.wrong.extend(axe.walk(self.page, again=True))
        self.page.set_viewport_size({"width": 1440, "height": 900})
        keep(self.page, name)
        self.page.set_viewport_size({"width": 1440, "height": 900})


def test_the_callers_words_lead_to_what_is_said_and_to_a_script_that_is_taken_up_again(
    site: str,
    browser: Browser,
    watched: Page,  # noqa: F811
) -> None:
    contact = opened(watched, site)
    first = Walk(watched)
    _an_answer_is_said(first, contact)
    script = _a_script_is_begun(first)
    # The browser goes; somebody goes on from the contact.
    watched.context.close()
    second = Walk(browser.new_context(viewport={"width": 1440, "height": 900}).new_page())
    sign_in(second.page, site, "agent@hub.demo")
    second.page.goto(contact)
    _it_is_gone_on_with(second, script)
    sent = Enquiry.objects.get(service__slug="pothole")
    assert sent.answers == {"hurt": "no", "road": "local", "lane": ["edge", "middle"]}
    assert (sent.description, sent.postcode) == (WORDS, "WR1 3EZ")
    assert sent.person is not None
    assert first.wrong + second.wrong == []


def _an_answer_is_said(walk: Walk, contact: str) -> None:
    page = walk.page
    look_for(page, "when is my bin emptied")
    answer = page.locator("#knowledge-answers details").first
    expect(answer).to_contain_text("When is my bin emptied?")
    expect(page.get_by_role("status").filter(has_text="1 answer")).to_have_count(1)
    page.keyboard.type(" r")
    # The last letter's answers, not those of the space before it.
    with page.expect_response("**/knowledge/?q=*emptied%20r*") as took:
        pass
    assert took.value.ok
    press(page, "Tab", "!")
    expect(page.get_by_text("Thank you. Those who look after it see it")).to_be_visible()
    assert page.url == contact
    assert ReaderWord.objects.get().is_wrong
    walk.look("knowledge")
    press(page, "s")
    expect(answer.get_by_label("What you told them")).to_be_focused()
    press(page, "Tab", "Enter")
    expect(page.get_by_text("is answered. Is there anything else?")).to_be_visible()


def _a_script_is_begun(walk: Walk) -> str:
    page = walk.page
    look_for(page, "pothole")
    start = page.get_by_role("button", name="Start: Pothole")
    expect(start).to_be_visible()
    press(page, "Tab", "b", "Enter")
    page.wait_for_url("**/scripts/*/")
    script = page.url
    expect(said(page, "Has anybody been hurt?")).to_be_focused()
    walk.look("script-question")
    press(page, "2", "Enter")
    expect(said(page, "What kind of road is it on?")).to_be_focused()
    press(page, "Enter")  # nothing is sent by a key of its own
    press(page, "1", "Enter")
    expect(said(page, "Where in the road?")).to_be_focused()
    assert page.url == script
    return script


def _it_is_gone_on_with(walk: Walk, script: str) -> None:
    page = walk.page
    press(page, "b")
    page.wait_for_url(script)
    expect(said(page, "Where in the road?")).to_be_focused()
    expect(page.locator(".hub-script__known")).to_contain_text("An ordinary road")
    press(page, "1", "2", "Enter")
    expect(page.get_by_label("Since when?")).to_be_focused()
    press(page, "Enter")
    expect(page.get_by_label("Postcode")).to_be_focused()
    press(page, "Enter")
    expect(
        page.get_by_text("Ask for the postcode, or say that there is no place").first
    ).to_be_visible()
    walk.look("script-refused")
    page.get_by_label("Postcode").focus()
    page.keyboard.type("WR1 3EZ")
    press(page, "Enter")
    expect(page.get_by_label("What happened?")).to_be_focused()
    press(page, "ControlOrMeta+a")
    page.keyboard.type(WORDS)
    press(page, "Tab", "Enter")
    expect(page.get_by_label("Full name")).to_be_focused()
    walk.look("script-who")
    page.keyboard.type("Jo Bloggs")
    press(page, "Tab", "Tab")
    page.keyboard.type("jo@example.com")
    press(page, "Tab", "ArrowDown", "Enter")
    expect(said(page, "Everything is answered")).to_be_focused()
    walk.look("script-check")
    press(page, "1", "Enter")
    expect(page.get_by_text("is on its way. Is there anything else?")).to_be_visible()


def test_an_end_the_whole_form_and_the_answers_of_a_case_by_keys(
    site: str,
    watched: Page,  # noqa: F811
) -> None:
    walk, page = Walk(watched), watched
    opened(page, site)
    look_for(page, "pothole")
    expect(page.get_by_role("button", name="Start: Pothole")).to_be_visible()
    press(page, "Tab", "b", "Enter")
    page.wait_for_url("**/scripts/*/")
    expect(said(page, "Has anybody been hurt?")).to_be_focused()
    press(page, "1", "Enter")
    expect(page.get_by_text("Say: Ring us now")).to_be_visible()
    walk.look("script-end")
    page.get_by_role("button", name="It is no emergency: go on").press("Enter")
    page.get_by_role("button", name="Show the whole form").press("Enter")
    expect(page.get_by_text("Since when?")).to_be_visible()
    walk.look("script-whole")
    page.get_by_label("A private drive").press("Space")
    page.get_by_role("button", name="Leave the rest open").press("Enter")
    settles = page.get_by_role("button", name="I told them: that settles it")
    expect(settles).to_be_visible()
    walk.look("script-settled")
    settles.press("Enter")
    expect(page.get_by_text("is answered. Is there anything else?")).to_be_visible()
    page.goto(f"{site}/desk/cases/{Enquiry.objects.get().reference}/?view=all")
    expect(page.get_by_text("A private drive").first).to_be_visible()
    walk.look("case-answers")
    assert walk.wrong == []


def test_without_scripts_it_ends_where_the_website_ends(site: str, browser: Browser) -> None:
    page = browser.new_context(java_script_enabled=False).new_page()
    opened(page, site)
    page.locator("#q").fill("pothole")
    page.locator("#q").press("Enter")
    page.get_by_role("button", name="Start: Pothole").click()
    page.get_by_label("Yes").check()
    page.get_by_role("button", name="Go on").click()
    expect(page.get_by_text("Say: Ring us now")).to_be_visible()
    page.get_by_role("button", name="It is no emergency: go on").click()
    page.get_by_role("button", name="Show the whole form").click()
    expect(page.get_by_text("Since when?")).to_be_visible()
    page.get_by_label("A private drive").check()
    page.get_by_role("button", name="Leave the rest open").click()
    page.get_by_role("button", name="I told them: that settles it").click()
    expect(page.get_by_text("is answered. Is there anything else?")).to_be_visible()
    one = Enquiry.objects.get()
    assert (one.outcome, one.public_words) == ("signposted", "A private drive is its owner's.")
