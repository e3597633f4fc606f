"""The desk without any script: a call with three needs, a case from the queue, a merge, a macro."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from customers.models import Merge, Person
from enquiries.inbound import Sender
from enquiries.models import Contact, ContactItem, Enquiry, EnquiryEvent
from tests import browsing
from tests.desk.steps import work
from tests.desk.test_browser import sign_in
from tests.world import ask, build, enquiry_of

pytestmark = pytest.mark.django_db(transaction=True)
JO = Sender(name="Jo Bloggs", email="jo@example.com", postcode="WR11 3DA")


@pytest.fixture
def site(transactional_db: None, live_server: Any) -> str:
    build()
    return str(live_server.url)


@pytest.fixture
def plain(browser: Browser) -> Iterator[Page]:
    context = browser.new_context(java_script_enabled=False)
    yield context.new_page()
    context.close()


def test_a_call_with_three_needs(site: str, plain: Page) -> None:
    page, earlier = plain, enquiry_of(ask(sender=JO))
    sign_in(page, site, "agent@hub.demo")
    page.goto(f"{site}/desk/contact/")
    browsing.press(page, "Start the contact")
    page.get_by_label("Phone, email, name or postcode").fill("jo@example.com")
    finder = page.get_by_role("search", name="Find a person")
    browsing.follow(finder.get_by_role("button", name="Find"))
    browsing.follow(page.get_by_role("button", name="It is them").first)
    cards = page.locator("#contact-cards .hub-raised__item")
    # What was open is linked where it is offered.
    browsing.follow(page.locator("#contact-about button").first)
    expect(cards).to_have_count(1)
    for at, (service, words) in enumerate(
        (("missed-bin", "Left again"), ("council-tax-bill", "When is it due?")), start=2
    ):
        page.get_by_label("Service", exact=True).select_option(service)
        page.get_by_label("What happened").fill(words)
        page.get_by_label("Postcode", exact=True).fill("WR11 3DA")
        if service == "council-tax-bill":
            page.get_by_label("Answer now").check()
            page.get_by_label("What did you tell them?").fill("On the first of December")
        browsing.press(page, "Raise this enquiry")
        expect(cards).to_have_count(at)
    browsing.follow(page.get_by_role("button", name="Wrap up the contact"))
    expect(page.get_by_text("Contact wrapped up")).to_be_visible()
    contact = Contact.objects.get(channel="phone")
    assert contact.ended_at is not None
    items = ContactItem.objects.filter(contact=contact).order_by("pk")
    assert [one.kind for one in items] == ["chase", "new", "new"]
    assert items[0].enquiry == earlier


def test_a_case_is_taken_from_the_queue_answered_and_taken_back(site: str, plain: Page) -> None:
    page = plain
    case = enquiry_of(ask(service=None, words="A bag in the road", sender=JO, postcode=""))
    sign_in(page, site, "agent@hub.demo")
    page.goto(f"{site}/desk/?view=unassigned")
    browsing.follow(page.get_by_role("button", name=f"Take {case.reference}"))
    expect(page.get_by_text(f"{case.reference} is yours").first).to_be_visible()
    browsing.follow(page.locator("#act-reply"))
    page.get_by_label("Words for the citizen").first.fill("We fetch it today")
    browsing.press(page, "Send these words")
    expect(page.get_by_text("The citizen is being told").first).to_be_visible()
    assert EnquiryEvent.objects.filter(type="enquiry.replied").count() == 1
    browsing.press(page, "Take it back")
    expect(page.get_by_role("alert")).to_contain_text("Taken back: ")
    assert EnquiryEvent.objects.filter(type="enquiry.replied").count() == 0
    assert Enquiry.objects.get().assignee is not None


def test_two_people_are_merged_and_parted(site: str, plain: Page) -> None:
    page = plain
    ask(sender=Sender(name="Jo Bloggs", phone="07700 900123", postcode="WR11 3DA"))
    ask(sender=Sender(name="Joe Blogs", phone="07700 900222", postcode="WR11 3DA"))
    sign_in(page, site, "agent@hub.demo")
    first = Person.objects.get(full_name="Jo Bloggs")
    page.goto(f"{site}/desk/people/{first.public_id}/")
    browsing.follow(page.get_by_role("link", name="Merge with somebody"))
    browsing.follow(page.get_by_role("link", name="Compare with Joe Blogs"))
    page.get_by_label("How do you know that they are one person?").fill("Same date of birth")
    browsing.press(page, "Merge them")
    work()
    page.reload()
    expect(page.get_by_text("Also known as Joe Blogs")).to_be_visible()
    page.locator("summary", has_text="Take them apart").click()
    page.get_by_label("How do you know that they are two people?").fill("Two brothers")
    browsing.press(page, "Take them apart")
    work()
    assert Merge.objects.get().undone == []
    assert Enquiry.objects.values("person").distinct().count() == 2


def test_a_macro_is_written_looked_at_and_done(site: str, plain: Page) -> None:
    page = plain
    case = enquiry_of(ask(service=None, words="The lamp is out", sender=JO, postcode=""))
    sign_in(page, site, "admin@hub.demo")
    page.goto(f"{site}/desk/macros/new/")
    page.get_by_label("Name", exact=True).fill("Lamp out")
    page.locator("summary", has_text="Set the priority").click()
    page.get_by_label("Priority", exact=True).select_option("urgent")
    page.get_by_label("Why? (staff read this)", exact=True).fill("It is dark")
    browsing.press(page, "Keep the macro")
    page.goto(f"{site}/desk/cases/{case.reference}/macros/")
    browsing.follow(page.get_by_role("link", name="Lamp out"))
    expect(page.get_by_text("It is dark").first).to_be_visible()
    assert Enquiry.objects.get().priority == "normal"
    browsing.follow(page.locator("main form button").first)
    assert Enquiry.objects.get().priority == "urgent"
