"""Chromium walks the pages of how somebody is told, in three sizes."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction
from django.utils import timezone
from playwright.sync_api import Page, expect

import customers.actions
from customers import actions_telling, links
from customers.models import ContactPoint, Person
from enquiries.models import CallDue
from hub.languages import COOKIE
from notifications import outcomes
from notifications.backends.base import Refused
from notifications.models import Notification
from tests.accessibility import axe
from tests.desk.test_browser import sign_in
from tests.outbox import run_outbox
from tests.telling.conftest import HOME, MAIL, PHONE
from tests.world import World, ask, build, enquiry_of

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def small(transactional_db: None, live_server: Any) -> World:
    """The small partnership, where Chromium reaches it."""
    return build()


def walked(page: Page) -> None:
    for width, height in axe.SIZES.values():
        page.set_viewport_size({"width": width, "height": height})
        assert axe.breaches(page) == []
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


def test_the_desks_page_of_how_somebody_is_told(small: World, live_server: Any, page: Page) -> None:
    now = timezone.now()
    enquiry = enquiry_of(ask(at=now, sender=HOME, tell_by="sms"))
    person = Person.objects.get(pk=enquiry.person_id or 0)
    agent = small.viewer(small.agent)
    for kind, words in (("relay_uk", ""), ("interpreter", "Polish"), ("large_print", "")):
        actions_telling.record_need(
            viewer=agent, person=person.public_id, kind=kind, words=words, now=now
        )
    ContactPoint.objects.filter(value=MAIL).update(verified_at=now, verified_how="link")
    customers.actions.opt_out(phone=PHONE, now=now - timedelta(days=3))
    customers.actions.opt_in(phone=PHONE, now=now - timedelta(days=2))
    customers.actions.mark_unusable(kind="phone", value=PHONE, now=now)
    with transaction.atomic():
        outcomes.failed(
            Notification.objects.get(event="received"), Refused("Number not in use"), now=now
        )
    run_outbox()
    CallDue.objects.create(
        enquiry=enquiry, key="k", event="asked", words="Which of the two gates is it?",
        why="They only want to be rung", created_at=now,
    )  # fmt: skip
    sign_in(page, live_server.url, small.agent.email)
    page.goto(f"{live_server.url}/desk/people/{person.public_id}/telling/")
    expect(page.get_by_role("heading", level=1)).to_contain_text("How we tell")
    for closed in page.locator("details > summary").all():
        closed.click()
    walked(page)
    page.get_by_role("button", name="Keep it").click()
    expect(page.get_by_role("alert")).to_contain_text("Choose what they need")
    walked(page)
    page.goto(f"{live_server.url}/desk/cases/{enquiry.reference}/")
    expect(page.get_by_text("Email sent instead")).to_be_visible()
    expect(page.get_by_text("Ring through Relay UK")).to_be_visible()
    page.get_by_text("I rang them").click()
    walked(page)
    page.goto(f"{live_server.url}/desk/callbacks/")
    expect(page.get_by_role("heading", name="To be told by telephone")).to_be_visible()
    walked(page)


def test_the_rules_of_what_is_said_another_way(small: World, live_server: Any, page: Page) -> None:
    sign_in(page, live_server.url, small.administrator.email)
    page.goto(f"{live_server.url}/desk/settings/messages/ways/?whose=wychavon")
    expect(page.get_by_role("heading", level=1)).to_have_text("When a message fails")
    walked(page)
    page.get_by_role("button", name="Keep these rules").click()
    expect(page.get_by_text("The rules are kept")).to_be_visible()
    walked(page)


@pytest.mark.parametrize("language", ["en-gb", "pl"])
def test_their_own_page_in_both_languages(
    small: World, live_server: Any, page: Page, language: str
) -> None:
    now = timezone.now()
    ask(at=now, sender=HOME)
    link = links.prepare(
        link_id=links.ask(kind="email", value=MAIL, language="en-gb", now=now), now=now
    )
    assert link is not None
    page.context.add_cookies([{"name": COOKIE, "value": language, "url": live_server.url}])
    page.goto(f"{live_server.url}/my/open/{link.token}/")
    page.get_by_role("main").get_by_role("button").first.click()
    page.wait_for_url("**/my/enquiries/")
    page.goto(f"{live_server.url}/my/telling/")
    walked(page)
    page.locator("input[name=tell_by][value=letter]").check()
    page.locator("form[action='/my/telling/'] button").first.click()
    page.wait_for_url("**/my/telling/?kept=yes")
    expect(page.locator("input[name=tell_by][value=letter]")).to_be_checked()
    assert Person.objects.get(full_name="Jo Bloggs").tell_by == "letter"
