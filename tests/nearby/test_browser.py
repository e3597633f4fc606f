"""What is known already in Chromium: website, kiosk and desk, with axe, and without any script."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from playwright.sync_api import Browser, Page, expect

from accounts.permissions import SYSTEM_VIEWER
from enquiries.actions import neighbours, notices
from enquiries.inbound import Place
from enquiries.models import Enquiry, NoticeFollow
from kb import actions_notices
from kb.actions_notices import NoticeSaid
from kb.models import Notice
from notifications.models import Notification
from tests import browsing
from tests.accessibility import axe
from tests.kiosk.test_in_chromium import kiosk, look
from tests.nearby.steps import report
from tests.outbox import run_outbox
from tests.partnership import load_partnership
from tests.world import build

__all__ = ["kiosk"]
pytestmark = pytest.mark.django_db(transaction=True)

WYCHAVON = "E07000238"
BRIDGE = Place(postcode="WR11 4AA", address="By the bridge")


def reported() -> Enquiry:
    """A heap of rubbish that somebody told us of yesterday, with words that staff approved."""
    one = report(service="fly-tipping", place=BRIDGE, now=timezone.now() - timedelta(days=1))
    neighbours.show(
        reference=one.reference,
        viewer=SYSTEM_VIEWER,
        words="Two mattresses by the bridge",
        picture="",
        picture_words="",
        now=timezone.now(),
    )
    return one


def published(**more: Any) -> Notice:
    now = timezone.now()
    said = NoticeSaid(
        organisation="wychavon",
        kind="outage",
        title="The clearing team is one lorry short",
        words="We clear what was dumped two days later than usual this week.",
        advice="Do not move what may be sharp.",
        services=("fly-tipping",),
        starts_at=now - timedelta(hours=1),
        area_codes=(WYCHAVON,),
        expected_end_at=now + timedelta(days=2),
    )
    notice = actions_notices.draft(said, viewer=SYSTEM_VIEWER, now=now)
    return actions_notices.publish(public_id=notice.public_id, viewer=SYSTEM_VIEWER, now=now)


def to_what_is_known(page: Page, site: str) -> None:
    page.goto(f"{site}/ask/?service=fly-tipping")
    page.get_by_role("button", name="Continue").click()
    page.get_by_label("Postcode").first.fill("WR11 4AA")
    page.get_by_role("button", name="Continue").last.click()
    expect(page.get_by_role("heading", name="Is it one of these?")).to_be_visible()


def tell_me(page: Page) -> None:
    page.get_by_label("Email", exact=True).check()
    page.get_by_label("Email address").fill("sam@example.com")
    page.get_by_role("button", name="Send it").click()
    expect(page.get_by_text("We have it")).to_be_visible()


def test_it_is_this_one_on_the_website(
    transactional_db: None, live_server: Any, page: Page
) -> None:
    load_partnership()
    target = reported()
    published()
    said, wrong = list[str](), list[str]()
    page.on("console", lambda line: said.append(line.text) if line.type == "error" else None)
    page.on("pageerror", lambda error: said.append(str(error)))
    to_what_is_known(page, str(live_server.url))
    expect(page.get_by_text("Two mattresses by the bridge")).to_be_visible()
    expect(page.get_by_text("At the same postcode")).to_be_visible()
    wrong += axe.walk(page)
    page.get_by_role("button", name="Show them on a map").click()
    expect(page.locator(".hub-map__name--number")).to_be_visible()
    wrong += axe.walk(page, again=True)
    page.get_by_role("button", name="It is this one").click()
    expect(page.get_by_label("Full name (optional)")).to_be_visible()
    wrong += axe.walk(page)
    page.get_by_role("button", name="Send it").click()
    expect(page.get_by_role("heading", name="There is a problem")).to_be_visible()
    wrong += axe.walk(page)
    tell_me(page)
    run_outbox()
    mine = Enquiry.objects.exclude(pk=target.pk).get()
    assert mine.outcome == "duplicate"
    told = Notification.objects.filter(to="sam@example.com").values_list("event", flat=True)
    assert list(told) == ["linked"]
    assert not wrong, "\n".join(wrong)
    assert said == []


def test_a_notice_without_any_script(
    transactional_db: None, live_server: Any, browser: Browser
) -> None:
    load_partnership()
    notice = published()
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    to_what_is_known(page, str(live_server.url))
    expect(page.get_by_role("button", name="Show them on a map")).to_have_count(0)
    page.get_by_role("button", name=re.compile("This is what I wanted to tell you")).click()
    tell_me(page)
    mine = Enquiry.objects.get()
    assert mine.outcome == "answered"
    actions_notices.end(
        public_id=notice.public_id, words="All clear", viewer=SYSTEM_VIEWER, now=timezone.now()
    )
    notices.tell_due(now=timezone.now())
    assert NoticeFollow.objects.get().done_at is not None
    assert "All clear" in Notification.objects.get(event="notice_over").body
    context.close()


def test_at_the_kiosk_on_both_screens(kiosk: Page) -> None:  # the fixture above
    page = kiosk
    target = reported()
    published()
    site = page.url.split("/kiosk/")[0]
    browsing.follow(page.get_by_role("link", name="Touch to begin"))
    page.goto(f"{site}/kiosk/search/?q=fly+tipping")
    page.get_by_role("button", name=re.compile("fly-tipping")).first.click()
    page.get_by_label("Postcode").fill("WR11 4AA")
    page.get_by_role("button", name="Continue").click()
    page.get_by_label("What happened?").fill("Mattresses by the bridge")
    page.get_by_role("button", name="Continue").click()
    expect(page.get_by_role("heading", name="Is it one of these?")).to_be_visible()
    wrong = look(page, "nearby")
    page.get_by_role("button", name="It is this one").click()
    page.get_by_role("button", name="Email").click()
    page.get_by_label("Email address").fill("sam@example.com")
    page.get_by_label("Full name").fill("Sam Stone")
    page.get_by_role("button", name="Continue").click()
    page.get_by_role("button", name="Send it").click()
    expect(page.get_by_text("We have it")).to_be_visible()
    assert Enquiry.objects.exclude(pk=target.pk).get().outcome == "duplicate"
    assert not wrong, "\n".join(wrong)


def test_the_desk_writes_a_notice_in_three_sizes(
    transactional_db: None, live_server: Any, page: Page
) -> None:
    world, wrong = build(), list[str]()
    client = Client()
    client.force_login(world.manager)
    site = str(live_server.url)
    page.context.add_cookies(
        [{"name": "sessionid", "value": client.cookies["sessionid"].value, "url": site}]
    )
    page.goto(f"{site}/desk/notices/")
    wrong += axe.walk(page)
    page.get_by_role("button", name="Write a notice").click()
    expect(page.get_by_role("heading", name="Write a notice")).to_be_visible()
    wrong += axe.walk(page)
    page.get_by_role("button", name="Keep it as a draft").click()
    expect(page.get_by_role("heading", name="There is a problem")).to_be_visible()
    wrong += axe.walk(page)
    page.get_by_label("In whose name?").select_option("wychavon")
    page.get_by_label("Something is not working").check()
    page.get_by_label("Title").fill("No bins emptied in Evesham")
    page.get_by_label("What is happening?").fill("A lorry has broken down.")
    page.get_by_label("Missed bin").check()
    page.get_by_label("Around a postcode").check()
    page.get_by_label("Postcode in the middle").fill("WR11 3DA")
    page.get_by_label("How far around?").select_option("1000")
    page.get_by_label("What people call the place").fill("Evesham")
    page.get_by_role("button", name="Keep it as a draft").click()
    expect(page.get_by_text("Kept as a draft")).to_be_visible()
    wrong += axe.walk(page)
    page.get_by_role("button", name="Publish it").click()
    expect(page.get_by_text("Published. People see it")).to_be_visible()
    expect(page.get_by_text("Within 1,000 m of Evesham")).to_be_visible()
    wrong += axe.walk(page)
    page.get_by_label("What do we tell those who follow it?").fill("The lorry is back")
    page.get_by_role("button", name="End it and tell those who follow it").click()
    expect(page.get_by_text("It is over. Those who follow it")).to_be_visible()
    wrong += axe.walk(page)
    assert Notice.objects.get().end_words == "The lorry is back"
    assert not wrong, "\n".join(wrong)


def test_the_case_page_shows_its_place_on_a_small_map(
    transactional_db: None, live_server: Any, page: Page
) -> None:
    world, wrong, said = build(), list[str](), list[str]()
    one = report(north=0.0)
    client = Client()
    client.force_login(world.agent)
    site = str(live_server.url)
    page.context.add_cookies(
        [{"name": "sessionid", "value": client.cookies["sessionid"].value, "url": site}]
    )
    page.on("console", lambda line: said.append(line.text) if line.type == "error" else None)
    page.goto(f"{site}/desk/cases/{one.reference}/")
    page.get_by_role("button", name="Show it on a map").click()
    expect(page.locator(".hub-map__name--number")).to_be_visible()
    wrong += axe.walk(page)
    page.locator("#act-neighbours").click()
    page.get_by_label("What may neighbours read?").fill("A hole in the left lane")
    page.get_by_role("button", name="Show it", exact=True).click()
    expect(page.get_by_text("Who reports the same near there reads it")).to_be_visible()
    page.get_by_role("button", name="Show it on a map").click()
    expect(page.locator(".hub-map__name--number")).to_be_visible()
    wrong += axe.walk(page, again=True)
    assert not wrong, "\n".join(wrong)
    assert said == []
