"""A service's own questions and "not ours" in Chromium: website, kiosk and desk, with axe."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from playwright.sync_api import Browser, Page, expect

from enquiries.models import Enquiry
from tests import browsing
from tests.accessibility import axe
from tests.kiosk.test_in_chromium import kiosk, look
from tests.not_ours import NAME, PHONE, give_away
from tests.outbox import run_outbox
from tests.partnership import load_partnership
from tests.world import build

__all__ = ["kiosk"]
pytestmark = pytest.mark.django_db(transaction=True)


def to_the_check(page: Page, site: str, road: str) -> None:
    page.goto(f"{site}/ask/?service=pothole")
    page.get_by_role("button", name="Continue").click()
    page.get_by_label(road).check()
    page.get_by_role("button", name="Continue").click()
    page.get_by_label("Postcode").first.fill("WR11 4AA")
    page.get_by_role("button", name="Continue").click()
    page.get_by_label("What happened?").fill("A deep hole in the left lane")
    page.get_by_role("button", name="Continue").click()
    page.get_by_label("Email", exact=True).check()
    page.get_by_label("Email address").fill("jo@example.com")
    page.get_by_label("Full name").fill("Jo Example")
    page.get_by_role("button", name="Continue").click()


def test_the_website_in_three_sizes(transactional_db: None, live_server: Any, page: Page) -> None:
    load_partnership()
    give_away("pothole")
    site, wrong = str(live_server.url), list[str]()
    said: list[str] = []
    page.on("console", lambda line: said.append(line.text) if line.type == "error" else None)
    page.goto(f"{site}/ask/?service=pothole")
    page.get_by_role("button", name="Continue").click()
    expect(page.get_by_role("group", name="What kind of road is it on?")).to_be_visible()
    wrong += axe.walk(page)
    page.get_by_role("button", name="Continue").click()
    expect(page.locator("#id_answer_error")).to_be_visible()
    wrong += axe.walk(page)
    to_the_check(page, site, "A motorway or trunk road")
    expect(page.get_by_role("heading", name=f"This is for {NAME}, not for us")).to_be_visible()
    expect(page.get_by_role("link", name=PHONE)).to_have_attribute("href", "tel:03001235000")
    wrong += axe.walk(page)
    page.get_by_role("button", name="I think it is yours: send it").click()
    expect(page.get_by_text("We have it")).to_be_visible()
    wrong += axe.walk(page)
    assert not wrong, "\n".join(wrong)
    assert said == []


def test_the_website_without_any_script(
    transactional_db: None, live_server: Any, browser: Browser
) -> None:
    load_partnership()
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    to_the_check(page, str(live_server.url), "An ordinary road or street")
    page.get_by_role("link", name="Change what kind of road is it on?").click()
    expect(page.get_by_label("An ordinary road or street")).to_be_checked()
    page.get_by_label("I do not know").check()
    page.get_by_role("button", name="Continue").click()
    page.get_by_role("button", name="Send it").click()
    expect(page.get_by_text("We have it")).to_be_visible()
    assert Enquiry.objects.get().answers == {"road": "unknown"}
    context.close()


def test_the_kiosk_on_both_screens(kiosk: Page) -> None:  # the fixture above
    page = kiosk
    give_away("pothole")
    site = page.url.split("/kiosk/")[0]
    browsing.follow(page.get_by_role("link", name="Touch to begin"))
    page.goto(f"{site}/kiosk/search/?q=pothole")
    page.get_by_role("button", name="Pothole").first.click()
    expect(page.get_by_role("heading", name="What kind of road is it on?")).to_be_visible()
    wrong = look(page, "own")
    page.get_by_role("button", name="A motorway or trunk road").click()
    page.get_by_label("Postcode").fill("WR11 4AA")
    page.get_by_role("button", name="Continue").click()
    page.get_by_label("What happened?").fill("A deep hole")
    page.get_by_role("button", name="Continue").click()
    page.get_by_role("button", name="Email").click()
    page.get_by_label("Email address").fill("jo@example.com")
    page.get_by_label("Full name").fill("Jo Example")
    page.get_by_role("button", name="Continue").click()
    expect(page.get_by_role("heading", name=f"This is for {NAME}")).to_be_visible()
    wrong += look(page, "not-ours")
    assert not wrong, "\n".join(wrong)


def test_the_desk_in_three_sizes(transactional_db: None, live_server: Any, page: Page) -> None:
    world, wrong = build(), list[str]()
    give_away("pothole")
    client = Client()
    client.force_login(world.agent)
    site = str(live_server.url)
    page.context.add_cookies(
        [{"name": "sessionid", "value": client.cookies["sessionid"].value, "url": site}]
    )
    page.goto(f"{site}/desk/contact/")
    page.get_by_role("button", name="Start the contact").click()
    page.get_by_label("Service", exact=True).select_option("pothole")
    page.get_by_label("What happened").fill("A deep hole in the left lane")
    # What the service asks came as it was chosen.
    page.get_by_label("What kind of road is it on?").select_option("motorway")
    page.get_by_role("button", name="Who deals with it?").click()
    expect(page.get_by_text(f"Not ours: {NAME}")).to_be_visible()
    wrong += axe.walk(page)
    page.get_by_role("button", name="Raise this enquiry").click()
    expect(page.get_by_text(f"This is for {NAME}").first).to_be_visible()
    wrong += axe.walk(page, again=True)
    run_outbox()
    enquiry = Enquiry.objects.get()
    assert enquiry.outcome == "signposted"
    page.goto(f"{site}/desk/cases/{enquiry.reference}/")
    expect(page.get_by_text("A motorway or trunk road").first).to_be_visible()
    wrong += axe.walk(page)
    assert not wrong, "\n".join(wrong)
