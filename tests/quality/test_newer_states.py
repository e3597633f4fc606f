"""What pages show since links are checked and second stops are ticked, walked by axe."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Page, expect

from accounts.permissions import Viewer
from enquiries.models import Enquiry, Referral
from teamwork import actions_quality, queries_quality
from teamwork.models import QualityPair
from tests.accessibility import axe
from tests.desk.steps import act, open_contact
from tests.desk.test_states_browser import _signed_in
from tests.quality.test_sample import LATER, asked, drawn, leaders, world  # noqa: F401  fixtures
from tests.world import World, ask, enquiry_of

pytestmark = pytest.mark.django_db(transaction=True)


def test_the_warning_about_doubtful_links_stands_over_the_figures(
    asked: None,  # noqa: F811
    leaders: list[Viewer],  # noqa: F811
    world: World,  # noqa: F811
    client_for: Any,
    live_server: Any,
    page: Page,
) -> None:
    number = drawn(leaders[0])
    for who in leaders[:2]:
        while (found := queries_quality.next_to_mark(who, number)) is not None:
            tier = QualityPair.objects.get(public_id=found.public_id).tier
            answer = "apart" if tier else "same"
            actions_quality.mark(who, pair=found.public_id, answer=answer, now=LATER)
    _signed_in(page, str(live_server.url), client_for(world.manager))
    page.goto(f"{live_server.url}/desk/performance/")
    expect(page.get_by_text("Read the rate with care")).to_be_visible()
    wrong = axe.walk(page)
    page.goto(f"{live_server.url}/desk/team/quality/")
    assert wrong + axe.walk(page) == []


def test_the_ticks_that_make_a_second_stop(
    world: World,  # noqa: F811
    client_for: Any,
    live_server: Any,
    page: Page,
) -> None:
    site, client = str(live_server.url), client_for(world.agent)
    case = enquiry_of(ask(service=None, words="Something is broken"))
    _signed_in(page, site, client)
    wrong = []
    ticks = {"reply": "These words send them", "ask": "We could not have asked this"}
    for name, label in ticks.items():
        page.goto(f"{site}/desk/cases/{case.reference}/?act={name}")
        page.get_by_label(label).check()
        wrong += axe.walk(page)
    page.goto(site + open_contact(client))
    way = page.get_by_role("button", name="Told to ring, visit or fill in something else")
    way.focus()
    wrong += axe.walk(page)
    page.set_viewport_size({"width": 1440, "height": 900})
    way.press("Enter")
    page.wait_for_url(f"{site}/desk/contact/")
    assert wrong + axe.walk(page) == []


def test_the_ticks_of_a_partner(
    world: World,  # noqa: F811
    client_for: Any,
    live_server: Any,
    page: Page,
) -> None:
    ask(words="The bin again")
    work = Referral.objects.get(enquiry=Enquiry.objects.latest("pk"))
    _signed_in(page, str(live_server.url), client_for(world.officer))
    act(client_for(world.officer), f"/desk/referrals/{work.public_id}/", "accept")
    page.goto(f"{live_server.url}/desk/referrals/{work.public_id}/")
    wrong = []
    ticks = {"note": "These words send them", "ask": "We could not have asked this"}
    for again, (name, label) in enumerate(ticks.items()):
        page.set_viewport_size({"width": 1440, "height": 900})
        page.locator(f"#act-{name} > summary").click()
        page.locator(f"#act-{name}").get_by_label(label).check()
        wrong += axe.walk(page, again=bool(again))
    assert wrong == []
