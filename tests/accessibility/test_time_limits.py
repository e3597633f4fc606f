"""Where time is limited, people are told before and get more of it; elsewhere they have a day.

The kiosk's own limit is in tests/kiosk/test_in_chromium.py, that of "my enquiries" in
tests/mine/test_pages.py.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.conf import settings
from django.test import Client
from django.utils import timezone
from playwright.sync_api import Page, expect

from accounts.models import Session, User
from tests.accessibility import axe
from tests.journeys.steps import hidden_fields
from tests.web.conftest import Visitor
from tests.world import NOW, World, ask, build, enquiry_of

# What WCAG 2.2.1 calls no limit.
ENOUGH = timedelta(hours=20)


@pytest.mark.django_db
def test_a_form_waits_for_two_days_and_then_says_what_is_lost(world: World) -> None:
    assert timedelta(seconds=settings.SESSION_COOKIE_AGE) >= ENOUGH
    visitor = Visitor()
    with time_machine.travel(NOW, tick=False) as clock:
        visitor.start("missed-bin")
        clock.shift(timedelta(hours=47))
        visitor.answer(postcode="WR11 3DA")
        assert visitor.at.endswith("/q/description/")
        clock.shift(timedelta(hours=47))
        visitor.answer(description="Not emptied")
        assert visitor.at.endswith("/q/you/")
        clock.shift(timedelta(days=3))
        assert visitor.go(visitor.client.get(visitor.at)).status_code == 404
        assert "We keep a form that was not sent for 2 days" in visitor.text


@pytest.mark.django_db
def test_the_link_of_a_short_page_may_be_asked_for_all_day(world: World) -> None:
    client = Client()
    with time_machine.travel(NOW, tick=False) as clock:
        reference = enquiry_of(ask()).reference
        known = {"reference": reference, "postcode": "WR11 3DA"}
        page = client.post("/track/", known).content.decode()
        clock.shift(ENOUGH)
        sent = client.post("/track/link/", hidden_fields(page, "/track/link/"))
        assert "Look at your messages" in sent.content.decode()


@pytest.mark.django_db(transaction=True)
def test_staff_are_warned_too_and_lose_nothing_that_they_typed(
    transactional_db: None, live_server: Any, page: Page, client_for: Callable[[User], Client]
) -> None:
    world = build()
    session = client_for(world.agent).cookies["sessionid"].value
    page.context.add_cookies([{"name": "sessionid", "value": session, "url": live_server.url}])
    page.clock.install()
    page.goto(f"{live_server.url}/desk/people/")
    page.get_by_role("searchbox").fill("Jo B")
    warning = page.get_by_role("dialog", name="Are you still there?")
    page.clock.run_for("27:15")
    # A minute and three quarters, less what this machine takes to look: its clock runs on.
    expect(warning).to_contain_text(re.compile(r"1:(3\d|4[0-5])"))
    wrong = axe.walk(page)
    page.set_viewport_size({"width": 1440, "height": 900})
    here = Session.objects.filter(pk=session)
    here.update(seen_at=timezone.now() - timedelta(minutes=28))
    with page.expect_response("**/desk/account/"):
        page.keyboard.press("Escape")
    expect(warning).not_to_be_visible()
    seen = here.get().seen_at
    assert seen is not None
    assert timezone.now() - seen < timedelta(minutes=1)
    page.clock.run_for("30:00")
    expect(warning).to_contain_text("It is closed now")
    wrong += axe.walk(page, again=True)
    page.get_by_role("button", name="Close", exact=True).click()
    expect(warning).not_to_be_visible()
    expect(page.get_by_role("searchbox")).to_have_value("Jo B")
    assert not wrong, "\n".join(wrong)
