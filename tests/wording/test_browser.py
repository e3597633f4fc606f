"""Chromium as the hub's administrator: from the list of messages to what is sent; and letters."""

from __future__ import annotations

import pytest
from django.db import transaction
from django.utils import timezone
from playwright.sync_api import Page, expect

import notifications.actions
from notifications.models import Notification
from tests import browsing
from tests.accessibility import axe
from tests.desk.test_browser import sign_in
from tests.desk.test_links_browser import keep, watched  # noqa: F401  a fixture
from tests.letters.test_print_room import FACTS
from tests.notifications.helpers import deliver
from tests.world import ask, build, enquiry_of

pytestmark = pytest.mark.django_db(transaction=True)
WORDS = "/desk/settings/messages/words/"


def look(page: Page, name: str) -> None:
    assert axe.walk(page, again=True) == [], name
    keep(page, name)
    page.set_viewport_size({"width": 1280, "height": 900})


def test_words_are_written_tried_and_published(
    transactional_db: None,
    live_server,
    watched: Page,  # noqa: F811
) -> None:
    build()
    enquiry = enquiry_of(ask(service="pothole", at=timezone.now()))
    page, site = watched, str(live_server.url)
    sign_in(page, site, "admin@hub.demo")
    page.goto(f"{site}{WORDS}")
    look(page, "words-list")
    browsing.follow(page.get_by_role("link", name="We have it", exact=True).first)
    look(page, "words-one")
    page.get_by_label("Message", exact=True).fill("We’ve got ((refrence)) ☂")
    browsing.press(page, "Keep the draft")
    expect(page.get_by_text("Is it ((reference))?").first).to_be_visible()
    look(page, "words-refused")
    page.get_by_label("Message", exact=True).fill("We’ve got it: ((reference)) ((track_url)) ☂")
    page.get_by_label("Try it with a case").fill(enquiry.reference)
    browsing.press(page, "Show it")
    expect(page.get_by_text("These signs make every text shorter and dearer")).to_be_visible()
    expect(page.get_by_text(f"With what is known of {enquiry.reference}")).to_be_visible()
    look(page, "words-shown")
    browsing.press(page, "Keep the draft")
    expect(page.get_by_text("The draft is kept")).to_be_visible()
    page.get_by_text("Publish the draft").click()
    look(page, "words-drafted")
    browsing.press(page, "Publish it")
    expect(page.get_by_text("Published. Messages say it")).to_be_visible()
    browsing.follow(page.get_by_role("link", name="Versions"))
    look(page, "words-versions")
    page.goto(f"{site}{WORDS}received/email/pl/")
    look(page, "words-email")


def test_letters_are_taken_printed_and_posted(
    transactional_db: None,
    live_server,
    settings,
    watched: Page,  # noqa: F811
) -> None:
    settings.NOTIFICATION_BACKENDS = {**settings.NOTIFICATION_BACKENDS, "letter": ["print"]}
    build()
    page, site = watched, str(live_server.url)
    sign_in(page, site, "admin@hub.demo")
    page.goto(f"{site}/desk/settings/messages/letters/")
    look(page, "letters-none")
    for key, large in (("a", ""), ("b", "yes")):
        with transaction.atomic():
            pk = notifications.actions.send(
                key=key, event="received", medium="letter", to="WR14 4AA", about="WH7-K3MP-4X",
                now=timezone.now(), context={**FACTS, "large_print": large},
                postal=("Jo Bloggs", "1 High Street", "WR14 4AA"),
            )  # fmt: skip
        deliver(Notification.objects.get(pk=pk))
    page.reload()
    expect(page.get_by_text("2 letters, 2 pages, 1 in large print")).to_be_visible()
    look(page, "letters-waiting")
    browsing.press(page, "Take them to print")
    look(page, "letters-taken")
    with page.expect_download() as found:
        page.get_by_role("link", name="Download one PDF").click()
    assert found.value.path().read_bytes().startswith(b"%PDF")
    browsing.press(page, "They are posted")
    expect(page.get_by_text("Written down as posted")).to_be_visible()
    look(page, "letters-posted")
