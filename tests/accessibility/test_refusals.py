"""Chromium walks what says no: refusals on the way and the pages of errors, in both languages."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import OperationalError
from django.utils import timezone, translation
from django.utils.translation import gettext
from playwright.sync_api import Page, expect

from accounts.permissions import SYSTEM_VIEWER
from channels.web import views
from kb import actions_notices
from tests.accessibility import axe
from tests.desk.test_links_browser import keep
from tests.nearby.test_browser import published, reported
from tests.partnership import load_partnership

pytestmark = pytest.mark.django_db(transaction=True)
TITLES = {
    400: "We could not read that",
    403: "This page was open too long",
    404: "Page not found",
    405: "That page cannot do that",
    500: "Something went wrong on our side",
    503: "Not available for a moment",
}


@pytest.fixture(params=["en", "pl"])
def language(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def site(transactional_db: None, live_server: Any, page: Page, language: str) -> str:
    """The website with the whole partnership, in the language that somebody chose."""
    load_partnership()
    speaks(page, str(live_server.url), language)
    return str(live_server.url)


def speaks(page: Page, site: str, language: str) -> None:
    if language == "pl":
        page.context.add_cookies([{"name": "hub_language", "value": "pl", "url": site}])


def look(page: Page, language: str, *, again: bool = False) -> list[str]:
    """What is wrong with the page; it is whole, and in the language that was asked for."""
    expect(page.locator("html")).to_have_attribute("lang", {"en": "en-gb"}.get(language, language))
    expect(page.locator("h1")).to_have_count(1)
    return axe.walk(page, again=again)


def press(page: Page) -> None:
    """The button of the page's form, whatever it says."""
    page.locator("main form button.govuk-button:visible").last.click()


def to_where(page: Page, site: str) -> None:
    page.goto(f"{site}/ask/?service=fly-tipping")
    press(page)
    page.locator("input[name=postcode]:visible").fill("WR11 4AA")
    press(page)


def test_the_refusals_of_what_is_known_and_of_how_we_tell(
    page: Page, site: str, language: str
) -> None:
    reported()
    notice = published()
    to_where(page, site)
    expect(page.locator("button[name=go_on]")).to_be_visible()
    # Sent without any of its buttons: by a program that fills in forms, or an old browser.
    page.locator("main form:has(button[name=go_on])").evaluate("(form) => form.submit()")
    expect(page.locator(".govuk-error-summary")).to_be_visible()
    wrong = look(page, language)
    page.locator("button[name=notice]").click()
    page.locator("input[name=tell_by][value=email]").check()
    page.locator("input[name=email]").fill("sam@example.com")
    now = timezone.now()
    actions_notices.end(public_id=notice.public_id, words="", viewer=SYSTEM_VIEWER, now=now)
    press(page)
    summary = page.locator(".govuk-error-summary")
    expect(summary).to_be_visible()
    # The summary stands above what it speaks of, and the title says that something is wrong.
    assert summary.evaluate(
        "(one) => !!(one.compareDocumentPosition(document.querySelector('h1')) & 4)"
    )
    expect(page.locator("input[name=email]")).to_have_value("sam@example.com")
    if language == "en":
        assert page.title().startswith("Error: ")
    wrong += look(page, language)
    keep(page, f"told-refused-{language}")
    assert not wrong, "\n".join(wrong)


def test_the_refusal_of_the_check(page: Page, site: str, language: str) -> None:
    to_where(page, site)
    page.locator("textarea:visible").fill("Two mattresses by the bridge")
    press(page)
    page.locator("input[name=tell_by][value=email]").check()
    page.locator("input[name=email]").fill("sam@example.com")
    page.locator("input[name=name]").fill("Sam Stone")
    press(page)
    page.wait_for_url("**/check/")
    page.goto(f"{page.url}?moved=1")
    expect(page.locator(".govuk-error-summary")).to_be_visible()
    wrong = look(page, language)
    assert not wrong, "\n".join(wrong)


SENT = """([action, fields]) => {
  const form = document.querySelector("main form");
  form.method = "post";
  form.action = action;
  for (let at = 0; at < fields; at += 1) {
    const field = document.createElement("input");
    field.type = "hidden";
    field.name = `f${at}`;
    form.append(field);
  }
  form.submit();
}"""


def test_every_page_of_an_error(
    page: Page, site: str, language: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    wrong: list[str] = []

    def walk(status: int, do: Any) -> None:
        with page.expect_response(lambda one: one.request.is_navigation_request()) as answer:
            do()
        assert answer.value.status == status
        with translation.override(language):
            expect(page.locator("h1")).to_have_text(gettext(TITLES[status]))
        wrong.extend(look(page, language))
        keep(page, f"error-{status}-{language}")

    def at_track() -> None:
        page.goto(f"{site}/track/")
        axe.arrived(page)

    walk(404, lambda: page.goto(f"{site}/no/such/page/"))
    at_track()
    walk(400, lambda: page.evaluate(SENT, [f"{site}/track/", 1_200]))
    at_track()
    walk(405, lambda: page.evaluate(SENT, [f"{site}/services/", 0]))
    page.goto(f"{site}/ask/")
    axe.arrived(page)
    page.locator("main input[type=search], main textarea").first.fill("A deep hole")
    page.context.clear_cookies()
    speaks(page, site, language)
    walk(403, lambda: page.evaluate(SENT, [f"{site}/track/", 0]))
    for status, error in ((500, RuntimeError("ours")), (503, OperationalError("away"))):

        def fails(*_: object, error: Exception = error) -> None:
            raise error

        monkeypatch.setattr(views, "render", fails)
        walk(status, lambda: page.goto(f"{site}/"))
        monkeypatch.undo()
    assert not wrong, "\n".join(wrong)


def test_a_page_that_is_not_there_at_each_face(
    transactional_db: None, live_server: Any, page: Page
) -> None:
    wrong: list[str] = []
    for face in ("kiosk", "desk"):
        page.goto(f"{live_server.url}/{face}/no/such/page/")
        expect(page.locator("h1")).to_have_text(TITLES[404])
        led = page.locator("main a:not([href^='tel:'])")
        hrefs = led.evaluate_all("all => all.map((one) => one.getAttribute('href'))")
        assert hrefs, face
        assert all(href.startswith(f"/{face}/") for href in hrefs), hrefs
        wrong += axe.walk(page)
        if face == "kiosk":
            wrong += axe.walk(page, axe.KIOSK, again=True)
    assert not wrong, "\n".join(wrong)
