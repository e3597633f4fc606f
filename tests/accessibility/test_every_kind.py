"""Every kind of question, its errors, ends, saving: with axe, by keys alone, without scripts."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import Browser, Page, expect

from accounts.actions_reference import save_addresses
from accounts.reference import AddressRow
from core.audit import SYSTEM
from enquiries.models import Enquiry, SurveyAnswer
from kb.models import Service
from tests import browsing, forms_of
from tests.accessibility import axe
from tests.accessibility.keyboard import Keys
from tests.nearby.test_browser import reported
from tests.partnership import load_partnership
from tests.web.test_every_kind import QUESTIONS

pytestmark = pytest.mark.django_db(transaction=True)
ENDS: list[dict[str, Any]] = [
    {
        "key": "danger",
        "kind": "emergency",
        "when": {"question": "colour", "is": "black"},
        "title": "Ring now",
        "words": "Do not go near it.",
        "phone": "01632 960000",
    },
    {
        "key": "too-large",
        "kind": "not_eligible",
        "when": {"question": "blocks", "is": "yes"},
        "title": "We cannot take this",
        "words": "What blocks a road needs a crane.",
        "next_step": "Ask a skip company.",
    },
]
FIELDS = {"Day": "3", "Month": "2", "Year": "2025"}


@pytest.fixture
def site(transactional_db: None, live_server: Any) -> str:
    load_partnership()
    forms_of.publish("fly-tipping", *QUESTIONS, ends=ENDS)
    return str(live_server.url)


@pytest.fixture
def watched(page: Page) -> Iterator[Page]:
    """A page on which nothing may be refused by the policy or break in a script."""
    said: list[str] = []
    page.on("console", lambda line: said.append(line.text) if line.type == "error" else None)
    page.on("pageerror", lambda error: said.append(str(error)))
    yield page
    assert [line for line in said if "status of 4" not in line] == []


def go_on(page: Page) -> None:
    browsing.follow(page.get_by_role("button", name="Continue").last)


def heading(page: Page, words: str) -> None:
    expect(page.get_by_role("heading", level=1)).to_contain_text(words)


def fill_date(page: Page) -> None:
    for name, value in FIELDS.items():
        page.get_by_label(name, exact=True).fill(value)


def answer_all(page: Page, look: Callable[[], None]) -> None:
    """Every question: first left empty, then answered; the ends between; `look` at each state."""
    steps: list[tuple[str, Any]] = [
        ("What is it called?", lambda: page.get_by_label("What is it called?").fill("A heap")),
        ("What does it look", lambda: page.get_by_label("What does it look like?").fill("Big")),
        ("Which colour?", lambda: page.get_by_label("Black").check()),
        ("What is among it?", lambda: page.get_by_label("Tyres").check()),
        ("Does it block", lambda: page.get_by_label("Yes", exact=True).check()),
        ("When did you see", lambda: fill_date(page)),
        ("How many bags?", lambda: page.get_by_label("How many bags?").fill("3")),
    ]
    for words, answer in steps:
        heading(page, words)
        look()
        go_on(page)
        expect(page.get_by_role("alert")).to_be_visible()
        look()
        answer()
        go_on(page)
        if words == "Which colour?":
            expect(page.get_by_role("link", name="Ring 01632 960000")).to_be_visible()
            look()
            page.get_by_role("button", name="Go on and tell us here too").click()
        if words == "Does it block":
            heading(page, "We cannot take this")
            look()
            page.get_by_role("button", name="Ask a person all the same").click()
            page.get_by_label("Left").check()
            go_on(page)
    heading(page, "Anything else? (optional)")
    look()
    go_on(page)


def addresses() -> None:
    """A list of two at the postcode, for who says where they live."""
    Service.objects.filter(slug="fly-tipping").update(location="address")
    forms_of.publish("fly-tipping", *QUESTIONS, ends=ENDS)
    rows = [
        AddressRow(str(100 + at), "WR114AA", f"{at} Bridge Street", 52.0921, -1.9469)
        for at in (1, 2)
    ]
    save_addresses(rows, actor=SYSTEM, now=timezone.now())


def test_every_kind_its_errors_and_ends_saving_and_return_in_three_sizes(
    site: str, watched: Page, browser: Browser
) -> None:
    addresses()
    page, wrong = watched, list[str]()

    def look() -> None:
        wrong.extend(axe.walk(page))

    page.goto(f"{site}/ask/?service=fly-tipping")
    go_on(page)
    answer_all(page, look)
    left = page.url
    page.get_by_role("link", name="Save and come back later").click()
    heading(page, "Save and come back later")
    look()
    page.get_by_role("button", name="Save and show my code").click()
    expect(page.get_by_text("Your form is saved")).to_be_visible()
    look()
    code = page.locator(".govuk-panel strong").inner_text()
    page.goto(left)
    answered_elsewhere(browser, site, code)
    page.get_by_label("Postcode").first.fill("WR11 4AA")
    go_on(page)
    expect(page.get_by_role("group", name="Which address at WR11 4AA?")).to_be_visible()
    expect(page.get_by_text("Someone has answered this at another place")).to_be_visible()
    look()
    go_on(page)
    expect(page.get_by_text("Choose an address, or say").first).to_be_visible()
    look()
    codes_that_open_nothing(page, site, look)
    page.context.clear_cookies()
    page.goto(left)
    heading(page, "These answers are no longer here")
    look()
    assert not wrong, "\n".join(wrong)


def codes_that_open_nothing(page: Page, site: str, look: Callable[[], None]) -> None:
    """None, a wrong one, and too many."""
    page.goto(f"{site}/ask/return/")
    page.get_by_role("button", name="Open the form").click()
    expect(page.get_by_text("Enter your code").first).to_be_visible()
    look()
    page.get_by_label("Your code").fill("K3MPX-7WD4R")
    page.get_by_role("button", name="Open the form").click()
    expect(page.get_by_text("That code opens no form").first).to_be_visible()
    look()
    for _ in range(30):
        if page.get_by_role("heading", name="Too many tries").count():
            break
        page.get_by_label("Your code").fill("K3MPX-7WD4R")
        browsing.press(page, "Open the form")
    heading(page, "Too many tries")
    look()


def answered_elsewhere(browser: Browser, site: str, code: str) -> None:
    """On another device, in the meantime; without scripts, too."""
    with browser.new_context(java_script_enabled=False) as context:
        page = context.new_page()
        page.goto(f"{site}/ask/return/")
        page.get_by_label("Your code").fill(code)
        page.get_by_role("button", name="Open the form").click()
        page.get_by_label("Postcode").first.fill("WR11 4AA")
        go_on(page)
        page.get_by_label("1 Bridge Street").check()
        go_on(page)
        expect(page.get_by_label("What happened?")).to_be_visible()


def test_with_the_keyboard_alone_from_the_first_page_to_it_is_this_one(
    site: str, watched: Page
) -> None:
    target, page, keys = reported(), watched, Keys(watched)
    keys.open(f"{site}/")
    keys.write(page.get_by_label("What do you need?"), "fly-tipping")
    page.keyboard.press("Enter")
    page.wait_for_url("**/search/?*")
    keys.arrive()
    keys.follow(page.locator(".hub-found a", has_text="fly-tipping").first)
    keys.follow(page.get_by_role("button", name="Tell us or ask us"))
    by_keys_to_the_date(keys)
    save_and_return(keys, site)
    heading(page, "When did you see it?")
    refused(keys)
    for name, value in FIELDS.items():
        if name != "Day":
            keys.press("Tab")
        keys.type(value)
    go(keys, "Continue")
    refused(keys)
    keys.type("3")
    go(keys, "Continue")
    go(keys, "Continue")
    heading(page, "Where is it?")
    refused(keys)
    keys.type("WR11 4AA")
    go(keys, "Continue")
    heading(page, "Is it one of these?")
    go(keys, "It is this one")
    keys.choose(page.get_by_label("Email", exact=True))
    keys.write(page.get_by_label("Email address"), "sam@example.com")
    go(keys, "Send it")
    heading(page, "We have it")
    keys.follow(page.get_by_role("link", name="see how it is going"))
    assert Enquiry.objects.exclude(pk=target.pk).get().answers["items"] == ["bed", "tyre"]
    assert not keys.wrong, "\n".join(keys.wrong)


def go(keys: Keys, words: str) -> None:
    keys.follow(keys.page.get_by_role("button", name=words).last)


def refused(keys: Keys) -> None:
    """An empty answer is refused; the link of the error leads to the field."""
    go(keys, "Continue")
    keys.to_the_field()


def by_keys_to_the_date(keys: Keys) -> None:
    page = keys.page
    refused(keys)
    keys.type("A heap")
    go(keys, "Continue")
    refused(keys)
    keys.type("Big")
    go(keys, "Continue")
    refused(keys)
    keys.press("Space")
    expect(page.get_by_label("Black")).to_be_checked()
    go(keys, "Continue")
    heading(page, "Ring now")
    go(keys, "Go on and tell us here too")
    refused(keys)
    keys.press("Space", "Tab", "Space")
    go(keys, "Continue")
    refused(keys)
    keys.press("Space")
    go(keys, "Continue")
    heading(page, "We cannot take this")
    keys.tab_to(page.get_by_role("button", name="Partly"))
    keys.press("Enter")
    expect(page.get_by_role("heading", name="Thank you for telling us")).to_be_focused()
    keys.open(page.url)
    # No after all: back to the question, and another answer.
    keys.page.keyboard.press("Shift+Tab")
    expect(page.get_by_role("link", name="Back", exact=True)).to_be_focused()
    keys.press("Enter")
    keys.arrive()
    heading(page, "Does it block the road?")
    keys.choose(page.get_by_label("No", exact=True))
    go(keys, "Continue")


def save_and_return(keys: Keys, site: str) -> None:
    page = keys.page
    keys.follow(page.get_by_role("link", name="Save and come back later"))
    go(keys, "Save and show my code")
    code = page.locator(".govuk-panel strong").inner_text()
    keys.follow(page.get_by_role("main").get_by_role("link", name="open a saved form"))
    go(keys, "Open the form")
    keys.to_the_field()
    keys.type(code)
    keys.press("Enter")
    page.wait_for_url("**/q/seen/")
    keys.arrive()


def test_without_any_script_from_a_language_to_tracking_it(site: str, browser: Browser) -> None:
    target = reported()
    with browser.new_context(java_script_enabled=False) as context:
        page = context.new_page()
        page.goto(f"{site}/")
        page.get_by_role("link", name="Polski").click()
        expect(page.locator("html")).to_have_attribute("lang", "pl")
        page.get_by_role("link", name="English").click()
        page.get_by_label("What do you need?").fill("fly-tipping")
        page.get_by_role("button", name="Search").click()
        page.locator(".hub-found a", has_text="fly-tipping").first.click()
        page.get_by_role("button", name="Tell us or ask us").click()
        answer_all(page, lambda: None)
        page.get_by_role("link", name="Save and come back later").click()
        page.get_by_role("button", name="Save and show my code").click()
        code = page.locator(".govuk-panel strong").inner_text()
    # Another day, on another device.
    with browser.new_context(java_script_enabled=False) as context:
        page = context.new_page()
        page.goto(f"{site}/ask/return/")
        page.get_by_label("Your code").fill(code)
        page.get_by_role("button", name="Open the form").click()
        to_it_is_this_one(page)
        mine = Enquiry.objects.exclude(pk=target.pk).get()
        assert mine.answers["seen"] == "2025-02-03"
        and_after(page, mine)


def to_it_is_this_one(page: Page) -> None:
    heading(page, "Where is it?")
    page.get_by_label("Postcode").first.fill("WR11 4AA")
    go_on(page)
    heading(page, "Is it one of these?")
    expect(page.get_by_role("button", name="Show them on a map")).to_be_hidden()
    page.get_by_role("button", name="It is this one").click()
    page.get_by_role("button", name="Send it").click()
    expect(page.get_by_role("alert")).to_be_visible()
    page.get_by_label("Email", exact=True).check()
    page.get_by_label("Email address").fill("jo@example.com")
    page.get_by_role("button", name="Send it").click()
    expect(page.get_by_text("We have it")).to_be_visible()


def and_after(page: Page, mine: Enquiry) -> None:
    """How it went, and how it stands: by what one has written down."""
    page.get_by_role("button", name="Partly").click()
    heading(page, "Tell us how it went")
    page.get_by_label("What could we do better?").fill("Fewer questions")
    page.get_by_role("button", name="Send these words").click()
    expect(page.get_by_text("We have your words")).to_be_visible()
    assert SurveyAnswer.objects.get().answer == "partly"
    page.get_by_role("link", name="Check progress").last.click()
    page.get_by_label("Reference").fill(mine.reference)
    page.get_by_label(re.compile("^Postcode")).fill("WR11 4AA")
    page.get_by_role("button", name="Show progress").click()
    page.get_by_role("button", name="Send me the link").click()
    heading(page, "Look at your messages")
