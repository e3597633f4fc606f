"""Chromium at a contact: what the chosen service asks shows at once, or by a button."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, Page, expect

from core.audit import SYSTEM
from enquiries.models import Enquiry
from kb.actions_forms import publish
from tests.accessibility import axe
from tests.desk.test_browser import sign_in
from tests.desk.test_contact_choice import FORM, WORDS
from tests.desk.test_links_browser import keep, watched  # noqa: F401  a fixture
from tests.world import NOW, build

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def world(transactional_db: None) -> None:
    build()
    publish(service_slug="pothole", data=FORM, actor=SYSTEM, now=NOW)


def opened(page: Page, address: str) -> None:
    sign_in(page, address, "agent@hub.demo")
    page.goto(f"{address}/desk/contact/")
    page.get_by_role("button", name="Start the contact").click()
    page.wait_for_url("**/desk/contact/*-*/")


def test_the_questions_show_as_soon_as_a_service_is_chosen(
    live_server,
    watched: Page,  # noqa: F811
    world: None,
) -> None:
    page = watched
    opened(page, live_server.url)
    here = page.url
    page.get_by_label("What happened").fill(WORDS)
    page.get_by_label("Service", exact=True).select_option("pothole")
    expect(page.get_by_label("Could it hurt somebody now?")).to_be_visible()
    expect(page.get_by_role("status").filter(has_text="Pothole")).to_have_count(1)
    expect(page.get_by_label("What happened")).to_have_value(WORDS)
    assert page.url == here
    assert axe.breaches(page) == []
    keep(page, "contact-choice")
    page.get_by_role("button", name="Raise this enquiry").click()
    expect(page.get_by_text("is on its way")).to_be_visible()
    assert Enquiry.objects.get().description == WORDS


def test_without_scripts_raising_asks_first_and_then_goes(
    live_server,
    browser: Browser,
    world: None,
) -> None:
    page = browser.new_context(java_script_enabled=False).new_page()
    opened(page, live_server.url)
    page.get_by_label("What happened").fill(WORDS)
    page.get_by_label("Service", exact=True).select_option("pothole")
    page.get_by_role("button", name="Raise this enquiry").click()
    expect(page.get_by_text("Nothing is sent yet")).to_be_visible()
    expect(page.get_by_label("What happened")).to_have_value(WORDS)
    page.get_by_label("Could it hurt somebody now?").select_option("no")
    page.get_by_role("button", name="Raise this enquiry").click()
    expect(page.get_by_text("is on its way")).to_be_visible()
    assert Enquiry.objects.get().answers == {"hurt": "no"}
