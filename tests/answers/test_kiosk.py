"""Answers at a kiosk: found, read large, judged by one touch, and forgotten with the visit."""

from __future__ import annotations

import re
from html import unescape
from typing import Any

import pytest
from django.test import Client
from playwright.sync_api import Page, expect

from enquiries.models import Contact, Enquiry
from kb.models import Article, ArticleViews
from tests import forms_of, kiosk_device
from tests.accessibility import axe
from tests.world import World, build

pytestmark = pytest.mark.django_db
PAGE = "/kiosk/answers/when-is-my-bin-emptied/"


@pytest.fixture
def kiosk(world: World) -> Client:
    client = Client(headers={"User-Agent": "Mozilla/5.0"})
    kiosk_device.enrolled("evesham-kiosk", client)
    client.get("/kiosk/start/")
    return client


def test_a_search_finds_an_answer_that_is_read_and_judged(kiosk: Client) -> None:
    assert PAGE in kiosk.post("/kiosk/search/", {"q": "bin emptied"}).content.decode()
    page = kiosk.get(PAGE).content.decode()
    assert "every second week" in page
    key = re.search(r'name="key" value="([^"]+)"', page)
    assert key is not None
    for _ in range(2):
        kiosk.post(PAGE, {"key": key[1], "answered": "no"})
    contact = Contact.objects.get()
    assert (contact.channel, contact.signals) == ("kiosk", ["article_no"])
    assert contact.site is not None
    assert contact.site.slug == "evesham-kiosk"
    assert Enquiry.objects.get().outcome == "unanswered"
    assert "Thank you. You said no" in kiosk.get(PAGE).content.decode()
    assert ArticleViews.objects.get().channel == "kiosk"


def test_where_somebody_lives_is_in_no_address_of_the_browser(kiosk: Client) -> None:
    page = kiosk.get(PAGE).content.decode()
    assert re.search(r'class="hub-article__where" method="post"', page)
    wrong = kiosk.post(PAGE, {"postcode": "nonsense"}).content.decode()
    assert 'id="postcode-error"' in wrong
    assert 'value="nonsense"' in wrong
    there = kiosk.post(PAGE, {"postcode": "WR11 3DA"})
    assert (there.status_code, there["Location"]) == (302, PAGE)
    assert "For Wychavon" in kiosk.get(PAGE).content.decode()
    assert not Contact.objects.exists()


def test_the_next_person_is_asked_anew_and_is_another_contact(kiosk: Client) -> None:
    kiosk.post(PAGE, {"key": "11111111-1111-4111-8111-111111111111", "answered": "yes"})
    kiosk.get("/kiosk/again/")
    kiosk.get("/kiosk/start/")
    assert "Did this answer your question?" in kiosk.get(PAGE).content.decode()
    kiosk.post(PAGE, {"key": "22222222-2222-4222-8222-222222222222", "answered": "yes"})
    assert Contact.objects.count() == 2


def test_no_link_leads_away_from_the_kiosk(kiosk: Client) -> None:
    Article.objects.update(
        body="[Elsewhere](https://example.org) and [ours](/services/pothole/), [ring](tel:101)."
    )
    page = kiosk.get(PAGE).content.decode()
    assert "Elsewhere and ours, ring." in page
    assert "example.org" not in page
    assert not re.search(r'<main.*href="(?!/kiosk/)', page, re.DOTALL)


def test_an_answer_needs_a_visit_and_has_to_be_there(kiosk: Client) -> None:
    assert kiosk.get("/kiosk/answers/no-such/").status_code == 404
    assert "Choose yes or no" in kiosk.post(PAGE, {"answered": "maybe"}).content.decode()
    kiosk.get("/kiosk/again/")
    assert kiosk.get(PAGE).status_code == 302


def test_a_button_of_an_answer_begins_the_form_with_what_is_known(kiosk: Client) -> None:
    forms_of.publish("pothole", forms_of.choice("road", "Which road?", local="Local", a="A road"))
    start = [{"service": "pothole", "words": "Report a hole", "answers": {"road": "local"}}]
    Article.objects.update(start=start)
    page = kiosk.get(PAGE).content.decode()
    address = re.search(r'action="(/kiosk/about/\?[^"]+)"', page)
    assert "Report a hole" in page
    assert address is not None
    begun = kiosk.post(unescape(address[1]))
    assert (begun.status_code, begun["Location"]) == (302, "/kiosk/where/")
    # Without what is known the form asks.
    kiosk.get("/kiosk/again/")
    kiosk.get("/kiosk/start/")
    assert kiosk.post("/kiosk/about/", {"service": "pothole"})["Location"] == (
        "/kiosk/question/road/"
    )


@pytest.mark.django_db(transaction=True)
def test_axe_finds_nothing_on_the_answer_in_the_kiosks_size(
    transactional_db: None, page: Page, live_server: Any
) -> None:
    build()
    site = str(live_server.url)
    page.set_viewport_size({"width": 1080, "height": 1920})
    page.goto(f"{site}/kiosk/enrol/")
    page.get_by_label("Code").fill(kiosk_device.code_for("evesham-kiosk"))
    page.get_by_role("button", name="Set it up").click()
    page.wait_for_url("**/kiosk/")
    page.goto(f"{site}/kiosk/start/")
    page.goto(site + PAGE)
    wrong = axe.walk(page, axe.KIOSK)
    page.get_by_role("button", name="Yes", exact=True).click()
    expect(page.get_by_text("You said yes")).to_be_visible()
    wrong += axe.walk(page, axe.KIOSK)
    assert wrong == []
