"""Chromium at first triage: a suggestion taken with one press, with axe and without scripts."""

from __future__ import annotations

import os
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import Browser, Page, expect

from enquiries.actions import triage
from enquiries.channels import Channel
from enquiries.models import Enquiry, Suggestion
from kb.models import Cue
from tests import browsing
from tests.accessibility import axe
from tests.desk.test_browser import sign_in
from tests.world import World, ask, build, enquiry_of

pytestmark = pytest.mark.django_db(transaction=True)
UNSURE = "rubbish bin beside the tyre"
LONG = "Donaudampfschifffahrtsgesellschaftskapitän" * 3


@pytest.fixture
def world(transactional_db: None) -> World:
    made = build()
    Cue.objects.create(subject="missed-bin", says="bin not emptied", points="bin")
    Cue.objects.create(subject="pothole", says="pothole", points="tyre")
    return made


def asked(words: str = UNSURE) -> Enquiry:
    at = timezone.now() - timedelta(hours=1)
    return enquiry_of(ask(words=words, service=None, channel=Channel.SMS, at=at))


def keep(page: Page, name: str) -> None:
    """A picture for who wants to look: HUB_SHOTS names the folder."""
    folder = os.environ.get("HUB_SHOTS")
    for size, width in (("desk", 1440), ("phone", 390)) if folder else ():
        page.set_viewport_size({"width": width, "height": 900})
        page.screenshot(path=Path(folder or "") / f"{name}-{size}.png", full_page=True)


def test_the_pages_of_first_triage_in_their_sizes(
    world: World, live_server: Any, page: Page
) -> None:
    case, silent = asked(), asked(f"hello {LONG}")
    sure = asked("bin not emptied")
    corrected = asked()
    triage.place(
        reference=corrected.reference,
        viewer=world.viewer(world.agent),
        service="pothole",
        now=timezone.now(),
    )
    site, wrong = str(live_server.url), []
    shown = [
        ("case", f"/desk/cases/{case.reference}/?view=all"),
        ("nothing-said", f"/desk/cases/{silent.reference}/"),
        ("set", f"/desk/cases/{sure.reference}/"),
        ("queue", "/desk/?view=unassigned"),
        ("figures", "/desk/performance/triage/"),
    ]
    sign_in(page, site, "admin@hub.demo")
    for name, path in shown:
        page.goto(site + path)
        wrong.extend(axe.walk(page))
        keep(page, name)
    assert wrong == []
    with page.expect_download() as saved:
        page.get_by_role("link", name="Download the last 12 weeks").click()
    assert saved.value.suggested_filename.startswith("first-triage-")


def test_a_suggestion_is_taken_with_one_press_without_scripts(
    world: World, live_server: Any, browser: Browser
) -> None:
    case = asked()
    context = browser.new_context(java_script_enabled=False)
    page, site = context.new_page(), str(live_server.url)
    sign_in(page, site, "agent@hub.demo")
    page.goto(f"{site}/desk/cases/{case.reference}/")
    expect(page.get_by_role("heading", name="What it may be about")).to_be_visible()
    browsing.press(page, "Yes, it is Missed bin")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Missed bin")
    expect(page.get_by_role("heading", name="What it may be about")).to_have_count(0)
    assert Suggestion.objects.get(enquiry=case).right is True
    context.close()
