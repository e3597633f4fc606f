"""By keyboard alone: a second entry is caught before it is saved; two are merged, then parted."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from customers.models import Merge, Person
from enquiries.inbound import Sender
from enquiries.models import Contact, Enquiry
from tests.accessibility import axe
from tests.desk.steps import work
from tests.desk.test_browser import sign_in
from tests.world import ask, build

pytestmark = pytest.mark.django_db(transaction=True)
_MOST_TABS = 80


@pytest.fixture
def site(transactional_db: None, live_server: Any) -> str:
    """The desk, with somebody who is there twice."""
    build()
    ask(sender=Sender(name="Jo Bloggs", phone="07700 900123", postcode="WR11 3DA"))
    ask(sender=Sender(name="Joe Blogs", phone="07700 900222", postcode="WR11 3DA"))
    return str(live_server.url)


@pytest.fixture
def watched(page: Page) -> Iterator[Page]:
    """A page on which nothing may be refused by the policy or break in a script."""
    said: list[str] = []
    page.on("console", lambda line: said.append(line.text) if line.type == "error" else None)
    page.on("pageerror", lambda error: said.append(str(error)))
    yield page
    assert [line for line in said if "status of 4" not in line] == []


def tab_to(what: Locator) -> None:
    """Tabs on until something has the focus: who has no mouse gets there, too."""
    for _ in range(_MOST_TABS):
        if what.evaluate("one => one === document.activeElement"):
            return
        what.page.keyboard.press("Tab")
    raise AssertionError(f"no Tab leads to {what}")


def enter(what: Locator) -> None:
    """Follows a link or presses a button by keyboard, and waits for the next page."""
    tab_to(what)
    with what.page.expect_navigation():
        what.page.keyboard.press("Enter")


def test_somebody_who_is_known_is_caught_before_they_are_saved_again(
    site: str, watched: Page
) -> None:
    page = watched
    sign_in(page, site, "agent@hub.demo")
    page.goto(f"{site}/desk/contact/")
    enter(page.get_by_role("button", name="Start the contact"))
    tab_to(page.locator("summary", has_text="Add somebody new"))
    page.keyboard.press("Enter")
    tab_to(page.get_by_label("Full name", exact=True))
    page.keyboard.type("Jo Blogs")
    page.keyboard.press("Tab")
    page.keyboard.type("07700 900123")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    alike = page.get_by_role("list", name="People who are alike")
    expect(alike).to_contain_text("They have the same phone number and a name that sounds the same")
    assert axe.walk(page) == []
    page.set_viewport_size({"width": 1440, "height": 900})
    enter(alike.get_by_role("listitem").filter(has_text="Jo Bloggs").get_by_role("button"))
    expect(page.locator("#contact-who")).to_contain_text("Jo Bloggs")
    assert Person.objects.count() == 2
    assert Contact.objects.latest("pk").person == Person.objects.get(full_name="Jo Bloggs")


def test_two_entries_are_merged_and_taken_apart(site: str, watched: Page) -> None:
    page, wrong = watched, []

    def look() -> None:
        wrong.extend(axe.walk(page))
        page.set_viewport_size({"width": 1440, "height": 900})

    sign_in(page, site, "agent@hub.demo")
    page.goto(f"{site}/desk/people/")
    tab_to(page.get_by_role("searchbox"))
    page.keyboard.type("jo bloggs")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    assert "bloggs" not in page.url.lower()
    look()
    enter(page.get_by_role("link", name="Jo Bloggs", exact=True))
    look()
    page.go_back()
    expect(page.get_by_role("link", name="Jo Bloggs", exact=True)).to_be_visible()
    page.go_forward()
    page.wait_for_load_state("load")
    enter(page.get_by_role("link", name="Merge with somebody"))
    look()
    enter(page.get_by_role("link", name="Compare with Joe Blogs"))
    look()
    enter(page.get_by_role("button", name="Merge them"))
    expect(page.get_by_role("alert")).to_contain_text("Write how you know")
    look()
    tab_to(page.get_by_label("How do you know that they are one person?"))
    page.keyboard.type("Same date of birth")
    enter(page.get_by_role("button", name="Merge them"))
    work()
    page.reload()
    expect(page.locator("h1")).to_have_text("Jo Bloggs")
    expect(page.get_by_text("Also known as Joe Blogs")).to_be_visible()
    expect(page.locator(".hub-beside__link")).to_have_count(2)
    look()
    tab_to(page.locator("summary", has_text="Take them apart"))
    page.keyboard.press("Enter")
    tab_to(page.get_by_label("How do you know that they are two people?"))
    page.keyboard.type("Two brothers")
    enter(page.get_by_role("button", name="Take them apart"))
    work()
    page.reload()
    expect(page.locator(".hub-beside__link")).to_have_count(1)
    look()
    assert Merge.objects.get().undone == []
    assert Enquiry.objects.values("person").distinct().count() == 2
    assert wrong == []


def test_what_is_known_and_who_has_to_know_in_three_sizes(site: str, watched: Page) -> None:
    page, wrong = watched, []
    sign_in(page, site, "agent@hub.demo")
    person = Person.objects.get(full_name="Jo Bloggs")
    details = f"{site}/desk/people/{person.public_id}/details/"
    page.goto(details)
    tab_to(page.locator("summary", has_text="Write an alert down"))
    page.keyboard.press("Enter")
    tab_to(page.get_by_label("Vulnerable"))
    page.keyboard.press("Space")
    tab_to(page.get_by_label("Why?", exact=True))
    page.keyboard.type("Lives alone")
    enter(page.get_by_role("button", name="Keep the alert"))
    tab_to(page.locator("summary", has_text="They live elsewhere now"))
    page.keyboard.press("Enter")
    tab_to(page.get_by_label("New address"))
    page.keyboard.type("5 New Road")
    page.keyboard.press("Enter")
    page.keyboard.type("Evesham")
    page.keyboard.press("Tab")
    page.keyboard.type("WR11 3DA")
    enter(page.get_by_role("button", name="Keep the new address"))
    page.evaluate("document.querySelectorAll('details').forEach((one) => { one.open = true })")
    wrong += axe.walk(page)
    page.goto(f"{site}/desk/people/{person.public_id}/")
    wrong += axe.walk(page)
    page.goto(f"{site}/desk/moves/")
    wrong += axe.walk(page)
    assert wrong == []
