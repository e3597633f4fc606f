"""The line goes: the device's own page stands at the same address with what the visit held."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from enquiries.models import Enquiry
from tests.kiosk_engine.conftest import Engine
from tests.kiosk_engine.line import CUT, DEAF, STILL, THROUGH, Line

pytestmark = pytest.mark.django_db(transaction=True)


def taken(page: Page) -> Any:
    """What the device's own page goes on from."""
    page.wait_for_selector("#taken", state="attached")
    return json.loads(page.locator("#taken").text_content() or "")


def to_description(engine: Engine) -> Page:
    """A visit up to the question of what happened, with words in the field."""
    page = engine.page
    page.goto(f"{engine.site}/kiosk/start/?language=pl")
    page.goto(f"{engine.site}/kiosk/search/?q=fly+tipping")
    page.locator("button[name=service][value=fly-tipping]").click()
    page.locator("#id_postcode").fill("WR11 4AA")
    page.locator(".hub-kiosk-bar .hub-kiosk-key--main").click()
    page.locator("textarea").fill("Kanarek & </script><b>")
    return page


def test_a_touch_that_comes_to_nothing_begins_on_the_devices_own_page(
    engine: Engine, line: Line
) -> None:
    engine.at_work()
    line.is_now(CUT)
    page = engine.page
    page.get_by_role("link", name="Polski").click()
    page.wait_for_url("**/kiosk/start/?language=pl")
    expect(page.locator("html")).to_have_attribute("lang", "pl")
    found = taken(page)
    assert (found["path"], found["visit"]) == ("/kiosk/start/?language=pl", None)
    # Its styles, scripts and letters are the release's own: nothing is missing.
    assert page.evaluate("document.fonts.ready.then(() => document.fonts.size)") > 0
    assert page.evaluate("getComputedStyle(document.body).fontSize") != "16px"
    line.is_now(THROUGH)
    page.goto(f"{engine.site}/kiosk/")
    expect(page.get_by_role("link", name="Touch to begin")).to_be_visible()


@pytest.mark.parametrize("way", [CUT, STILL])
def test_in_the_midst_of_a_visit_nothing_that_was_said_is_lost(
    engine: Engine, line: Line, way: str
) -> None:
    engine.at_work()
    page = to_description(engine)
    held = json.loads(page.locator("#visit").text_content() or "")
    line.is_now(way)
    page.locator(".hub-kiosk-bar .hub-kiosk-key--main").click()
    found = taken(page)
    assert found["visit"] == held
    assert (held["service"], held["language"]) == ("fly-tipping", "pl")
    assert held["postcode"] == "WR11 4AA"
    assert held["began"] > 1e12
    assert (found["path"], found["method"]) == ("/kiosk/what/", "POST")
    assert ["Kanarek & </script><b>"] in found["fields"].values()
    assert "csrfmiddlewaretoken" not in found["fields"]
    kept = engine.page.evaluate(CACHED)
    assert kept
    assert [one for one in kept if not re.search("/kiosk/(shell|content)/", one)] == []


CACHED = """async () => {
  const found = [];
  for (const name of await caches.keys()) {
    found.push(...(await (await caches.open(name)).keys()).map(({ url }) => url));
  }
  return found;
}"""


def test_of_two_tabs_each_goes_on_from_its_own_visit(engine: Engine, line: Line) -> None:
    engine.at_work()
    page = to_description(engine)
    other = page.context.new_page()
    other.goto(f"{engine.site}/kiosk/people/")
    line.is_now(CUT)
    other.locator("a[href='/kiosk/again/']").first.click()
    assert taken(other)["path"] == "/kiosk/again/"
    page.locator(".hub-kiosk-bar .hub-kiosk-key--main").click()
    assert taken(page)["visit"]["service"] == "fly-tipping"


def test_a_send_it_whose_answer_never_came_says_which_visit_it_was(
    engine: Engine, line: Line
) -> None:
    engine.at_work()
    page = to_description(engine)
    page.locator(".hub-kiosk-bar .hub-kiosk-key--main").click()
    page.locator("button[value=none]").click()
    held = json.loads(page.locator("#visit").text_content() or "")
    line.is_now(DEAF)
    page.locator("button[form=send]").click()
    found = taken(page)
    assert (found["path"], found["method"]) == ("/kiosk/check/", "POST")
    assert found["visit"]["id"] == held["id"]
    # It had arrived.
    assert Enquiry.objects.count() == 1
