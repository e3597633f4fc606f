"""Chromium walks every public page and state in three sizes, with axe."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Literal

import pytest
from playwright.sync_api import Page, expect

from enquiries.models import Enquiry
from tests.accessibility import axe
from tests.partnership import load_partnership

pytestmark = pytest.mark.django_db(transaction=True)
LONG = "Donaudampfschifffahrtsgesellschaftskapitän" * 8


@pytest.fixture
def site(transactional_db: None, live_server: Any) -> str:
    """The website with the whole partnership, where Chromium reaches it."""
    load_partnership()
    return str(live_server.url)


@pytest.fixture
def watched(page: Page) -> Iterator[Page]:
    """A page on which nothing may be refused by the policy or break in a script."""
    said: list[str] = []
    page.on("console", lambda line: said.append(line.text) if line.type == "error" else None)
    page.on("pageerror", lambda error: said.append(str(error)))
    yield page
    # A refused form and a missing page are states that we visit on purpose.
    assert [line for line in said if "status of 40" not in line] == []


def answer(page: Page, **fields: str) -> None:
    for label, value in fields.items():
        page.get_by_label(label.replace("_", " "), exact=False).first.fill(value)
    page.get_by_role("button", name="Continue").click()


PAGES = (
    "/",
    "/services/",
    "/services/pothole/",
    "/answers/bin-not-emptied/",
    "/accessibility/",
    "/privacy/",
    "/attribution/",
    "/track/",
    "/ask/",
    "/no/such/page/",
    "/ask/never-was/what/",
)


def test_every_public_page_and_state_in_three_sizes(site: str, watched: Page) -> None:
    page, wrong = watched, []

    def look(path: str = "", again: bool = False) -> None:
        if path:
            page.goto(site + path)
        wrong.extend(axe.walk(page, again=again))

    for path in PAGES:
        look(path)
    page.goto(site + "/ask/?q=mattress dumped")
    look()
    page.get_by_label("Rubbish dumped on land").check()
    page.get_by_role("button", name="Continue").click()
    look()
    answer(page, Postcode="SW1A 1AA")
    expect(page.locator("#id_postcode_error")).to_be_visible()
    look()
    answer(page, Postcode="WR11 4AA", Street=LONG[:290])
    look()
    answer(page, What_happened="")
    look()
    answer(page, What_happened=LONG + "\n" + "شكرا 😀")
    look()
    page.get_by_label("Text message").check()
    page.get_by_role("button", name="Continue").click()
    look()
    answer(page, Mobile_number="07700 900123", Full_name="Jo " + LONG[:150])
    look()
    page.get_by_role("button", name="Send it").click()
    expect(page.get_by_role("heading", name="We have it")).to_be_visible()
    look()
    look(page.url.replace(site, "") + "?again=1")
    page.get_by_role("link", name="see how it is going").click()
    look()
    page.goto(site + "/track/")
    page.get_by_label("Reference").fill("WH7-K3MP-4X")
    page.get_by_role("textbox", name="Postcode").fill("WR11 4AA")
    page.get_by_role("button", name="Show progress").click()
    look()
    assert not wrong, "\n".join(wrong)


def test_two_quick_clicks_and_the_back_button_make_one_enquiry(site: str, watched: Page) -> None:
    page = watched
    page.goto(site + "/services/fly-tipping/")
    page.get_by_role("button", name="Tell us or ask us").click()
    answer(page, Postcode="WR11 4AA")
    answer(page, What_happened="A mattress")
    page.get_by_label("stay anonymous").check()
    page.get_by_role("button", name="Continue").click()
    page.get_by_role("button", name="Send it").dblclick()
    expect(page.get_by_role("heading", name="We have it")).to_be_visible()
    page.go_back()
    page.get_by_role("button", name="Send it").or_(
        page.get_by_role("heading", name="We have it")
    ).first.wait_for()
    if page.get_by_role("button", name="Send it").is_visible():
        page.get_by_role("button", name="Send it").click()
    expect(page.get_by_text("You have already sent this")).to_be_visible()
    assert Enquiry.objects.count() == 1


def test_every_component_on_every_face_light_and_dark(site: str, watched: Page) -> None:
    wrong = []
    walks: list[tuple[str, Literal["light", "dark"], dict[str, tuple[int, int]]]] = [
        ("public", "light", axe.SIZES),
        ("kiosk", "light", axe.KIOSK),
        ("desk", "light", axe.SIZES),
        ("desk", "dark", axe.SIZES),
    ]
    for face, scheme, sizes in walks:
        watched.emulate_media(color_scheme=scheme)
        watched.goto(f"{site}/components/?face={face}")
        wrong += [f"{scheme}: {breach}" for breach in axe.walk(watched, sizes)]
    assert not wrong, "\n".join(wrong)
