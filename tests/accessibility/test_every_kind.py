"""Every kind of question, its errors, ends, saving and return: with axe, and without scripts."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from playwright.sync_api import Browser, Page, expect

from enquiries.models import Enquiry
from tests import forms_of
from tests.accessibility import axe
from tests.partnership import load_partnership
from tests.web.test_every_kind import QUESTIONS

pytestmark = pytest.mark.django_db(transaction=True)
ENDS: list[dict[str, Any]] = [
    {
        "key": "danger",
        "kind": "emergency",
        "when": {"question": "colour", "is": "black"},
        "title": "Ring now",
        "words": "Do not go near it.",
        "phone": "01632 960000",
    },
]


@pytest.fixture
def site(transactional_db: None, live_server: Any) -> str:
    load_partnership()
    forms_of.publish("fly-tipping", *QUESTIONS, ends=ENDS)
    return str(live_server.url)


def go_on(page: Page) -> None:
    page.get_by_role("button", name="Continue").click()
    page.wait_for_load_state()


def answer_all(page: Page, site: str, look: Any) -> None:
    """Every question: first left empty, then answered; `look` at each state."""
    page.goto(f"{site}/ask/?service=fly-tipping")
    go_on(page)
    steps: list[tuple[str, Any]] = [
        ("What is it called?", lambda: page.get_by_label("What is it called?").fill("A heap")),
        ("What does it look", lambda: page.get_by_label("What does it look like?").fill("Big")),
        ("Which colour?", lambda: page.get_by_label("Green").check()),
        ("What is among it?", lambda: page.get_by_label("Tyres").check()),
        ("Does it block", lambda: page.get_by_label("No", exact=True).check()),
        ("When did you see", lambda: fill_date(page)),
        ("How many bags?", lambda: page.get_by_label("How many bags?").fill("3")),
    ]
    for heading, answer in steps:
        expect(page.get_by_role("heading", level=1)).to_contain_text(heading)
        look()
        go_on(page)
        expect(page.get_by_role("alert")).to_be_visible()
        look()
        answer()
        go_on(page)
    expect(page.get_by_role("heading", level=1)).to_contain_text("Anything else? (optional)")
    look()
    go_on(page)


def fill_date(page: Page) -> None:
    for name, value in (("Day", "3"), ("Month", "2"), ("Year", "2025")):
        page.get_by_label(name, exact=True).fill(value)


def test_every_kind_and_its_errors_in_three_sizes(site: str, page: Page) -> None:
    wrong: list[str] = []
    answer_all(page, site, lambda: wrong.extend(axe.walk(page)))
    page.get_by_role("link", name="Save and come back later").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Save and come back later")
    wrong += axe.walk(page)
    page.get_by_role("button", name="Save and show my code").click()
    expect(page.get_by_text("Your form is saved")).to_be_visible()
    wrong += axe.walk(page)
    page.goto(f"{site}/ask/return/")
    page.get_by_role("button", name="Open the form").click()
    expect(page.get_by_role("alert")).to_be_visible()
    wrong += axe.walk(page)
    assert not wrong, "\n".join(wrong)


def test_an_emergency_in_three_sizes(site: str, page: Page) -> None:
    page.goto(f"{site}/ask/?service=fly-tipping&a.short=x&a.long=y")
    go_on(page)
    page.get_by_label("Black").check()
    go_on(page)
    expect(page.get_by_role("link", name="Ring 01632 960000")).to_be_visible()
    wrong = axe.walk(page)
    page.get_by_role("button", name="Go on and tell us here too").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("What is among it?")
    assert not wrong, "\n".join(wrong)


def test_without_any_script(site: str, browser: Browser) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    answer_all(page, site, lambda: None)
    page.get_by_label("Postcode").first.fill("WR11 4AA")
    go_on(page)
    page.get_by_label("What happened?").fill("Here it is")
    go_on(page)
    page.get_by_label("Email", exact=True).check()
    page.get_by_label("Email address").fill("jo@example.com")
    page.get_by_label("Full name").fill("Jo Example")
    go_on(page)
    page.get_by_role("button", name="Send it").click()
    expect(page.get_by_text("We have it")).to_be_visible()
    assert Enquiry.objects.get().answers["seen"] == "2025-02-03"
    context.close()
    assert Client().get("/ask/return/").status_code == 200
