"""Chromium at macros and rules, by keyboard alone: written, tried, switched on, done; with axe."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from enquiries.models import Enquiry
from tests.accessibility import axe
from tests.desk.test_browser import sign_in
from tests.teamwork.rules import begin, case, run
from tests.world import build

pytestmark = pytest.mark.django_db(transaction=True)


def keep(page: Page, name: str) -> None:
    """A picture for who wants to look: HUB_SHOTS names the folder."""
    folder = os.environ.get("HUB_SHOTS")
    for size, width in (("desk", 1440), ("phone", 390)) if folder else ():
        page.set_viewport_size({"width": width, "height": 900})
        page.screenshot(path=Path(folder or "") / f"{name}-{size}.png", full_page=True)


def fill(page: Page, label: str, text: str) -> None:
    """By keyboard: the field has the focus, and is typed into."""
    page.get_by_label(label, exact=True).focus()
    page.keyboard.type(text)


def send(page: Page, name: str) -> None:
    button = page.get_by_role("button", name=name, exact=True)
    button.focus()
    with page.expect_navigation():
        page.keyboard.press("Enter")


def _lamp_out(page: Page, site: str) -> None:
    """Writes a macro whose key is something else's."""
    page.goto(f"{site}/desk/macros/new/")
    fill(page, "Name", "Lamp out")
    fill(page, "Key (if needed)", "j")
    for title in ("Set the priority", "Tell the citizen"):
        page.locator("summary", has_text=title).focus()
        page.keyboard.press("Enter")
    page.get_by_label("Priority", exact=True).focus()
    page.keyboard.type("Urgent")
    fill(page, "Why? (staff read this)", "It is dark")
    fill(page, "Words for the citizen", "Dear {name}, we look at {service}.")
    send(page, "Keep the macro")


def test_a_macro_is_written_looked_through_and_done_with_keys_alone(
    transactional_db: None, live_server: Any, page: Page
) -> None:
    build()
    site, one = str(live_server.url), case("The lamp is out")
    sign_in(page, site, "admin@hub.demo")
    _lamp_out(page, site)
    expect(page.get_by_role("alert")).to_contain_text("for something else")
    wrong = axe.breaches(page)
    keep(page, "macro-refused")
    page.get_by_label("Key (if needed)").focus()
    page.keyboard.press("Control+a")
    page.keyboard.type("1")
    send(page, "Keep the macro")
    wrong += axe.breaches(page)
    keep(page, "macros")
    page.goto(f"{site}/desk/cases/{one.reference}/")
    with page.expect_navigation():
        page.keyboard.press("m")
    wrong += axe.breaches(page)
    page.go_back()
    page.keyboard.press("Control+k")
    page.keyboard.type("lamp")
    expect(page.get_by_role("option", name="Lamp out")).to_be_visible()
    page.keyboard.press("Escape")
    # One key, then Enter: what it will do stands there, and is done.
    with page.expect_navigation():
        page.keyboard.press("1")
    wrong += axe.breaches(page)
    expect(page.get_by_text("Dear Jo Bloggs, we look at Missed bin.")).to_be_visible()
    expect(page.get_by_text("Sends: email to jo@example.com")).to_be_visible()
    keep(page, "macro-run")
    assert Enquiry.objects.get(pk=one.pk).priority == "normal"
    expect(page.get_by_role("button", name="Do it")).to_be_focused()
    with page.expect_navigation():
        page.keyboard.press("Enter")
    expect(page.get_by_text("“Lamp out” is done")).to_be_visible()
    expect(page.get_by_text("by the macro “Lamp out”").first).to_be_visible()
    assert Enquiry.objects.get(pk=one.pk).priority == "urgent"
    page.keyboard.press("z")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    expect(page.get_by_text("Taken back: WH")).to_be_visible()
    assert Enquiry.objects.get(pk=one.pk).priority == "normal"
    assert wrong == []


def test_a_rule_is_written_tried_switched_on_and_its_runs_are_read(
    transactional_db: None, live_server: Any, page: Page
) -> None:
    build()
    begin()
    site = str(live_server.url)
    case("The wheels are gone")
    sign_in(page, site, "admin@hub.demo")
    page.goto(f"{site}/desk/rules/")
    wrong = axe.breaches(page)
    page.get_by_role("button", name="Write a rule").focus()
    with page.expect_navigation():
        page.keyboard.press("Enter")
    fill(page, "Name", "Wheels")
    page.get_by_label("When", exact=True).focus()
    page.keyboard.type("An enquiry comes in")
    fill(page, "The words have one of", "wheel*, axle")
    page.locator("summary", has_text="Set the priority").focus()
    page.keyboard.press("Enter")
    page.get_by_label("Priority", exact=True).focus()
    page.keyboard.type("Urgent")
    send(page, "Keep the rule")
    expect(page.get_by_role("alert")).to_contain_text("Write the words")
    wrong += axe.breaches(page)
    fill(page, "Why? (staff read this)", "It rolls")
    send(page, "Try it on what happened lately")
    expect(page.get_by_text("it would have acted 1 time, on 1 case")).to_be_visible()
    wrong += axe.breaches(page)
    keep(page, "rule-tried")
    send(page, "Keep the rule")
    send(page, "Switch it on")
    hit = case("Another without wheels")
    run()
    page.reload()
    expect(page.get_by_role("link", name=hit.reference)).to_be_visible()
    wrong += axe.breaches(page)
    keep(page, "rule")
    page.goto(f"{site}/desk/rules/")
    expect(page.get_by_text("then set the priority to urgent.")).to_be_visible()
    wrong += axe.breaches(page)
    keep(page, "rules")
    page.goto(f"{site}/desk/cases/{hit.reference}/")
    expect(page.get_by_text("Rule “Wheels”").first).to_be_visible()
    assert wrong == []
