"""Chromium walks the desk in three sizes, with axe; and a call without any script."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from enquiries.inbound import Sender
from enquiries.models import Enquiry, Referral
from tests import browsing
from tests.accessibility import axe
from tests.desk.steps import work
from tests.world import PASSWORD, ask, build

pytestmark = pytest.mark.django_db(transaction=True)
LONG = "Donaudampfschifffahrtsgesellschaftskapitän" * 8
LETTERS = "مرحبا، لم يتم إفراغ الحاوية 🗑️ <b>שלום</b>"


@pytest.fixture
def site(transactional_db: None, live_server: Any) -> str:
    """The desk with a small partnership and some work in it."""
    build()
    ask(sender=Sender(name=LETTERS, email="jo@example.com", phone="07700 900123"))
    ask(service=None, words=f"{LETTERS} {LONG}", postcode="")
    return str(live_server.url)


@pytest.fixture
def watched(page: Page) -> Iterator[Page]:
    """A page on which nothing may be refused by the policy or break in a script."""
    said: list[str] = []
    page.on("console", lambda line: said.append(line.text) if line.type == "error" else None)
    page.on("pageerror", lambda error: said.append(str(error)))
    yield page
    assert [line for line in said if "status of 4" not in line] == []


def sign_in(page: Page, site: str, email: str) -> None:
    page.goto(f"{site}/sign-in/")
    page.get_by_label("Email address").fill(email)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("button", name="Sign out")).to_be_visible()


def _refused(page: Page, button: str) -> None:
    """Sends a form that is not complete: it comes back where it stood, and says why."""
    page.get_by_role("button", name=button).click()
    expect(page.locator("#contact-need .govuk-error-summary")).to_be_focused()


def test_the_agents_pages_in_three_sizes(site: str, watched: Page) -> None:
    page, wrong = watched, []

    def look(path: str = "", again: bool = False) -> None:
        if path:
            page.goto(site + path)
        wrong.extend(axe.walk(page, again=again))

    look("/sign-in/")
    page.get_by_role("button", name="Sign in").click()
    look()
    sign_in(page, site, "agent@hub.demo")
    look("/desk/?view=all")
    look("/desk/?view=mine&channel=web&text=nothing")
    look(f"/desk/cases/{Enquiry.objects.order_by('-pk')[0].reference}/?view=all")
    for act in page.locator("a.hub-act__name[id]").all():
        act.click()
        expect(page.locator("#act-title")).to_have_text(act.inner_text())
        wrong.extend(axe.breaches(page))
    page.locator("#act-reply").press("Enter")
    page.get_by_role("button", name="Send these words").click()
    expect(page.get_by_role("alert")).to_be_visible()
    look(again=True)
    look("/desk/people/")
    page.get_by_role("searchbox").fill("jo@example.com")
    page.get_by_role("searchbox").press("Enter")
    look()
    page.locator(".hub-rows a").first.click()
    look()
    look("/desk/contact/")
    page.get_by_role("button", name="Start the contact").click()
    look()
    page.get_by_label("Phone, email, name or postcode").fill("jo@example.com")
    page.get_by_role("button", name="Find").first.click()
    look()
    browsing.follow(page.get_by_role("button", name="It is them").first)
    browsing.follow(page.get_by_role("link", name="Something else about it").first)
    look()
    _refused(page, "Write it down")
    look(again=True)
    browsing.follow(page.get_by_role("link", name="It is something new"))
    page.get_by_role("searchbox", name="Find a service").fill("bin not emptied")
    with page.expect_navigation():
        page.get_by_role("searchbox", name="Find a service").press("Enter")
    browsing.follow(page.locator(".hub-picks a").first)
    page.get_by_label("Answer now").check()
    look()
    _refused(page, "Raise this enquiry")
    look(again=True)
    assert wrong == []


def test_the_pages_of_partners_and_administrators_in_three_sizes(site: str, watched: Page) -> None:
    page, wrong = watched, []

    def look(path: str = "", again: bool = False) -> None:
        if path:
            page.goto(site + path)
        wrong.extend(axe.walk(page, again=again))

    sign_in(page, site, "officer@wychavon.demo")
    look()
    look("/desk/referrals/?tab=waiting")
    look(f"/desk/referrals/{Referral.objects.get().public_id}/")
    browsing.press(page, "Accept")
    page.locator("summary", has_text="Complete").click()
    look()
    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_role("button", name="Sign out")).not_to_be_visible()
    sign_in(page, site, "admin@hub.demo")
    look("/desk/settings/")
    look("/desk/settings/keys/")
    page.get_by_role("button", name="Make the key").click()
    look()
    page.get_by_label("Organisation", exact=True).select_option("wychavon")
    page.get_by_label("Name of the system").fill("Street works")
    page.get_by_label("Create enquiries").check()
    page.get_by_role("button", name="Make the key").click()
    expect(page.get_by_role("heading", name="Copy this key now")).to_be_visible()
    look()
    look("/desk/settings/keys/")
    look("/desk/settings/kiosks/")
    assert wrong == []


def test_the_slash_key_goes_to_the_search_and_types_where_somebody_types(
    site: str, watched: Page
) -> None:
    sign_in(watched, site, "agent@hub.demo")
    field = watched.get_by_label("Words, postcode or reference")
    expect(field).to_be_visible()
    watched.wait_for_load_state("load")
    watched.keyboard.press("/")
    expect(field).to_be_focused()
    expect(field).to_have_value("")
    watched.keyboard.type("a/b")
    expect(field).to_have_value("a/b")


def test_a_call_with_two_enquiries_without_any_script(site: str, browser: Browser) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    sign_in(page, site, "agent@hub.demo")
    page.goto(f"{site}/desk/contact/")
    page.get_by_role("button", name="Start the contact").click()
    page.locator("summary", has_text="Add somebody new").click()
    page.get_by_label("Full name").fill("Nora Fable")
    page.get_by_label("Phone", exact=True).fill("07700 900456")
    browsing.press(page, "Add them")
    raised = page.locator(".hub-raised__item")
    for at, (service, words) in enumerate(
        (("missed-bin", "Not emptied"), ("council-tax-bill", "When is it due?")), start=1
    ):
        page.get_by_label("Service", exact=True).select_option(service)
        page.get_by_label("What happened").fill(words)
        page.get_by_label("Postcode", exact=True).fill("WR11 3DA")
        if service == "council-tax-bill":
            page.get_by_label("Answer now").check()
            page.get_by_label("What did you tell them?").fill("On the first of December")
        browsing.press(page, "Raise this enquiry")
        expect(raised).to_have_count(at)
    work()
    page.reload()
    expect(raised).to_have_count(2)
    expect(page.get_by_text("With Wychavon District Council")).to_be_visible()
    page.get_by_role("button", name="Wrap up the contact").click()
    expect(page.get_by_text("Contact wrapped up")).to_be_visible()
    assert {row.status for row in Enquiry.objects.order_by("-pk")[:2]} == {"referred", "resolved"}
    context.close()
