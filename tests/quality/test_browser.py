"""A pair of links is marked by keys alone; its page is walked by axe in each state."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Page, expect

from accounts.permissions import Viewer
from teamwork.models import QualityMark
from tests.accessibility import axe
from tests.desk.test_browser import sign_in
from tests.quality.test_sample import asked, drawn, leaders, world  # noqa: F401  fixtures

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_pair_is_marked_by_keys_and_refused_without_an_answer(
    asked: None,  # noqa: F811
    leaders: list[Viewer],  # noqa: F811
    live_server: Any,
    page: Page,
) -> None:
    number = drawn(leaders[0])
    site = str(live_server.url)
    sign_in(page, site, "admin@hub.demo")
    page.goto(f"{site}/desk/team/quality/")
    wrong = axe.walk(page)
    page.set_viewport_size({"width": 1440, "height": 900})
    page.get_by_role("link", name="Mark pairs").press("Enter")
    page.wait_for_url(f"**/quality/{number}/mark/")
    wrong += axe.walk(page)
    page.set_viewport_size({"width": 1440, "height": 900})
    page.get_by_role("button", name="Next pair").press("Enter")
    expect(page.get_by_role("alert")).to_contain_text("Say whether it is the same need")
    wrong += axe.walk(page)
    page.set_viewport_size({"width": 1440, "height": 900})
    page.keyboard.press("2")
    expect(page.get_by_label("Something else")).to_be_checked()
    page.keyboard.press("Enter")
    expect(page.get_by_text("pair 2 of 2")).to_be_visible()
    assert QualityMark.objects.get().answer == "apart"
    assert wrong == []
