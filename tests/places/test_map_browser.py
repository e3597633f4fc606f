"""The place question in Chromium: by keys, by taps, by the device, and without any script."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import Browser, ConsoleMessage, Page, expect

from accounts.actions_reference import save_boundaries
from accounts.boundary_files import BoundaryRow
from core.audit import SYSTEM
from enquiries.models import Enquiry
from tests.accessibility import axe
from tests.accessibility.keyboard import Keys
from tests.partnership import load_partnership

pytestmark = pytest.mark.django_db(transaction=True)

WYCHAVON = "E07000238"


@pytest.fixture
def site(transactional_db: None, live_server: Any) -> str:
    load_partnership()
    return str(live_server.url)


@pytest.fixture
def said(page: Page) -> list[str]:
    """What Chromium complains of: a broken script, or what our policy of content forbids."""
    lines: list[str] = []

    def heard(line: ConsoleMessage) -> None:
        if line.type == "error":
            lines.append(f"{line.text} {line.location.get('url', '')}")

    page.on("console", heard)
    page.on("pageerror", lambda error: lines.append(str(error)))
    return lines


def to_the_place(page: Page, site: str) -> None:
    page.goto(f"{site}/ask/?service=fly-tipping")
    page.get_by_role("button", name="Continue").click()
    expect(page.get_by_role("heading", name="Where is it?")).to_be_visible()


def opened(page: Page) -> Any:
    page.get_by_role("button", name="Show on a map").click()
    area = page.get_by_role("application", name="Map: put the pin where it is")
    expect(area).to_be_visible()
    expect(area).to_have_class(re.compile("leaflet-container"))
    return area


def on_to_the_end(page: Page) -> Enquiry:
    page.get_by_role("button", name="Continue").last.click()
    page.get_by_label("What happened?").fill("A mattress by the bridge")
    page.get_by_role("button", name="Continue").click()
    page.get_by_label("Email", exact=True).check()
    page.get_by_label("Email address").fill("jo@example.com")
    page.get_by_label("Full name").fill("Jo Example")
    page.get_by_role("button", name="Continue").click()
    expect(page.get_by_role("heading", name="Check your answers")).to_be_visible()
    page.get_by_role("button", name="Send it").click()
    expect(page.get_by_text("We have it")).to_be_visible()
    return Enquiry.objects.get()


def test_the_pin_by_keys_alone(site: str, page: Page, said: list[str]) -> None:
    keys = Keys(page)
    to_the_place(page, site)
    keys.arrive()
    keys.write(page.get_by_label("Postcode").first, "WR11 4AA")
    keys.tab_to(page.get_by_role("button", name="Show on a map"))
    keys.press("Enter")
    area = page.get_by_role("application", name="Map: put the pin where it is")
    expect(area).to_have_class(re.compile("hub-map__canvas--near"))
    keys.tab_to(area)
    keys.press("ArrowUp")
    expect(page.get_by_text(re.compile(r"Near WR11 \d\w\w, Wychavon")).first).to_be_visible()
    first = page.locator("#id_latitude").input_value()
    keys.press("ArrowUp", "+", "ArrowRight")
    expect(page.locator("#id_latitude")).not_to_have_value(first)
    assert float(page.locator("#id_latitude").input_value()) > float(first)
    keys.tab_to(page.get_by_role("button", name="Left", exact=True))
    east = page.locator("#id_longitude").input_value()
    keys.press("Space")
    expect(page.locator("#id_longitude")).not_to_have_value(east)
    expect(page.get_by_label("Postcode").first).to_have_value("WR11 4AA")
    wanted = page.locator("#id_latitude").input_value()
    keys.follow(page.get_by_role("button", name="Continue").last)
    keys.write(page.get_by_label("What happened?"), "A mattress by the bridge")
    keys.follow(page.get_by_role("button", name="Continue"))
    keys.choose(page.get_by_label("Email", exact=True))
    keys.write(page.get_by_label("Email address"), "jo@example.com")
    keys.write(page.get_by_label("Full name"), "Jo Example")
    keys.follow(page.get_by_role("button", name="Continue"))
    keys.follow(page.get_by_role("button", name="Send it"))
    enquiry = Enquiry.objects.get()
    assert f"{enquiry.latitude:.6f}" == wanted
    assert enquiry.district_code == WYCHAVON
    assert not keys.wrong, "\n".join(keys.wrong)
    assert said == []


def test_the_pin_by_a_tap_and_by_buttons_and_gone_again(
    site: str, page: Page, said: list[str]
) -> None:
    to_the_place(page, site)
    page.get_by_label("Postcode").first.fill("WR11 4AA")
    area = opened(page)
    expect(area).to_have_class(re.compile("hub-map__canvas--near"))
    page.get_by_label("Postcode").first.fill("")
    area.click(position={"x": 120, "y": 90})
    expect(page.get_by_label("Postcode").first).to_have_value(re.compile(r"WR11 \d\w\w"))
    before = page.locator("#id_longitude").input_value()
    page.get_by_role("button", name="Left", exact=True).click()
    expect(page.locator("#id_longitude")).not_to_have_value(before)
    page.get_by_role("button", name="Remove the pin").click()
    expect(page.locator("#id_latitude")).to_have_value("")
    expect(page.get_by_label("Postcode").first).to_have_value("")
    expect(page.get_by_text("The pin is gone")).to_be_visible()
    page.get_by_role("button", name="Continue").last.click()
    expect(page.get_by_role("link", name=re.compile("Enter a postcode, or choose"))).to_be_visible()
    assert said == []


def test_the_device_says_where_it_is(site: str, browser: Browser, said: list[str]) -> None:
    context = browser.new_context(
        geolocation={"latitude": 52.0921, "longitude": -1.9469, "accuracy": 30},
        permissions=["geolocation"],
    )
    page = context.new_page()
    to_the_place(page, site)
    page.get_by_role("button", name="Use where I am").click()
    expect(page.get_by_text("to within 30 m")).to_be_visible()
    expect(page.get_by_text(re.compile(r"Near WR11 \d\w\w, Wychavon")).first).to_be_visible()
    enquiry = on_to_the_end(page)
    assert (enquiry.latitude, enquiry.longitude) == (52.0921, -1.9469)
    context.close()


def test_a_device_that_says_nothing_leaves_the_fields(site: str, browser: Browser) -> None:
    context = browser.new_context(permissions=[])
    page = context.new_page()
    to_the_place(page, site)
    page.get_by_role("button", name="Use where I am").click()
    expect(page.get_by_text("Your device did not tell us where you are")).to_be_visible()
    page.get_by_label("Postcode").first.fill("WR11 4AA")
    assert on_to_the_end(page).postcode == "WR11 4AA"
    context.close()


def test_without_pictures_the_districts_and_postcodes_are_drawn(
    site: str, page: Page, said: list[str]
) -> None:
    square = [[-2.05, 52.05], [-1.85, 52.05], [-1.85, 52.15], [-2.05, 52.15], [-2.05, 52.05]]
    edge = {"type": "Polygon", "coordinates": [square]}
    row = BoundaryRow(area_code=WYCHAVON, geometry=edge, source="A test")
    save_boundaries([row], actor=SYSTEM, now=timezone.now())
    asked: list[str] = []
    page.on("request", lambda one: asked.append(one.url))
    to_the_place(page, site)
    with page.expect_response("**/places/districts/"):
        area = opened(page)
    expect(area.locator("path.hub-map__edge")).to_have_count(1)
    expect(area.get_by_text("Wychavon", exact=True)).to_be_visible()
    page.get_by_label("Postcode").first.fill("WR11 4AA")
    page.keyboard.press("Tab")
    expect(area.locator(".hub-map__name--postcode").first).to_be_visible()
    assert area.locator(".hub-map__name--postcode").count() >= 10
    assert [one for one in asked if not one.startswith(site)] == []
    assert said == []


def test_where_no_boundary_is_loaded_the_postcodes_draw_the_towns(
    site: str, page: Page, said: list[str]
) -> None:
    to_the_place(page, site)
    area = opened(page)
    dots = area.locator("canvas.leaflet-tile-loaded")
    expect(dots.first).to_be_visible()
    # How many points of them have a colour.
    inked = """squares => squares.reduce((sum, one) => sum + one.getContext("2d")
        .getImageData(0, 0, one.width, one.height).data
        .filter((value, at) => at % 4 === 3 && value).length, 0)"""
    # The other squares come one by one.
    page.wait_for_function(
        f"""() => ({inked})([...document.querySelectorAll("canvas.leaflet-tile-loaded")]) > 1_000"""
    )
    expect(area.get_by_text("Wychavon", exact=True)).to_be_visible()
    for _ in range(3):
        area.get_by_role("button", name="Closer").click()
    expect(area.locator(".hub-map__name--ward:not(.hub-map__name--covered)").first).to_be_visible()
    assert said == []


def test_every_state_of_the_place_passes_axe(site: str, page: Page) -> None:
    wrong = list[str]()
    to_the_place(page, site)
    wrong += axe.walk(page)
    page.get_by_label("Postcode").first.fill("WR11 4AA")
    page.set_viewport_size({"width": 1440, "height": 900})
    area = opened(page)
    area.focus()
    page.keyboard.press("ArrowUp")
    expect(page.get_by_role("button", name="Remove the pin")).to_be_visible()
    wrong += axe.walk(page, again=True)
    small = page.evaluate(
        """() => [...document.querySelectorAll("main button, main a[href]")]
        .filter((e) => e.offsetParent && !e.closest("p, li, .leaflet-control-attribution"))
        .map((e) => [e.textContent, e.getBoundingClientRect()])
        .filter(([, box]) => box.width < 24 || box.height < 24).map(([words]) => words)"""
    )
    assert small == []
    page.locator("#id_latitude").evaluate("field => { field.value = '999' }")
    page.get_by_role("button", name="Continue").last.click()
    expect(page.get_by_role("heading", name="There is a problem")).to_be_visible()
    wrong += axe.walk(page)
    assert not wrong, "\n".join(wrong)


def test_without_any_script_the_fields_are_enough(site: str, browser: Browser) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    to_the_place(page, site)
    expect(page.get_by_role("button", name="Show on a map")).to_be_hidden()
    expect(page.get_by_role("button", name="Remove the pin")).to_be_hidden()
    page.get_by_label("Postcode").first.fill("WR11 4AA")
    assert on_to_the_end(page).postcode == "WR11 4AA"
    context.close()
