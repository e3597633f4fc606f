"""The page of a conversation by text in Chromium, with and without scripts, walked by axe."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from tests import forms_of, world
from tests.accessibility import axe
from tests.sms.asked import DEEP
from tests.sms.test_pages import PHOTO, path_in
from tests.stand_ins.phone import Phone
from tests.uploads.steps import photo

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def site(live_server: Any) -> str:
    """The live server, and a pothole that asks for a photo; texts come in beside it."""
    world.build()
    forms_of.publish("pothole", DEEP, PHOTO, describe=False)
    return str(live_server.url)


def keep(page: Page, name: str) -> None:
    """A picture for who wants to look: HUB_SHOTS names the folder."""
    folder = os.environ.get("HUB_SHOTS")
    for size, width in (("desk", 1440), ("phone", 390)) if folder else ():
        page.set_viewport_size({"width": width, "height": 900})
        page.screenshot(path=Path(folder or "") / f"{name}-{size}.png", full_page=True)


def walked(page: Page, name: str) -> None:
    assert axe.walk(page) == []
    keep(page, name)


@pytest.mark.parametrize("scripts", [True, False])
def test_a_photo_and_a_place_are_told_on_the_page(site, browser: Browser, scripts):
    phone = Phone()
    phone.text("pothole outside the Spar")
    phone.text("2")
    context = browser.new_context(java_script_enabled=scripts, locale="en-GB")
    page = context.new_page()
    page.goto(site + path_in(phone.text("link")))
    expect(page.get_by_role("heading", level=1)).to_have_text("Do you have a picture?")
    page.get_by_role("button", name="Continue").click()
    expect(page.get_by_role("alert")).to_contain_text("Add a photo or a file")
    if scripts:
        walked(page, "sms-photo-refused")
    page.get_by_label("Add photos or files").set_input_files(
        {"name": "hole.jpg", "mimeType": "image/jpeg", "buffer": photo()}
    )
    page.get_by_role("button", name="Continue").click()
    expect(page.get_by_role("heading", name="We have it")).to_be_visible()
    if scripts:
        walked(page, "sms-photo-taken")

    page.goto(site + path_in(phone.text("link")))
    expect(page.get_by_role("heading", level=1)).to_have_text("Where is it?")
    page.get_by_label("Postcode").first.fill("SW1A 1AA")
    page.get_by_role("button", name="Continue").click()
    expect(page.get_by_role("alert")).to_contain_text("outside Worcestershire")
    if scripts:
        walked(page, "sms-place-refused")
    page.get_by_label("Postcode").first.fill("WR1 3EZ")
    page.get_by_role("button", name="Continue").click()
    expect(page.get_by_role("heading", name="We have it")).to_be_visible()
    phone.text("1")
    page.goto(f"{site}/w/gone/")
    expect(page.get_by_role("heading", level=1)).to_have_text("This link opens nothing any more")
    if scripts:
        walked(page, "sms-gone")
    context.close()
