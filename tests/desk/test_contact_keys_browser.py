"""A call with three needs by keyboard only, counted: linked, sent on, answered, wrapped up."""

from __future__ import annotations

import os
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

import accounts.queries
from accounts.models import User
from core.audit import SYSTEM
from enquiries.actions import contacts, hand_overs
from enquiries.channels import Channel
from enquiries.inbound import Sender
from enquiries.models import AboutOffer, Contact, ContactItem, Enquiry, EnquiryEvent
from kb.actions_forms import publish
from kb.models import Article
from tests.accessibility import axe
from tests.desk.test_browser import sign_in
from tests.world import NOW, ask, build, enquiry_of

pytestmark = pytest.mark.django_db(transaction=True)
MOST = 25
FORMS = Path(__file__).parents[2] / "reference" / "forms"
JO = Sender(name="Jo Bloggs", email="jo@example.com", postcode="WR11 3DA")


@dataclass
class Hands:
    """Two hands on a keyboard: each stroke is counted, typed text is not."""

    page: Page
    strokes: int = 0

    def press(self, *keys: str) -> None:
        for key in keys:
            self.strokes += 1
            self.page.keyboard.press(key)

    def leads_on(self, *keys: str) -> None:
        with self.page.expect_navigation():
            self.press(*keys)
        self.page.wait_for_load_state("load")

    def text(self, words: str) -> None:
        self.page.keyboard.type(words)


@pytest.fixture
def site(transactional_db: None, live_server: Any) -> str:
    build()
    for slug in ("missed-bin", "pothole"):
        form = tomllib.loads((FORMS / f"{slug}.toml").read_text())
        form.pop("service")
        publish(service_slug=slug, data=form, actor=SYSTEM, now=NOW)
    Article.objects.update(say="It is emptied every second week, before noon.")
    return str(live_server.url)


@pytest.fixture
def watched(page: Page) -> Iterator[Page]:
    said: list[str] = []
    page.on("console", lambda line: said.append(line.text) if line.type == "error" else None)
    page.on("pageerror", lambda error: said.append(str(error)))
    yield page
    assert [line for line in said if "status of 4" not in line] == []


def shot(page: Page, name: str) -> None:
    """A picture of the whole page, where somebody wants to see it."""
    if folder := os.environ.get("SHOTS"):
        page.screenshot(path=f"{folder}/{name}.png", full_page=True, caret="initial")


def walked(page: Page, name: str) -> list[str]:
    """What is wrong with the page as it stands, in each size."""
    wrong = axe.walk(page, again=True)
    page.set_viewport_size({"width": 390, "height": 844})
    shot(page, f"{name}-390")
    page.set_viewport_size({"width": 1440, "height": 900})
    shot(page, f"{name}-1440")
    return wrong


def offered() -> int:
    """A colleague of the agent offers them a contact; its key."""
    now, agent = timezone.now(), User.objects.get(email="agent@hub.demo")
    colleague = accounts.queries.viewer_for_user(User.objects.get(email="admin@hub.demo"))
    assert colleague is not None
    public_id = contacts.open_contact(
        channel=Channel.COUNTER, key="theirs", viewer=colleague, site=None, waited=300, now=now
    )
    hand_overs.offer(
        public_id=public_id,
        viewer=colleague,
        to=f"person:{agent.pk}",
        words="She asks about her bin, then about the rent",
        now=now,
    )
    return Contact.objects.get(public_id=public_id).pk


def kept(earlier: Enquiry) -> None:
    """What the call left: one link and what was offered, two needs, its end on three ledgers."""
    contact = Contact.objects.get(channel="phone")
    assert (contact.outcome, contact.ended_at is not None) == ("on_its_way", True)
    items = ContactItem.objects.filter(contact=contact).order_by("pk")
    linked, new, answered = items
    assert (linked.enquiry, linked.kind, linked.evidence) == (earlier, "chase", ["agent_chose"])
    assert (linked.avoidable, linked.desk_answer) == ("progress_chasing", "yes")
    assert (new.kind, answered.enquiry.outcome) == ("new", "answered")
    offer = AboutOffer.objects.get(enquiry=earlier)
    assert (offer.answer, offer.because, offer.rank, offer.item) == ("yes", "person", 1, linked)
    ended = EnquiryEvent.objects.filter(type="enquiry.contact_ended")
    assert ended.count() == 3


def needs(hands: Hands, service: str, words: str, postcode: str, *, cards: int) -> None:
    """One need of a service with questions, sent on; what nobody said is left open."""
    page = hands.page
    hands.text(service)
    expect(page.locator("[data-loads=service]")).to_contain_text(service)
    hands.press("Tab")
    hands.text(words)
    if postcode:
        hands.press("Tab")
        hands.text(postcode)
    hands.press("Control+Enter")
    expect(page.locator("#contact-cards .hub-raised__item")).to_have_count(cards)
    # The next thing has the focus.
    expect(page.get_by_role("heading", name="What do they need?")).to_be_focused()


def test_three_needs_of_services_with_questions(site: str, watched: Page) -> None:
    page, hands = watched, Hands(watched)
    enquiry_of(ask(sender=JO))
    sign_in(page, site, "agent@hub.demo")
    page.goto(f"{site}/desk/contact/")
    hands.press("a")
    hands.leads_on("Enter")
    hands.press("f")
    hands.text("jo@example.com")
    hands.leads_on("Enter")
    hands.leads_on("Enter")
    said = (
        ("Missed bin", "The brown one"),
        ("Pothole", "Deep, by the school"),
        ("Council tax bill", "How much is it?"),
    )
    for number, (service, words) in enumerate(said, 1):
        hands.press("a")
        needs(hands, service, words, "WR1 3EZ", cards=number)
    hands.press("w")
    hands.leads_on("Enter")
    expect(page.get_by_text("Contact wrapped up")).to_be_visible()
    assert hands.strokes <= MOST, hands.strokes
    items = ContactItem.objects.filter(contact__channel="phone").order_by("pk")
    assert [one.enquiry.postcode for one in items] == ["WR1 3EZ"] * 3
    assert {one.enquiry.description for one in items} == {words for _service, words in said}


def test_what_is_typed_outside_a_field_ends_nothing(site: str, watched: Page) -> None:
    page = watched
    enquiry_of(ask(sender=JO))
    sign_in(page, site, "agent@hub.demo")
    page.goto(f"{site}/desk/contact/")
    page.get_by_role("button", name="Start the contact").click()
    page.wait_for_url("**/desk/contact/*-*/")
    here = page.url
    for stray in ("wr1 1aa", "WR1 1AA", "1", "w 1 2", "paid 1 bill"):
        page.keyboard.type(stray)
        page.wait_for_timeout(1100)  # so long typing counts as typing
        page.keyboard.press("Escape")
        page.evaluate("document.activeElement.blur()")
        assert page.url == here, stray
    assert Contact.objects.get(channel="phone").ended_at is None
    # Sent twice, it is wrapped up once, and can be taken back.
    page.get_by_role("button", name="Wrap up the contact").dispatch_event("click")
    page.wait_for_url("**/desk/contact/")
    page.evaluate(
        """async (here) => {
          const body = new FormData(document.querySelector("form[action='/sign-out/']"));
          await fetch(here + "wrap-up/", { method: "POST", body, redirect: "manual" });
        }""",
        here,
    )
    page.goto(f"{site}/desk/contact/")
    expect(page.get_by_role("button", name="Take it back")).to_be_visible()


def test_three_needs_and_a_wrap_up_in_few_strokes(site: str, watched: Page) -> None:
    page, hands, wrong = watched, Hands(watched), list[str]()
    page.set_viewport_size({"width": 1440, "height": 900})
    earlier = enquiry_of(ask(sender=JO))
    sign_in(page, site, "agent@hub.demo")
    page.goto(f"{site}/desk/contact/")
    cards = page.locator("#contact-cards .hub-raised__item")
    hands.press("a")
    hands.leads_on("Enter")
    # Who is it?
    hands.press("f")
    hands.text("jo@example.com")
    hands.leads_on("Enter")
    expect(page.get_by_role("button", name="It is them")).to_be_focused()
    hands.leads_on("Enter")
    expect(page.get_by_role("heading", name="Is it about this?")).to_be_focused()
    wrong += walked(page, "known")
    # What was open comes first, and is linked by one key.
    hands.press("l")
    expect(cards).to_have_count(1)
    wrong += walked(page, "linked")
    # Something new: sent on by the rules.
    hands.press("a")
    needs(hands, "Missed bin", "The bin was left again", "", cards=2)
    wrong += walked(page, "raised")
    # A question, answered at once in the words of the answer.
    hands.press("/")
    hands.text("when is my bin emptied")
    hands.leads_on("Enter")
    wrong += walked(page, "answer")
    hands.press("s", "Tab")
    hands.leads_on("Enter")
    expect(cards).to_have_count(3)
    # Wrapped up as it stands: on its way, and they had heard nothing of the first.
    hands.press("w")
    hands.leads_on("Enter")
    expect(page.get_by_text("Contact wrapped up")).to_be_visible()
    assert hands.strokes <= MOST, hands.strokes

    assert wrong == []
    kept(earlier)


def test_the_other_states_of_a_contact(site: str, watched: Page) -> None:
    page, wrong = watched, list[str]()
    sign_in(page, site, "agent@hub.demo")
    page.goto(f"{site}/desk/contact/")
    page.get_by_role("button", name="Start the contact").click()
    page.wait_for_url("**/desk/contact/*-*/")
    first = page.url
    # A callback and a hand-over that are refused keep their words where they stand.
    for key, sends in (("c", "Put it on the list"), ("h", "Hand it over")):
        page.keyboard.press(key)
        page.get_by_role("button", name=sends).click()
        expect(page.locator("#contact-end .govuk-error-summary")).to_be_focused()
        wrong += walked(page, f"refused-{key}")
        page.goto(first)
    page.keyboard.press("p")
    page.keyboard.press("Enter")
    page.wait_for_url("**/desk/contact/")
    wrong += walked(page, "parked")
    page.goto(first)
    wrong += walked(page, "parked-one")
    page.keyboard.press("w")
    page.keyboard.press("6")
    page.wait_for_url("**/desk/contact/")
    assert Contact.objects.get().outcome == "nothing"
    page.goto(first)
    wrong += walked(page, "wrapped")
    other = offered()
    page.goto(f"{site}/desk/contact/")
    wrong += walked(page, "offered")
    page.get_by_role("button", name="I go on with them").click()
    expect(page.get_by_text("This contact is yours now")).to_be_visible()
    wrong += walked(page, "taken")
    assert Contact.objects.get(pk=other).handed_at is not None
    page.get_by_role("button", name="Sign out").click()
    sign_in(page, site, "manager@hub.demo")
    page.goto(f"{site}/desk/contact/unfinished/")
    wrong += walked(page, "unfinished")
    assert wrong == []
