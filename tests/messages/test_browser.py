"""Chromium walks the pages of messages in three sizes, with axe."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from notifications import handovers
from notifications.lifecycle import State
from tests.accessibility import axe
from tests.browsing import press
from tests.desk.test_browser import sign_in
from tests.messages.test_health import failed, message
from tests.world import build

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.browser]
HOME = "/desk/settings/messages/"


def test_an_administrator_sends_again_and_tries(
    transactional_db: None, live_server: Any, page: Page
) -> None:
    build()
    now = timezone.now() - timedelta(minutes=2)
    failed("gone", at=now)
    failed("perhaps", at=now, state=State.UNKNOWN, settled_at=None, error="The answer was lost")
    message("prompt", at=now)
    message("waits", at=now, waited=None)
    handovers.fold(now=timezone.now())
    site = str(live_server.url)
    sign_in(page, site, "admin@hub.demo")
    page.goto(f"{site}{HOME}")
    wrong = axe.walk(page)
    page.get_by_role("link", name="550 no such mailbox").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("550 no such mailbox")
    wrong += axe.walk(page)
    press(page, "Send these again")
    expect(page.get_by_text("1 message goes again")).to_be_visible()
    page.get_by_role("link", name="The answer was lost").click()
    wrong += axe.walk(page)
    press(page, "Send again")
    expect(page.get_by_text("No message is left here")).to_be_visible()
    page.goto(f"{site}{HOME}")
    page.get_by_role("link", name="Send a test message").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Send a test message")
    press(page, "Send the test")
    expect(page.get_by_role("alert")).to_be_visible()
    wrong += axe.walk(page)
    page.get_by_label("Mobile number or email address").fill("me@example.org")
    press(page, "Send the test")
    expect(page.get_by_role("heading", level=2, name="Waiting to go")).to_be_visible()
    wrong += axe.walk(page)
    assert wrong == []


def test_an_administrator_sets_up_a_provider_and_lets_it_carry(
    transactional_db: None, live_server: Any, page: Page
) -> None:
    build()
    site = str(live_server.url)
    sign_in(page, site, "admin@hub.demo")
    page.goto(f"{site}{HOME}")
    page.get_by_role("link", name="Change who carries messages").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Providers of messages")
    wrong = axe.walk(page)
    page.get_by_role("link", name="GOV.UK Notify").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Set up GOV.UK Notify")
    press(page, "Keep this provider")
    expect(page.get_by_role("alert")).to_be_visible()
    wrong += axe.walk(page)
    page.get_by_label("Name").fill("Notify of the county")
    page.get_by_label("API key").fill("county-" + "1" * 80)
    page.get_by_label("Templates").fill("sms=1\nemail=2")
    press(page, "Keep this provider")
    expect(page.get_by_text("Notify of the county is kept")).to_be_visible()
    page.get_by_role("link", name="Change who carries texts for Everybody else").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Who carries texts")
    wrong += axe.walk(page)
    page.get_by_label("First choice").select_option(label="Notify of the county")
    press(page, "Keep this order")
    expect(page.get_by_text("Kept: who carries texts")).to_be_visible()
    wrong += axe.walk(page)
    assert wrong == []
