"""The kiosk’s rarer screens in Chromium with axe; a visit by keys alone, one without scripts."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import Browser, Page, expect

import accounts.actions
import accounts.queries
import kiosks.actions
from core.audit import SYSTEM
from enquiries.models import Enquiry
from kiosks.models import Kiosk
from tests import browsing, forms_of, kiosk_device
from tests.accessibility import axe
from tests.accessibility.keyboard import Keys
from tests.kiosk.conftest import code_for
from tests.kiosk.test_every_kind import QUESTIONS
from tests.kiosk.test_in_chromium import SCREENS, kiosk, look
from tests.nearby.test_browser import reported
from tests.partnership import load_partnership

__all__ = ["kiosk"]
pytestmark = pytest.mark.django_db(transaction=True)
END = {
    "key": "skip",
    "kind": "not_eligible",
    "when": {"question": "which", "is": "thing-1"},
    "title": "We do not collect this",
    "words": "It is too large.",
    "next_step": "Ask a skip company.",
}


def ask(page: Page) -> str:
    """A visit that begins with a search; where the kiosk is."""
    site = page.url.split("/kiosk/")[0]
    page.goto(f"{site}/kiosk/start/")
    page.get_by_role("link", name="Report or ask").click()
    page.get_by_role("link", name="Search").click()
    page.get_by_role("searchbox").fill("fly tipping")
    browsing.press(page, "Search")
    browsing.follow(page.get_by_role("button", name=re.compile("fly-tipping")).first)
    return site


def heading(page: Page, words: str) -> None:
    expect(page.get_by_role("heading", level=1)).to_contain_text(words)


def go_on(page: Page) -> None:
    page.get_by_role("button", name="Continue").click()


def test_every_kind_of_question_an_end_and_a_code_on_both_screens(kiosk: Page) -> None:
    forms_of.publish("fly-tipping", *QUESTIONS, ends=[END])
    page = kiosk
    site = ask(page)
    heading(page, "Which one?")
    wrong = look(page, "own-many")
    page.get_by_role("link", name="More").click()
    wrong += look(page, "own-last")
    page.get_by_role("link", name="Before").click()
    page.get_by_role("button", name="Thing 1").click()
    heading(page, "We do not collect this")
    wrong += look(page, "end")
    page.get_by_role("button", name="Partly").click()
    expect(page.get_by_role("heading", name="Thank you for telling us")).to_be_focused()
    wrong += look(page, "end-said", again=True)
    page.get_by_role("button", name="Ask a person all the same").click()
    wrong += questions_of_many_kinds(page)
    wrong += code_and_back(page, site)
    assert not wrong, "\n".join(wrong)


def questions_of_many_kinds(page: Page) -> list[str]:
    heading(page, "What is among it?")
    wrong = look(page, "several")
    go_on(page)
    expect(page.get_by_role("alert")).to_contain_text("Choose one or more")
    wrong += look(page, "several-error")
    page.get_by_label("Thing 3").check()
    page.get_by_role("button", name="More choices").click()
    page.get_by_label("Thing 7").check()
    wrong += look(page, "several-last")
    go_on(page)
    heading(page, "When did you see it?")
    wrong += look(page, "date")
    go_on(page)
    expect(page.get_by_role("alert")).to_contain_text("Enter a date")
    wrong += look(page, "date-error")
    for name, value in (("Day", "3"), ("Month", "2"), ("Year", "2025")):
        page.get_by_label(name, exact=True).fill(value)
    go_on(page)
    heading(page, "How many bags?")
    page.get_by_label("How many bags?").fill("many")
    go_on(page)
    expect(page.get_by_role("alert")).to_contain_text("Enter a number")
    return wrong + look(page, "number-error")


def code_and_back(page: Page, site: str) -> list[str]:
    page.get_by_role("link", name="Save for later").click()
    heading(page, "Save for later")
    wrong = look(page, "save")
    page.get_by_role("button", name="Save and show my code").click()
    heading(page, "Your form is saved")
    wrong += look(page, "saved")
    code = page.locator(".hub-kiosk-reference").inner_text()
    page.get_by_role("link", name="Finish").click()
    page.get_by_role("link", name="Touch to begin").click()
    page.get_by_role("link", name="I have a code").click()
    wrong += look(page, "return")
    for typed, words in (("", "Enter your code"), ("K3MPX-7WD4R", "That code opens no form")):
        page.get_by_label("Your code").fill(typed)
        page.get_by_role("button", name="Open the form").click()
        expect(page.get_by_role("alert")).to_contain_text(words)
        wrong += look(page, "return-error")
    page.get_by_label("Your code").fill(code)
    page.get_by_role("button", name="Open the form").click()
    heading(page, "How many bags?")
    page.goto(f"{site}/kiosk/search/?q=smell+gas")
    expect(page.get_by_text("go outside and ring 0800 111 999")).to_be_visible()
    wrong += look(page, "search-danger")
    page.goto(f"{site}/kiosk/search/?q=qqqqzzzz")
    wrong += look(page, "search-nothing")
    page.goto(f"{site}/kiosk/track/")
    page.get_by_role("button", name="Show it").click()
    expect(page.get_by_role("alert")).to_be_visible()
    return wrong + look(page, "track-error")


def test_a_device_that_is_set_up_wrongly_or_switched_off(
    transactional_db: None, live_server: Any, page: Page
) -> None:
    load_partnership()
    page.goto(f"{live_server.url}/kiosk/nothing/")
    heading(page, "Page not found")
    wrong = look(page, "error")
    page.goto(f"{live_server.url}/kiosk/")
    wrong += axe.walk(page, SCREENS, again=True)
    page.get_by_role("button", name="Set it up").click()
    expect(page.get_by_role("alert")).to_contain_text("Enter the code")
    expect(page.locator(".govuk-error-summary")).to_be_focused()
    expect(page).to_have_title(re.compile("^Error: "))
    wrong += axe.walk(page, SCREENS, again=True)
    page.get_by_role("link", name="Enter the code").click()
    expect(page.get_by_label("Code")).to_be_focused()
    page.get_by_label("Code").fill(code_for(accounts.queries.sites("kiosk")[0].slug))
    page.get_by_role("button", name="Set it up").click()
    expect(page.get_by_role("link", name="Touch to begin")).to_be_visible()
    device = str(Kiosk.objects.get().public_id)
    kiosks.actions.revoke(public_id=device, actor=SYSTEM, now=timezone.now())
    # The page that is shut makes the device ask why, if it has not asked already; it leaves by
    # itself for the first screen.
    page.evaluate("() => { location.href = '/kiosk/menu/'; }")
    heading(page, "This kiosk is switched off")
    page.wait_for_url("**/kiosk/")
    # So it does where the device has heard already that it is switched off.
    page.evaluate("() => { location.href = '/kiosk/menu/'; }")
    page.wait_for_url("**/kiosk/menu/")
    page.wait_for_url("**/kiosk/")
    wrong += axe.walk(page, SCREENS)
    assert not wrong, "\n".join(wrong)


def test_a_visit_with_the_keyboard_alone(kiosk: Page) -> None:
    forms_of.publish("fly-tipping", *QUESTIONS[1:])
    target, page, keys = reported(), kiosk, Keys(kiosk)
    page.set_viewport_size({"width": 1024, "height": 768})
    keys.arrive()
    keys.follow(page.get_by_role("link", name="Touch to begin"))
    keys.follow(page.get_by_role("link", name="Report or ask"))
    keys.follow(page.get_by_role("link", name="Search"))
    keys.write(page.get_by_role("searchbox"), "fly tipping")
    keys.follow(page.get_by_role("button", name="Search"))
    keys.follow(page.get_by_role("button", name=re.compile("fly-tipping")).first)
    touch(keys, "Continue")
    keys.to_the_field()
    keys.press("Space")
    touch(keys, "More choices")
    keys.tab_to(page.get_by_label("Thing 7"))
    keys.press("Space")
    touch(keys, "Continue")
    for value in ("3", "2", "2025"):
        keys.press("Tab")
        keys.type(value)
    touch(keys, "Continue")
    keys.write(page.get_by_label("How many bags?"), "2")
    touch(keys, "Continue")
    keys.write(page.get_by_label("Postcode"), "WR11 4AA")
    touch(keys, "Continue")
    touch(keys, "Continue")
    keys.to_the_field()
    keys.type("Mattresses by the bridge")
    touch(keys, "Continue")
    touch(keys, "It is this one")
    touch(keys, "Text message")
    keys.write(page.get_by_label("Mobile number"), "07700 900123")
    keys.write(page.get_by_label("Full name"), "Sam Stone")
    touch(keys, "Continue")
    touch(keys, "Send it")
    heading(page, "We have it")
    keys.follow(page.get_by_role("link", name="Finish"))
    assert Enquiry.objects.exclude(pk=target.pk).get().answers["items"] == ["thing-1", "thing-7"]
    assert not keys.wrong, "\n".join(keys.wrong)


def touch(keys: Keys, words: str) -> None:
    keys.follow(keys.page.get_by_role("button", name=words).first)


def test_a_visit_without_any_script_to_the_end_and_cleared_by_itself(
    transactional_db: None, live_server: Any, browser: Browser
) -> None:
    load_partnership()
    forms_of.publish("fly-tipping", *QUESTIONS, ends=[END])
    device = kiosk_device.enrolled(accounts.queries.sites("kiosk")[0].slug)
    token = device.client.cookies["kiosk"].value
    with browser.new_context(java_script_enabled=False) as context:
        context.add_cookies([{"name": "kiosk", "value": token, "url": live_server.url}])
        page = context.new_page()
        page.goto(f"{live_server.url}/kiosk/")
        ask(page)
        heading(page, "Which one?")
        # Who types has four minutes, for no script sees them type.
        assert 'content="240;url=/kiosk/again/?why=idle">' in page.content()
        page.get_by_role("button", name="Thing 1").click()
        heading(page, "We do not collect this")
        page.get_by_role("button", name="Partly").click()
        heading(page, "Thank you")
        page.go_back()
        page.get_by_role("button", name="Ask a person all the same").click()
        page.get_by_label("Thing 3").check()
        page.get_by_role("button", name="More choices").click()
        page.get_by_label("Thing 7").check()
        go_on(page)
        for name, value in (("Day", "3"), ("Month", "2"), ("Year", "2025")):
            page.get_by_label(name, exact=True).fill(value)
        go_on(page)
        page.get_by_label("How many bags?").fill("2")
        go_on(page)
        page.get_by_label("Postcode").fill("WR11 4AA")
        go_on(page)
        page.get_by_label("What happened?").fill("Mattresses")
        go_on(page)
        page.get_by_role("button", name="Do not tell me").click()
        page.get_by_role("button", name="Send it").click()
        heading(page, "We have it")
        assert Enquiry.objects.get().answers["items"] == ["thing-3", "thing-7"]
        page.get_by_role("link", name="Finish").click()
        expect(page.get_by_role("link", name="Touch to begin")).to_be_visible()
