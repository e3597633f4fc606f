"""Chromium at the pages of a form that is saved, sent on, and finished by two: with axe."""

from __future__ import annotations

import os
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from playwright.sync_api import Browser, Page, expect

from accounts.models import User
from enquiries.models import Enquiry
from tests.accessibility import axe
from tests.begun.steps import agent_of_the_hub
from tests.browsing import follow, press
from tests.partnership import load_partnership

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def site(transactional_db: None, live_server: Any) -> str:
    load_partnership()
    return str(live_server.url)


def keep(page: Page, name: str) -> None:
    """A picture for who wants to look: HUB_SHOTS names the folder."""
    folder = os.environ.get("HUB_SHOTS")
    for size, width in (("desk", 1440), ("phone", 390)) if folder else ():
        page.set_viewport_size({"width": width, "height": 900})
        page.screenshot(path=Path(folder or "") / f"{name}-{size}.png", full_page=True)


def begin(page: Page, site: str) -> None:
    page.goto(f"{site}/ask/?service=fly-tipping")
    press(page, "Continue")
    page.get_by_label("Postcode").first.fill("WR11 4AA")
    press(page, "Continue")
    page.get_by_label("What happened?").fill("A mattress")
    press(page, "Continue")


def code_of(page: Page, wrong: list[str]) -> str:
    """Saves the form, and has the code sent; every state of that page is walked."""
    page.get_by_role("link", name="Save and come back later").click()
    press(page, "Save and show my code")
    code = page.locator(".govuk-panel strong").inner_text()
    press(page, "Send the code")
    expect(page.get_by_role("alert")).to_be_visible()
    wrong += axe.walk(page)
    keep(page, "save-error")
    page.get_by_label("Your email address or mobile number").fill("jo@example.com")
    press(page, "Send the code")
    expect(page.get_by_text("We are sending the code to jo@example.com")).to_be_visible()
    wrong += axe.walk(page)
    keep(page, "save-told")
    assert page.locator(".govuk-panel strong").inner_text() == code
    follow(page.get_by_role("link", name="Go on now"))
    return code


def test_two_finish_one_form_and_choose_what_stays(
    site: str, page: Page, browser: Browser, client_for: Callable[[User], Client]
) -> None:
    wrong: list[str] = []
    begin(page, site)
    code = code_of(page, wrong)
    session = client_for(agent_of_the_hub()).cookies["sessionid"].value
    context = browser.new_context()
    context.add_cookies([{"name": "sessionid", "value": session, "url": site}])
    desk = context.new_page()
    desk.goto(f"{site}/desk/contact/")
    desk.get_by_role("button", name=re.compile("Start|Open|Begin")).first.click()
    desk.wait_for_url(re.compile(r"/desk/contact/[0-9a-f-]{36}/"))
    desk.goto(f"{desk.url.split('?')[0]}begun/")
    desk.get_by_label("Their code").fill(code)
    press(desk, "Open the form")
    expect(desk.get_by_label("What happened")).to_have_value("A mattress")
    desk.get_by_text("They would rather finish it themselves").click()
    press(desk, "Send them the code")
    expect(desk.get_by_role("alert")).to_be_visible()
    wrong += axe.walk(desk)
    keep(desk, "desk-send-code")
    page.goto(re.sub(r"q/[a-z]+/$", "q/description/", page.url))
    page.get_by_label("What happened?").fill("A mattress\nand a fridge")
    press(page, "Continue")
    desk.get_by_label("What happened").fill("A mattress by the road")
    desk.get_by_label("They do not want to be told").check()
    press(desk, "Send it")
    expect(desk.get_by_role("heading", name="They have answered meanwhile")).to_be_visible()
    wrong += axe.walk(desk)
    keep(desk, "desk-choose")
    press(desk, "Use these answers")
    expect(desk.get_by_role("alert")).to_be_visible()
    wrong += axe.walk(desk)
    desk.get_by_label("What they answered meanwhile").check()
    press(desk, "Use these answers")
    expect(desk.get_by_label("What happened")).to_have_value("A mattress\nand a fridge")
    wrong += axe.walk(desk)
    keep(desk, "desk-moved")
    press(desk, "Send it")
    desk.wait_for_url(re.compile(r"/desk/contact/[0-9a-f-]{36}/$"))
    context.close()
    assert Enquiry.objects.get().description == "A mattress\nand a fridge"
    assert not wrong, "\n".join(wrong)
