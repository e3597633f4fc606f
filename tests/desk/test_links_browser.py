"""Chromium at the case page: suggestions, links and their undoing, with axe and without scripts."""

from __future__ import annotations

import os
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import Browser, Page, expect

from enquiries.inbound import Sender
from enquiries.models import Enquiry
from tests import browsing
from tests.accessibility import axe
from tests.desk.test_browser import sign_in
from tests.world import ask, build, enquiry_of

pytestmark = pytest.mark.django_db(transaction=True)
LONG = "Donaudampfschifffahrtsgesellschaftskapitän" * 6
LETTERS = "مرحبا، لم يتم إفراغ الحاوية 🗑️ <b>שלום</b>"
SAM = Sender(name="Sam Stone", email="sam@example.com")


@pytest.fixture
def watched(page: Page) -> Iterator[Page]:
    """A page on which nothing may be refused by the policy or break in a script."""
    said: list[str] = []
    page.on("console", lambda line: said.append(line.text) if line.type == "error" else None)
    page.on("pageerror", lambda error: said.append(str(error)))
    yield page
    assert [line for line in said if "status of 4" not in line] == []


@pytest.fixture
def reports(transactional_db: None) -> list[Enquiry]:
    """Four reports of one bin: one person's two, somebody else's, and nobody's."""
    build()
    told = [
        (None, "My bin was not emptied on Monday"),
        (None, f"{LETTERS} {LONG}"),
        (SAM, "The green bin at the corner is full"),
        (Sender(), "Rubbish everywhere"),
    ]
    now = timezone.now() - timedelta(hours=2)
    return [
        enquiry_of(ask(sender=sender, words=words, at=now + timedelta(minutes=20 * n)))
        for n, (sender, words) in enumerate(told)
    ]


def keep(page: Page, name: str) -> None:
    """A picture for who wants to look: HUB_SHOTS names the folder."""
    folder = os.environ.get("HUB_SHOTS")
    for size, width in (("desk", 1280), ("phone", 390)) if folder else ():
        page.set_viewport_size({"width": width, "height": 900})
        page.screenshot(path=Path(folder or "") / f"{name}-{size}.png", full_page=True)


def test_the_case_page_with_what_belongs_together_in_three_sizes(
    reports: list[Enquiry], live_server: Any, watched: Page
) -> None:
    page, site, wrong = watched, str(live_server.url), []
    first = reports[0]

    def look(name: str, path: str = "", again: bool = False) -> None:
        if path:
            page.goto(site + path)
        wrong.extend(axe.walk(page, again=again))
        keep(page, name)

    sign_in(page, site, "agent@hub.demo")
    look("suggested", f"/desk/cases/{first.reference}/?view=all")
    browsing.follow(page.get_by_role("button", name="Same person’s: merge").first)
    browsing.press(page, f"Somebody else’s: link ({reports[2].reference})")
    expect(page.get_by_text("hears what you tell the citizen")).to_be_visible()
    page.locator("#act-split").click()
    page.get_by_label("What is the second thing?").fill("And a pothole")
    page.locator("#split_service").select_option("pothole")
    page.get_by_role("button", name="Make the second one").click()
    expect(page.get_by_text("Split. The second thing is")).to_be_visible()
    look("tied", again=True)
    page.locator("#act-join").click()
    page.get_by_role("button", name="Join the two").click()
    expect(page.get_by_role("alert")).to_be_visible()
    look("refused", again=True)
    look("ended", f"/desk/cases/{reports[1].reference}/?view=all")
    look("their-page", f"/track/{reports[2].reference}/{reports[2].secret}/")
    assert wrong == []


def test_joined_and_parted_without_scripts(
    reports: list[Enquiry], live_server: Any, browser: Browser
) -> None:
    first, second = reports[:2]
    context = browser.new_context(java_script_enabled=False)
    page, site = context.new_page(), str(live_server.url)
    sign_in(page, site, "agent@hub.demo")
    page.goto(f"{site}/desk/cases/{second.reference}/?view=all")
    page.locator("#act-join").click()
    page.get_by_label("Reference of the other enquiry").fill(first.reference.lower())
    page.get_by_label("The same person, twice").check()
    page.get_by_role("button", name="Join the two").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text(first.reference)
    expect(page.get_by_text("Both reports go on here")).to_be_visible()
    page.get_by_role("button", name="Undo the merge").click()
    expect(page.get_by_text("Offered to Wychavon District Council again").first).to_be_visible()
    second.refresh_from_db()
    assert second.status == "referred"
    context.close()
