"""Pages in another language, and in one that is read from the right, as a browser draws them."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Page, expect

from hub.languages import COOKIE
from tests.accessibility import axe
from tests.partnership import load_partnership

pytestmark = pytest.mark.django_db(transaction=True)
PATHS = ("/", "/services/", "/search/?q=bin", "/track/", "/ask/?service=pothole", "/no/such/page/")


@pytest.fixture
def site(transactional_db: None, live_server: Any) -> str:
    load_partnership()
    return str(live_server.url)


def speak(page: Page, site: str, code: str) -> None:
    page.context.add_cookies([{"name": COOKIE, "value": code, "url": site}])


def test_the_language_is_changed_by_one_press_and_stays(site: str, page: Page) -> None:
    page.goto(f"{site}/services/")
    page.get_by_role("link", name="Polski").click()
    page.wait_for_url(f"{site}/services/")
    expect(page.locator("html")).to_have_attribute("lang", "pl")
    page.get_by_role("navigation", name="Główna").get_by_role("link", name="Sprawdź postęp").click()
    page.wait_for_url(f"{site}/track/")
    expect(page.locator("html")).to_have_attribute("lang", "pl")
    wrong = axe.walk(page)
    page.get_by_role("link", name="English").click()
    expect(page.locator("html")).to_have_attribute("lang", "en-gb")
    assert wrong == []


def test_pages_read_from_the_right_stay_within_the_screen(
    site: str, page: Page, settings: Any
) -> None:
    settings.LANGUAGES = [*settings.LANGUAGES, ("ar", "العربية")]
    speak(page, site, "ar")
    wrong = []
    for path in PATHS:
        page.goto(site + path)
        expect(page.locator("html")).to_have_attribute("dir", "rtl")
        for name, (width, height) in {**axe.SIZES, "400 %": (320, 640)}.items():
            page.set_viewport_size({"width": width, "height": height})
            wrong += axe.sideways(page, name)
    assert wrong == []
    # What stands first in a line stands on the right.
    page.set_viewport_size({"width": 1440, "height": 900})
    page.goto(site)
    mark, links = page.locator(".hub-wordmark"), page.locator(".hub-header__nav")
    first, then = mark.bounding_box(), links.bounding_box()
    assert first is not None
    assert then is not None
    assert first["x"] > then["x"]
