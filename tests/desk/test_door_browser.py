"""Chromium walks the door and one's own account in three sizes, with axe, and without a script."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from tests import browsing
from tests.accessibility import axe
from tests.desk.staff import EMAIL, Phone, set_up, somebody
from tests.world import PASSWORD, World, build

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def world(transactional_db: None) -> World:
    """A small partnership and somebody with nothing set up."""
    world = build()
    somebody(world)
    return world


@pytest.fixture
def watched(page: Page) -> Iterator[Page]:
    """A page on which nothing may be refused by the policy or break in a script."""
    said: list[str] = []
    page.on("console", lambda line: said.append(line.text) if line.type == "error" else None)
    page.on("pageerror", lambda error: said.append(str(error)))
    yield page
    assert [line for line in said if "status of 4" not in line] == []


def first_step(page: Page, site: str) -> None:
    page.goto(f"{site}/sign-in/")
    page.get_by_label("Email address").fill(EMAIL)
    page.get_by_label("Password").fill(PASSWORD)
    browsing.press(page, "Sign in")


def phone_of(page: Page) -> Phone:
    import base64

    shown = page.locator(".hub-code--key").inner_text()
    return Phone(base64.b32decode(shown.replace(" ", "")))


def test_the_door_and_the_account_in_three_sizes(
    world: World, live_server: Any, watched: Page
) -> None:
    page, site, wrong = watched, str(live_server.url), list[str]()

    def look() -> None:
        wrong.extend(axe.walk(page))

    first_step(page, site)
    phone = phone_of(page)
    picture = page.locator(".hub-square img")
    assert picture.evaluate("one => one.naturalWidth") > 100
    look()
    page.get_by_label("Six-digit code").fill("1")
    page.get_by_role("button", name="Check the code").click()
    look()
    page.get_by_label("Six-digit code").fill(phone.code())
    page.get_by_role("button", name="Check the code").click()
    expect(page.get_by_role("heading", name="Keep your spare codes")).to_be_visible()
    spare = page.locator(".hub-codes code").first.inner_text()
    look()
    browsing.press(page, "I have kept them")
    browsing.follow(page.get_by_role("link", name="Rea Real"))
    look()
    for link in ("Change your password", "Use another code app", "New spare codes"):
        browsing.follow(page.get_by_role("link", name=link))
        look()
        page.locator("main form button").click()
        look()
        page.goto(f"{site}/desk/account/")
    browsing.follow(page.get_by_role("button", name="Sign out", exact=True))

    first_step(page, site)
    look()
    page.get_by_role("link", name="Use a spare code").click()
    look()
    page.get_by_label("Spare code").fill("no such code")
    page.get_by_role("button", name="Sign in").click()
    look()
    page.get_by_label("Spare code").fill(spare)
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("button", name="Sign out")).to_be_visible()
    assert not wrong, "\n".join(wrong)


def test_without_any_script_and_with_a_pasted_code(
    world: World, live_server: Any, browser: Browser
) -> None:
    from django.test import Client

    phone, _ = set_up(Client())
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    first_step(page, str(live_server.url))
    field = page.get_by_label("Six-digit code")
    assert field.get_attribute("autocomplete") == "one-time-code"
    assert field.get_attribute("inputmode") == "numeric"
    code = phone.code()
    field.focus()
    page.keyboard.insert_text(f"{code[:3]} {code[3:]}")  # as a paste does
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="Sign out")).to_be_visible()
    context.close()
