"""A device that lost its session wakes by its key; locked and switched off it says so."""

from __future__ import annotations

from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import Browser, Page, expect

import accounts.queries
import kiosks.actions
from core.audit import SYSTEM
from kiosks.actions_commands import CommandKind, order
from kiosks.models import Kiosk
from tests.accessibility import axe
from tests.kiosk.test_in_chromium import SCREENS
from tests.kiosk_device import code_for
from tests.partnership import load_partnership

pytestmark = pytest.mark.django_db(transaction=True)


def heading(page: Page, words: str) -> None:
    expect(page.get_by_role("heading", level=1)).to_contain_text(words, timeout=20_000)


def cookie(page: Page, site: str, value: str) -> None:
    page.context.clear_cookies(name="kiosk")
    if value:
        page.context.add_cookies([{"name": "kiosk", "value": value, "url": site}])


def test_a_device_wakes_by_its_key_and_is_locked_and_switched_off_in_words(
    transactional_db: None, live_server: Any, page: Page, browser: Browser
) -> None:
    load_partnership()
    site = live_server.url
    page.goto(f"{site}/kiosk/enrol/#{code_for(accounts.queries.sites('kiosk')[0].slug)}")
    page.get_by_role("button", name="Set it up").click()
    begin = page.get_by_role("link", name="Touch to begin")
    expect(begin).to_be_visible()

    begin.click()
    ask = page.get_by_role("link", name="Report or ask")
    expect(ask).to_be_visible()
    cookie(page, site, "of-yesterday")
    page.goto(f"{site}/kiosk/menu/")
    expect(ask).to_be_visible(timeout=20_000)  # woken, in the same visit
    assert page.url == f"{site}/kiosk/menu/"
    cookie(page, site, "")
    page.goto(f"{site}/kiosk/")  # asked for a code, and it needs none
    expect(begin).to_be_visible(timeout=20_000)

    without_scripts(browser, site)
    kiosk = Kiosk.objects.get()
    page.route("**/kiosk/pulse/", lambda call: call.abort())  # these pages are the server's own
    order(kiosk, kind=CommandKind.LOCK, actor=SYSTEM, now=timezone.now())
    page.goto(f"{site}/kiosk/menu/")
    heading(page, "This kiosk is locked")
    wrong = axe.walk(page, SCREENS)
    kiosks.actions.revoke(public_id=str(kiosk.public_id), actor=SYSTEM, now=timezone.now())
    page.goto(f"{site}/kiosk/menu/")
    heading(page, "This kiosk is switched off")
    wrong += axe.walk(page, SCREENS)
    assert not wrong, "\n".join(wrong)


def without_scripts(browser: Browser, site: str) -> None:
    """What a device that runs no scripts shows when its session has died."""
    with browser.new_context(java_script_enabled=False) as context:
        context.add_cookies([{"name": "kiosk", "value": "of-yesterday", "url": site}])
        page = context.new_page()
        page.goto(f"{site}/kiosk/menu/")
        heading(page, "One moment")
        expect(page.get_by_text("ask the staff in this building")).to_be_visible()
