"""Chromium walks the editor, from a draft to what is live and back: with axe, without scripts."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from accounts.models import OutsideBody
from enquiries.models import Enquiry
from tests import browsing, forms_of
from tests.accessibility import axe
from tests.desk.test_browser import sign_in
from tests.desk.test_browser import watched as watched
from tests.world import ask, build

pytestmark = pytest.mark.django_db(transaction=True)
ROOT = "/desk/settings/routing/"


@pytest.fixture
def site(transactional_db: None, live_server: Any) -> str:
    """A hub whose service Pothole asks on which road it is, with some enquiries."""
    build()
    OutsideBody.objects.create(
        slug="national-highways",
        name="National Highways",
        kind="roads",
        phone="0300 123 5000",
        hand_off="National Highways looks after motorways. Ring them on 0300 123 5000.",
    )
    forms_of.add(
        "pothole",
        forms_of.choice("road", "Which road is it on?", local="A street", motorway="A motorway"),
    )
    ask(service="missed-bin")
    ask(service="pothole", postcode="WR1 3EZ")
    received = ask(service="pothole", postcode="WR1 3EZ", triaged=False).enquiries[0]
    Enquiry.objects.filter(pk=received.enquiry_id).update(answers={"road": "motorway"})
    return str(live_server.url)


def test_from_a_draft_to_live_and_back_in_three_sizes(site: str, watched: Page) -> None:
    page, wrong = watched, []

    def look() -> None:
        wrong.extend(axe.walk(page))
        page.set_viewport_size({"width": 1280, "height": 900})

    sign_in(page, site, "admin@hub.demo")
    page.goto(f"{site}/desk/settings/")
    browsing.follow(page.get_by_role("link", name="Routing rules"))
    look()
    page.get_by_label("What will it change?").fill("The M5 is not ours")
    page.get_by_role("button", name="Make a draft").click()
    expect(page.get_by_role("heading", name="Version 2")).to_be_visible()
    look()
    _one_rule(page, look)
    page.goto(f"{site}{ROOT}2/")
    for view in ("Checks", "On real enquiries", "What it changes"):
        views = page.get_by_role("navigation", name="Views of the version")
        browsing.follow(views.get_by_role("link", name=view))
        look()
    page.get_by_role("button", name="Publish…").click()
    expect(page.get_by_text("1 would go to somebody else")).to_be_visible()
    page.get_by_label("At a time").check()
    look()
    page.get_by_label("Now").check()
    expect(page.get_by_label("Day")).not_to_be_visible()
    page.get_by_role("button", name="Publish").click()
    expect(page.get_by_text("Version 2 is live")).to_be_visible()
    look()
    page.get_by_role("link", name="Undo: back to version 1").click()
    look()
    page.get_by_role("button", name="Undo it now").click()
    expect(page.get_by_text("Version 3 is live")).to_be_visible()
    expect(page.get_by_text("Back to version 1").first).to_be_visible()
    assert wrong == []


def _one_rule(page: Page, look: Callable[[], None]) -> None:
    """A rule is added, and its pages are looked at."""
    page.get_by_role("link", name="Add a rule").click()
    look()
    page.get_by_label("What is the rule about?").select_option("pothole")
    page.get_by_role("button", name="Go on").click()
    look()
    page.get_by_role("button", name="Add the rule").click()
    expect(page.get_by_role("link", name="Choose who acts")).to_be_visible()
    look()
    page.get_by_label("A motorway").check()
    page.get_by_label("Who acts?").select_option("outside.national-highways")
    page.get_by_role("button", name="Add the rule").click()
    expect(page.get_by_text("Rule 5 is in the draft")).to_be_visible()
    look()
    page.get_by_role("link", name="Change rule 5").click()
    page.get_by_text("Days, priority, ways in and languages").click()
    look()
    page.get_by_role("link", name="Move it").click()
    look()
    page.go_back()
    browsing.follow(page.get_by_role("link", name="Delete it"))
    look()


def test_tables_bodies_and_a_colleagues_edit_in_three_sizes(
    site: str, watched: Page, tmp_path: Path
) -> None:
    page, wrong = watched, []

    def look(path: str = "") -> None:
        if path:
            page.goto(site + path)
        wrong.extend(axe.walk(page))
        page.set_viewport_size({"width": 1280, "height": 900})

    sign_in(page, site, "admin@hub.demo")
    page.goto(site + ROOT)
    page.get_by_label("What will it change?").fill("All from a table")
    page.get_by_role("button", name="Make a draft").click()
    browsing.follow(page.get_by_role("link", name="Load all rules from a table"))
    look()
    bad = tmp_path / "rules.csv"
    header = "position,owner_tier,groups,services,area_code,organisation,team"
    bad.write_text(f"{header},valid_from,valid_until,note\nx,,,,E9,nobody,,,,\n", encoding="utf-8")
    page.get_by_label("Table").set_input_files(bad)
    page.get_by_role("button", name="Load the table").click()
    expect(page.get_by_text("3 problems, so nothing was changed")).to_be_visible()
    look()
    page.goto(f"{site}{ROOT}2/rules/10/")
    other = page.context.new_page()
    other.goto(f"{site}{ROOT}2/rules/10/")
    other.get_by_label("Why (if needed)").fill("Theirs")
    other.get_by_role("button", name="Save the rule").click()
    expect(other.get_by_text("Rule 10 is in the draft")).to_be_visible()
    other.close()
    page.get_by_label("Why (if needed)").fill("Mine")
    page.get_by_role("button", name="Save the rule").click()
    expect(page.get_by_text("What your colleague changed")).to_be_visible()
    expect(page.get_by_label("Why (if needed)")).to_have_value("Mine")
    look()
    page.get_by_role("button", name="Save the rule").click()
    expect(page.get_by_text("Rule 10 is in the draft")).to_be_visible()
    look(f"{ROOT}2/changes/")
    look(f"{ROOT}2/discard/")
    look("/desk/settings/outside/")
    page.get_by_role("button", name="Add the body").click()
    look()
    look("/desk/settings/outside/national-highways/")
    assert wrong == []


def test_a_rule_is_added_and_published_without_any_script(site: str, browser: Browser) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    sign_in(page, site, "admin@hub.demo")
    page.goto(site + ROOT)
    page.get_by_label("What will it change?").fill("Without a script")
    page.get_by_role("button", name="Make a draft").click()
    page.get_by_role("link", name="Add a rule").click()
    page.get_by_label("What is the rule about?").select_option("tier.town")
    page.get_by_role("button", name="Go on").click()
    page.get_by_label("Who acts?").select_option("wychavon")
    page.get_by_label("Area").select_option("E07000238")
    page.get_by_role("button", name="Add the rule").click()
    expect(page.get_by_text("Rule 40 is in the draft")).to_be_visible()
    browsing.press(page, "Publish…")
    browsing.press(page, "Publish")
    expect(page.get_by_text("Version 2 is live")).to_be_visible()
    context.close()
