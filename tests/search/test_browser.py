"""Search in Chromium: suggestions by keyboard, and every state walked by axe."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.accessibility import axe
from tests.partnership import load_partnership

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def site(transactional_db: None, live_server: Any) -> str:
    load_partnership()
    return str(live_server.url)


@pytest.fixture
def watched(page: Page) -> Iterator[Page]:
    said: list[str] = []
    page.on("console", lambda line: said.append(line.text) if line.type == "error" else None)
    page.on("pageerror", lambda error: said.append(str(error)))
    yield page
    assert [line for line in said if "status of 40" not in line] == []


def test_suggestions_are_reached_by_keyboard_and_never_take_the_focus(
    site: str, watched: Page
) -> None:
    page = watched
    page.goto(site + "/")
    box = page.get_by_label("What do you need?")
    box.focus()
    page.keyboard.type("poth", delay=20)
    expect(page.get_by_role("link", name="Pothole or road surface")).to_be_visible()
    expect(box).to_be_focused()
    expect(page.locator("[data-suggest-status]")).to_contain_text("Suggestions below:")
    wrong = axe.walk(page)
    page.keyboard.press("ArrowDown")
    expect(page.locator(".hub-suggest a").first).to_be_focused()
    page.keyboard.press("ArrowUp")
    expect(box).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.locator(".hub-suggest")).to_be_hidden()
    expect(box).to_have_value("poth")
    # The last word of what is typed has its suggestions; those of half of it would give way.
    with page.expect_response("**/search/suggest/?q=pothole"):
        page.keyboard.type("ole")
    expect(page.locator(".hub-suggest a").first).to_be_visible()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.wait_for_url("**/services/pothole/")
    assert not wrong, "\n".join(wrong)


def test_every_state_of_search_in_three_sizes(site: str, watched: Page) -> None:
    wrong: list[str] = []
    for query in ("", "?q=bin", "?q=wr114aa bins", "?q=SW1A 1AA", "?q=WH7-K3MP-4P",
                  "?q=qqqqzzzz", "?q=smell gas", "?q=counsil tax", f"?q={'m' * 190}"):  # fmt: skip
        watched.goto(f"{site}/search/{query}")
        wrong += axe.walk(watched)
    assert not wrong, "\n".join(wrong)


def test_search_works_by_keyboard_without_scripts(site: str, browser: Browser) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(site + "/search/")
    page.get_by_label("What do you need?").focus()
    page.keyboard.type("wr114aa rubish not collected")
    page.keyboard.press("Enter")
    page.wait_for_url("**/search/?*")
    expect(page.get_by_text("Wychavon")).to_be_visible()
    expect(page.locator(".hub-suggest")).to_be_hidden()
    link = page.locator(".hub-found a").first
    link.focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**postcode=WR11*")
    context.close()
