"""Chromium walks the desk's pages of kiosks with axe, by keyboard, and sees them look again."""

from __future__ import annotations

import os
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

import accounts.queries
from enquiries.clocks import Calendar
from kiosks import actions_demonstration
from kiosks.models import Kiosk, Pulse, Release
from tests.accessibility import axe
from tests.desk.test_browser import sign_in, watched
from tests.kiosk_fleet.conftest import device
from tests.world import build

__all__ = ["watched"]
pytestmark = pytest.mark.django_db(transaction=True)
HOME = "/desk/settings/kiosks/"


def shot(page: Page, name: str) -> None:
    """A picture for who wants to look: HUB_SHOTS says where."""
    if folder := os.environ.get("HUB_SHOTS"):
        for width, height in ((1440, 900), (390, 844)):
            page.set_viewport_size({"width": width, "height": height})
            page.screenshot(path=f"{folder}/{name}-{width}.png", full_page=True)


def test_the_pages_of_kiosks_in_three_sizes(live_server: Any, watched: Page) -> None:
    build()
    page, wrong, site, now = watched, [], str(live_server.url), timezone.now()
    sites = list(accounts.queries.sites()) * 4
    actions_demonstration.make(
        actions_demonstration.planned(sites), hours=Calendar.from_json, now=now
    )
    Release.objects.create(version="3f9c2a7b10de", made_at=now - timedelta(days=9), share=100)
    Release.objects.create(version="a1b2c3d4e5f6", made_at=now, early_at=now, note="Bigger words")
    always = {
        name: [["00:00", "24:00"]] for name in ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
    }
    kiosk = device("Left of the door", now=now, opening=always, printer="80mm", paper=400)

    def look(path: str, name: str) -> None:
        page.goto(site + path)
        wrong.extend(axe.walk(page))
        shot(page, name)

    sign_in(page, site, "admin@hub.demo")
    look(HOME, "fleet")
    look(f"{HOME}new/", "new")
    one = f"{HOME}{kiosk.public_id}/"
    page.goto(site + one)
    page.get_by_role("button", name="Lock it").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="Unlock it")).to_be_visible()
    wrong.extend(axe.walk(page))
    shot(page, "one")
    page.get_by_label("Message").fill("")
    page.get_by_role("button", name="Show the message").click()
    expect(page.locator(".govuk-error-summary")).to_be_focused()
    wrong.extend(axe.walk(page))
    look(f"{one}settings/", "settings")
    look(f"{one}end/", "end")
    look(f"{HOME}releases/", "releases")
    look(f"{HOME}figures/", "figures")
    assert wrong == []
    page.goto(site + HOME)
    looks_again(page, kiosk)


def looks_again(page: Page, kiosk: Kiosk) -> None:
    """The list looks by itself, and takes nothing away under who is at it."""
    page.clock.install()
    page.reload()
    Kiosk.objects.filter(pk=kiosk.pk).update(locked_at=None)
    Pulse.objects.filter(kiosk=kiosk).update(at=timezone.now(), queued=7)
    row = page.get_by_role("row").filter(has_text="Left of the door")
    expect(row).to_contain_text("Locked")
    row.get_by_role("link").focus()
    page.clock.run_for(31_000)
    expect(row).to_contain_text("Locked")
    page.evaluate("document.activeElement.blur()")
    page.clock.run_for(31_000)
    expect(row).to_contain_text("7")
    expect(row).not_to_contain_text("Locked")
