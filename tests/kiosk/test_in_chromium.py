"""The kiosk in a real browser: both ways a screen can stand, by touch, with axe and the clock."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

import accounts.queries
from enquiries.models import Enquiry
from tests import browsing
from tests.accessibility import axe
from tests.kiosk.conftest import code_for
from tests.partnership import load_partnership

pytestmark = pytest.mark.django_db(transaction=True)
SCREENS = {"standing": (1080, 1920), "lying": (1024, 768)}
# 15 mm at the 96 pixels an inch that browsers reckon with.
A_FINGER = 57
BODY = 28
TARGETS = """
() => [...document.querySelectorAll("main a, main button, main input, .hub-kiosk-bar a")]
  .filter((one) => one.offsetParent !== null && one.type !== "hidden")
  .map((one) => [one.textContent.trim().slice(0, 40) || one.name,
                 one.getBoundingClientRect().height, one.getBoundingClientRect().width])
"""
SMALL = """
(least) => [...document.querySelectorAll("main *, .hub-kiosk-bar *")]
  .filter((one) => one.offsetParent !== null && !one.closest(".govuk-visually-hidden")
    && [...one.childNodes].some((node) => node.nodeType === 3 && node.textContent.trim()))
  .filter((one) => parseFloat(getComputedStyle(one).fontSize) < least)
  .map((one) => one.className + ": " + one.textContent.trim().slice(0, 40))
"""


def is_wrong(line: Any) -> bool:
    """Whether what a browser says is an error; that a heartbeat is to be signed anew is none.

    Nor is it that a page whose size is changed before its sheets are there asks for GOV.UK's
    typeface: that nothing is set in it is looked at where pages are walked (axe.typefaces).
    """
    is_anew = "401" in line.text and line.location["url"].endswith("/kiosk/pulse/")
    is_face = "404" in line.text and "/assets/fonts/" in line.location["url"]
    return line.type == "error" and not is_anew and not is_face


@pytest.fixture
def kiosk(transactional_db: None, live_server: Any, page: Page) -> Iterator[Page]:
    """A device at a library, enrolled as staff do it."""
    load_partnership()
    said: list[str] = []
    page.on("console", lambda line: said.append(line.text) if is_wrong(line) else None)
    page.on("pageerror", lambda error: said.append(str(error)))
    page.set_viewport_size({"width": 1080, "height": 1920})
    page.goto(f"{live_server.url}/kiosk/")
    page.get_by_label("Code").fill(code_for(accounts.queries.sites("kiosk")[0].slug))
    page.get_by_role("button", name="Set it up").click()
    expect(page.get_by_role("link", name="Touch to begin")).to_be_visible()
    yield page
    assert said == []


def look(page: Page, name: str, *, again: bool = False) -> list[str]:
    """What is wrong with the page that is open, on both screens; `again` as `axe.walk` has it."""
    wrong = axe.walk(page, SCREENS, again=again)
    for screen, (width, height) in SCREENS.items():
        page.set_viewport_size({"width": width, "height": height})
        for words, tall, wide in page.evaluate(TARGETS):
            if tall < A_FINGER or wide < A_FINGER:
                wrong.append(f"{name}, {screen}: “{words}” is {wide:.0f} × {tall:.0f}")
        wrong += [f"{name}, {screen}: small: {words}" for words in page.evaluate(SMALL, BODY - 0.5)]
        if pictures := os.environ.get("HUB_PICTURES"):
            page.screenshot(path=Path(pictures) / f"{name}-{screen}.png")
    page.set_viewport_size({"width": 1080, "height": 1920})
    return wrong


def test_a_person_walks_through_on_both_screens(kiosk: Page) -> None:
    page, wrong = kiosk, look(kiosk, "01-home")
    page.get_by_role("link", name="Touch to begin").click()
    wrong += look(page, "02-menu")
    page.get_by_role("link", name="Report or ask").click()
    wrong += look(page, "03-about")
    page.get_by_role("link", name="Bins, litter and streets").click()
    wrong += look(page, "04-subject")
    page.get_by_role("link", name="Streets and litter").click()
    wrong += look(page, "05-group")
    page.get_by_role("link", name="More").click()
    page.get_by_role("link", name="Search").click()
    page.get_by_role("searchbox").fill("rubbish in the lane")
    browsing.press(page, "Search")
    wrong += look(page, "06-search")
    page.get_by_role("button", name="fly-tipping").click()
    wrong += look(page, "07-where")
    page.get_by_role("button", name="Continue").click()
    wrong += look(page, "08-where-error")
    page.get_by_label("Postcode").fill("WR11 4AA")
    page.get_by_role("button", name="Continue").click()
    page.get_by_label("What happened?").fill("A mattress and two tyres by the bridge")
    wrong += look(page, "09-what")
    page.get_by_role("button", name="Continue").click()
    wrong += look(page, "10-tell")
    page.get_by_role("button", name="Text message").click()
    page.get_by_label("Mobile number").fill("07700 900123")
    page.get_by_label("Full name").fill("Jo Example")
    wrong += look(page, "11-you")
    page.get_by_role("button", name="Continue").click()
    wrong += look(page, "12-check")
    page.get_by_role("button", name="Send it").click()
    expect(page.get_by_role("link", name="Something else")).to_be_visible()
    reference = Enquiry.objects.get().reference
    expect(page.get_by_text(reference).first).to_be_visible()
    wrong += look(page, "13-sent")
    browsing.follow(page.get_by_role("link", name="Something else"))
    browsing.follow(page.get_by_role("link", name="See how something is going"))
    wrong += look(page, "14-track")
    page.get_by_label("Reference").fill(reference)
    page.get_by_label("Postcode").fill("WR11 4AA")
    page.get_by_role("button", name="Show it").click()
    wrong += look(page, "15-tracked")
    page.get_by_role("button", name="Call somebody").click()
    wrong += look(page, "15-help")
    page.get_by_role("link", name="Other ways").click()
    wrong += look(page, "16-people")
    page.get_by_role("link", name="Start again").click()
    expect(page.get_by_role("link", name="Touch to begin")).to_be_visible()
    assert wrong == [], "\n".join(wrong)


def test_where_somebody_may_be_in_danger_the_warning_comes_first(kiosk: Page) -> None:
    kiosk.goto(kiosk.url + "start/")
    kiosk.goto(kiosk.url.replace("menu/", "about/people/adult-social-care/"))
    harm = kiosk.get_by_role("button", name="harm").or_(kiosk.get_by_role("button", name="abuse"))
    browsing.follow(harm)
    assert look(kiosk, "17-urgent") == []
    expect(kiosk.get_by_text("call 999").first).to_be_in_viewport()


def test_silence_is_asked_about_then_clears_the_screen(kiosk: Page) -> None:
    page = kiosk
    browsing.still(page)
    page.goto(page.url + "start/")
    page.goto(page.url.replace("menu/", "people/"))
    page.clock.run_for(39_000)
    expect(page.get_by_role("dialog")).not_to_be_visible()
    page.clock.run_for(3_000)
    expect(page.get_by_role("dialog", name="Are you still there?")).to_be_visible()
    assert axe.walk(page, SCREENS, still=True) == []
    page.get_by_role("button", name="Yes, I need more time").click()
    expect(page.get_by_role("dialog")).not_to_be_visible()
    page.clock.run_for(39_000)
    expect(page.get_by_role("dialog")).not_to_be_visible()
    page.clock.run_for(22_000)
    expect(page.get_by_role("link", name="Touch to begin")).to_be_visible()


def test_the_pages_before_do_not_come_back_for_the_next_person(kiosk: Page) -> None:
    page = kiosk
    home = page.url
    page.goto(home + "start/")
    page.goto(home + "search/")
    page.get_by_role("searchbox").fill("rubbish")
    page.get_by_role("searchbox").press("Enter")
    page.get_by_role("button", name="fly-tipping").wait_for()
    # The browser remembers addresses for whoever comes to it later: what was typed is in none.
    assert page.url == home + "search/"
    page.get_by_role("button", name="fly-tipping").click()
    page.get_by_label("Postcode").fill("WR11 4AA")
    page.get_by_role("button", name="Continue").click()
    page.get_by_label("What happened?").fill("Only for the council")
    page.get_by_role("button", name="Continue").click()
    page.get_by_role("link", name="Start again").click()
    page.go_back()
    page.wait_for_load_state()
    expect(page.get_by_text("Only for the council")).not_to_be_visible()
    page.goto(home + "what/")
    expect(page.get_by_role("link", name="Touch to begin")).to_be_visible()
