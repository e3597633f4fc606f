"""By keyboard alone: a call pops up, somebody is picked, asked, linked and wrapped up; with axe."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

import customers.actions
from enquiries.actions import calls
from enquiries.inbound import Sender
from enquiries.models import Contact, ContactItem, Enquiry, EnquiryEvent
from inbox import actions_lines
from inbox.calls import Fact, News, OfLeg
from metrics import projection
from metrics.models import EnquiryFact
from tests.accessibility import axe
from tests.desk.test_browser import sign_in
from tests.desk.test_links_browser import keep, watched  # noqa: F401  a fixture
from tests.live.test_pages import heard, streams  # noqa: F401
from tests.stand_ins.caller import sid
from tests.world import World, ask, build, enquiry_of

pytestmark = pytest.mark.django_db(transaction=True)
SOON = 3_000
MOST = 12  # from the ring to the closed contact, a wrong answer and what is typed aside
NUMBER = "+447700900123"


@pytest.fixture
def world(transactional_db: None) -> World:
    """Ann has an open enquiry and shares her number with Bo; the agent sits at client:ann."""
    small = build()
    now = timezone.now()
    address = {"address": "12 High Street", "postcode": "WR11 3DA"}
    customers.actions.identify(name="Bo Brown", phone=NUMBER, now=now, **address)
    customers.actions.identify(name="Ann Brown", phone=NUMBER, now=now, **address)
    ask(
        sender=Sender(name="Ann Brown", phone=NUMBER, **address),
        at=now - timedelta(days=2), words="The bin by my gate",
    )  # fmt: skip
    actions_lines.sit_at("client:ann", viewer=small.viewer(small.agent), now=now)
    return small


class Ringing:
    """A call at the agent's telephone, as the provider tells of it."""

    def __init__(self, caller: str = NUMBER) -> None:
        self.sid, self.leg, self.caller = sid(), sid(), caller

    def says(self, fact: Fact) -> None:
        now = timezone.now()
        facts = {fact: now}
        calls.take_news(
            News(self.sid, facts, caller=self.caller, leg=OfLeg(self.leg, facts, "client:ann")),
            now=now,
        )


class Counted:
    """A keyboard and nothing else: strokes are counted, typed text is not."""

    def __init__(self, page: Page) -> None:
        self.page, self.strokes = page, 0

    def press(self, *keys: str) -> None:
        for key in keys:
            self.strokes += 1
            self.page.keyboard.press(key)

    def text(self, words: str) -> None:
        self.page.keyboard.type(words)


def test_pop_pick_prove_link_wrap_by_keyboard_alone(
    world: World,
    streams: str,  # noqa: F811
    live_server: Any,
    watched: Page,  # noqa: F811
) -> None:
    page, site, hands = watched, str(live_server.url), Counted(watched)
    sign_in(page, site, "agent@hub.demo")
    page.goto(f"{site}/desk/?view=all")
    heard(page)
    field = page.get_by_label("Words, postcode or reference")
    page.keyboard.press("/")
    page.keyboard.type("half a wo")
    call = Ringing()
    call.says(Fact.RANG)
    pop = page.locator("#hub-pop")
    expect(pop).to_contain_text("Rings for you", timeout=SOON)
    expect(pop.get_by_role("button", name="Ask whether")).to_have_count(0)
    page.keyboard.type("rd")
    expect(field).to_be_focused()
    expect(field).to_have_value("half a word")
    call.says(Fact.ANSWERED)
    expect(pop).to_contain_text("On your line", timeout=SOON)
    expect(page.get_by_role("status").filter(has_text="On your line")).to_have_count(1)
    expect(field).to_be_focused()
    wrong = axe.walk(page)
    keep(page, "pop")
    first = pop.locator("li").first
    expect(first).to_contain_text("open enquiry")
    expect(first).to_contain_text("number of a household of two")
    assert "Brown" not in pop.inner_html()
    assert "bin by my gate" not in pop.inner_html()

    wrong += _proved(hands)
    hands.press("l")
    expect(page.locator("#contact-about")).not_to_contain_text("bin by my gate")
    hands.press("w", "Enter")
    page.wait_for_url(f"{site}/desk/contact/")
    assert hands.strokes <= MOST, hands.strokes
    assert wrong == []
    _linked()
    _quiet_while_heard(page, site)


def _quiet_while_heard(page: Page, site: str) -> None:
    """Where a stream is open no page asks what rings: it is told."""
    asked: list[str] = []
    page.on("request", lambda one: asked.append(one.url))
    page.clock.install()
    page.goto(f"{site}/desk/commands/")
    heard(page)
    page.clock.fast_forward(60_000)
    expect(page.locator("body[data-live=on]")).to_have_count(1)
    assert len([one for one in asked if one.endswith("/desk/pop/")]) < 3


def _linked() -> None:
    """What the call left: one link, what it rests on, and the tier that figures read from it."""
    contact = Contact.objects.latest("pk")
    assert contact.ended_at is not None
    [item] = ContactItem.objects.filter(contact=contact)
    assert (item.kind, item.evidence, item.desk_answer) == ("chase", ["agent_chose"], "yes")
    enquiry = Enquiry.objects.get()
    assert item.enquiry == enquiry
    lines = EnquiryEvent.objects.filter(enquiry=enquiry, type="enquiry.contacted")
    assert [(one.data["kind"], one.data["contact"]) for one in lines][-1:] == [
        ("chase", contact.pk)
    ]
    projection.refresh(now=timezone.now() + timedelta(days=120))
    assert [one["tier"] for one in EnquiryFact.objects.get(pk=enquiry.pk).links] == ["L1"]


def _proved(hands: Counted) -> list[str]:
    """From the pop to somebody who has proved who they are; what axe found on the way."""
    page = hands.page
    hands.press("Shift+Tab", "y", "Enter")
    page.wait_for_url(re.compile("/desk/contact/[0-9a-f-]{36}/"))
    name = page.get_by_label("Full name, as they say it")
    expect(name).to_be_focused()
    for secret in ("Brown", "12 High Street", "bin by my gate", "WR11 3DA"):
        assert secret not in page.content(), secret
    wrong = axe.walk(page)
    keep(page, "pop-questions")
    hands.text("Ann Green")
    hands.press("Tab")
    hands.text("WR11 3DA")
    hands.press("Enter")
    expect(page.get_by_role("alert").first).to_contain_text("not what we have")
    assert "12 High Street" not in page.content()
    wrong += axe.walk(page)
    keep(page, "pop-refused")
    for _ in range(20):
        if name.evaluate("one => one === document.activeElement"):
            break
        hands.press("Tab")
    hands.press("Control+a")
    hands.text("ann brown")
    hands.press("Enter")
    expect(page.locator(".hub-person__name")).to_contain_text("Ann Brown")
    expect(page.locator("#contact-about")).to_contain_text("bin by my gate")
    wrong += axe.walk(page)
    keep(page, "pop-proved")
    return wrong


def test_withheld_unknown_and_what_administrators_choose(
    world: World,
    live_server: Any,
    watched: Page,  # noqa: F811
) -> None:
    page, site = watched, str(live_server.url)
    for caller in ("", "+447700900999"):
        call = Ringing(caller)
        call.says(Fact.RANG)
        call.says(Fact.ANSWERED)
    sign_in(page, site, "agent@hub.demo")
    page.goto(f"{site}/desk/pop/")
    expect(page.get_by_text("matched with nobody")).to_be_visible()
    expect(page.get_by_text("Unknown: nobody gave us this number")).to_be_visible()
    wrong = axe.walk(page)
    keep(page, "pop-unknown")
    page.get_by_role("button", name="Sign out").click()
    sign_in(page, site, "admin@hub.demo")
    page.goto(f"{site}/desk/settings/security-questions/")
    wrong += axe.walk(page)
    keep(page, "questions")
    page.get_by_role("link", name="Everybody").click()
    page.get_by_label("How many answers must be right?").fill("9")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("alert")).to_contain_text("no more than there are questions")
    wrong += axe.walk(page)
    keep(page, "questions-one")
    assert wrong == []


def test_a_known_outage_by_one_key(
    world: World,
    live_server: Any,
    watched: Page,  # noqa: F811
) -> None:
    page, site = watched, str(live_server.url)
    hole = enquiry_of(ask(service="pothole", postcode="WR11 3DA", at=timezone.now(),
                          words="A hole"))  # fmt: skip
    sign_in(page, site, "agent@hub.demo")
    call = Ringing("+447700900999")
    call.says(Fact.RANG)
    call.says(Fact.ANSWERED)
    contact = Contact.objects.latest("pk")
    kim = customers.actions.identify(name="Kim Known", phone="07700 900999", now=timezone.now())
    Contact.objects.filter(pk=contact.pk).update(person_id=kim)
    page.goto(f"{site}/desk/contact/{contact.public_id}/?service=pothole")
    page.get_by_label("Postcode", exact=True).fill("WR11 3DA")
    page.get_by_role("button", name="Who deals with it?").click()
    expect(page.get_by_text("On your line")).to_have_count(0)
    known = page.locator(".hub-outages")
    expect(known).to_contain_text("1 person reported this")
    wrong = axe.walk(page)
    keep(page, "outage")
    page.locator("h1").click()
    page.keyboard.press("o")
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="It was not that")).to_be_visible()
    wrong += axe.walk(page)
    keep(page, "outage-joined")
    page.goto(f"{site}/desk/cases/{hole.reference}/outage/")
    expect(page.get_by_role("heading", level=1)).to_contain_text("2 people reported this")
    wrong += axe.walk(page)
    keep(page, "outage-case")
    assert wrong == []
