"""Chromium writes a text: the count while typing is the server's, without script all works too."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from customers.models import Person
from enquiries.inbound import Sender
from enquiries.models import Enquiry
from kb.models import CannedText
from notifications import gsm
from tests.accessibility import axe
from tests.desk.test_browser import sign_in
from tests.outbox import run_outbox
from tests.stand_ins.phone import Phone
from tests.world import NOW, ask, build

pytestmark = pytest.mark.django_db(transaction=True)
LONG = "Donaudampfschifffahrtsgesellschaftskapitän" * 4


@pytest.fixture
def site(transactional_db: None, live_server: Any, settings: Any) -> str:
    settings.HUB_BASE_URL = "https://hub.example"
    settings.TWILIO_AUTH_TOKENS = ["a-token"]
    world = build()
    ask(sender=Sender(name="Jo Bloggs", phone="07700 900123"), tell_by="sms")
    ask(sender=Sender(name="Al Mail", email="al@example.com"), tell_by="email")
    CannedText.objects.create(
        organisation=world.organisations["hub"], name="Photo", words="Can you send us a photo?",
        changed_at=NOW, changed_by="Ed",
    )  # fmt: skip
    run_outbox()
    return str(live_server.url)


@pytest.fixture
def watched(page: Page) -> Iterator[Page]:
    said: list[str] = []
    page.on("console", lambda line: said.append(line.text) if line.type == "error" else None)
    page.on("pageerror", lambda error: said.append(str(error)))
    yield page
    assert [line for line in said if "status of 4" not in line] == []


def _write(page: Page, words: str) -> None:
    page.get_by_label("Your text").fill(words)


def test_a_text_is_begun_checked_and_sent_and_its_answer_stands_beside_it(
    site: str, watched: Page, tmp_path: Any
) -> None:
    page, wrong = watched, []
    first, second = Enquiry.objects.order_by("pk")
    sign_in(page, site, "agent@hub.demo")
    page.goto(f"{site}/desk/cases/{first.reference}/")
    page.get_by_role("link", name="Texts with them").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Texts with Jo Bloggs")
    wrong += axe.walk(page)
    page.get_by_label("Begin with").select_option(label="Photo: Can you send us a photo?")
    page.get_by_role("button", name="Put it into my text").click()
    expect(page.get_by_label("Your text")).to_have_value("Can you send us a photo?")
    said = page.locator(".hub-parts")
    for words in ("Short", "“Curly” – it’s…", "x" * 200, "łódź 🙂", "[€]" * 60):
        _write(page, words)
        page.get_by_role("button", name="Check how it travels").click()
        expect(page.get_by_role("heading", name="As it arrives")).to_be_visible()
        told = page.get_by_text(re.compile(r"characters, \d+ part")).first.inner_text()
        server = re.search(r"(\d+) parts?", told)
        expect(said).to_contain_text(re.compile(r"\d+ characters"))
        browser = re.search(r"(\d+) parts?", said.inner_text())
        assert server, told
        assert browser, said.inner_text()
        assert server[0] == browser[0], words
    wrong += axe.walk(page)
    _write(page, "Which gate is it?")
    expect(said).to_contain_text("1 part")
    page.get_by_label("Send a link with it").select_option(value="own")
    page.get_by_role("button", name="Send this text").click()
    expect(page.get_by_text("Your text is on its way")).to_be_visible()
    run_outbox()
    Phone("+447700900123").text(f"The black one {LONG}")
    page.reload()
    expect(page.locator(".hub-texts")).to_contain_text("The black one")
    wrong += axe.walk(page)
    _pictures(page, tmp_path, "conversation")
    page.goto(f"{site}/desk/cases/{second.reference}/text/")
    expect(page.get_by_text("We have no mobile number of theirs")).to_be_visible()
    wrong += axe.walk(page)
    assert wrong == []


def test_who_has_no_enquiry_is_found_from_a_new_contact_and_texted(
    site: str, watched: Page, tmp_path: Any
) -> None:
    page, wrong = watched, []
    sign_in(page, site, "agent@hub.demo")
    page.goto(f"{site}/desk/contact/")
    wrong += axe.walk(page)
    _pictures(page, tmp_path, "start")
    page.get_by_role("searchbox").fill("Jo Bloggs")
    page.get_by_role("button", name="Search").click()
    wrong += axe.walk(page)
    page.get_by_role("link", name=re.compile("Text them.*Jo Bloggs")).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Text Jo Bloggs")
    wrong += axe.walk(page)
    page.get_by_role("button", name="Send this text").click()
    expect(page.get_by_role("alert")).to_be_visible()
    wrong += axe.walk(page)
    page.get_by_label("Your text").fill("Do you still need the ramp?")
    expect(page.locator(".hub-parts")).to_contain_text("1 part")
    _pictures(page, tmp_path, "first")
    page.get_by_role("button", name="Send this text").click()
    expect(page.get_by_text("Your text is on its way")).to_be_visible()
    page.goto(f"{site}/desk/people/{Person.objects.get(full_name='Al Mail').public_id}/text/")
    expect(page.get_by_text("We have no mobile number of theirs")).to_be_visible()
    wrong += axe.walk(page)
    assert wrong == []


def test_editors_look_after_the_texts_that_are_kept(
    site: str, watched: Page, tmp_path: Any
) -> None:
    page, wrong = watched, []
    sign_in(page, site, "admin@hub.demo")
    page.goto(f"{site}/desk/texts/")
    wrong += axe.walk(page)
    page.get_by_role("button", name="Keep this text").click()
    expect(page.get_by_role("alert")).to_contain_text("Give it a name")
    wrong += axe.walk(page)
    page.get_by_label("Name", exact=False).first.fill("Gate")
    page.get_by_label("What the text says").fill("Which gate is it?")
    page.get_by_role("button", name="Keep this text").click()
    expect(page.get_by_text("“Gate” can be used now")).to_be_visible()
    _pictures(page, tmp_path, "kept")
    page.get_by_role("link", name=re.compile("Gate")).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Gate")
    wrong += axe.walk(page)
    page.get_by_role("button", name="Remove this text").click()
    expect(page.get_by_text("“Gate” is gone")).to_be_visible()
    assert wrong == []


def test_without_script_the_server_counts(site: str, browser: Browser) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    sign_in(page, site, "agent@hub.demo")
    case = Enquiry.objects.order_by("pk")[0]
    page.goto(f"{site}/desk/cases/{case.reference}/text/")
    _write(page, "Which gate is it?")
    page.get_by_role("button", name="Check how it travels").click()
    words = page.locator("[role=status] .hub-words").inner_text()
    assert gsm.measure(words).segments == 1
    expect(page.get_by_text("1 part, 4p.")).to_be_visible()
    page.get_by_role("button", name="Send this text").click()
    expect(page.get_by_text("Your text is on its way")).to_be_visible()
    context.close()


def _pictures(page: Page, folder: Any, name: str) -> None:
    for width in (1440, 390):
        page.set_viewport_size({"width": width, "height": 900})
        page.screenshot(path=str(folder / f"{name}-{width}.png"), full_page=True)
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth + 1"), name
    page.set_viewport_size({"width": 1280, "height": 900})
