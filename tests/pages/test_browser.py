"""Public pages and the editors' pages of search in Chromium: every state, three sizes, by axe."""

from __future__ import annotations

import uuid
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from playwright.sync_api import Page

from kb import search, search_log
from notifications.models import HandoverDay
from tests.accessibility import axe
from tests.partnership import load_partnership

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def site(transactional_db: None, live_server: Any) -> str:
    load_partnership()
    return str(live_server.url)


PAGES = (
    "/centres/",
    "/centres/?postcode=WR11 4AA",
    "/centres/?postcode=SW1A 1AA",
    "/centres/malvern/",
    "/performance/",
    "/privacy/clinical-waste/",
    "/services/pothole/?postcode=WR11 4AA",
)


def test_every_public_page_in_three_sizes(site: str, page: Page) -> None:
    HandoverDay.objects.create(day=timezone.localdate(), medium="sms", due=900, prompt=899)
    wrong: list[str] = []
    for path in PAGES:
        page.goto(site + path)
        wrong += axe.walk(page)
    assert not wrong, "\n".join(wrong)


def test_every_page_for_editors_of_search_in_three_sizes(
    transactional_db: None, live_server: Any, page: Page, world, client_for
) -> None:
    wrong: list[str] = []
    client: Client = client_for(world.administrator)
    page.context.add_cookies(
        [
            {"name": name, "value": morsel.value, "url": live_server.url}
            for name, morsel in client.cookies.items()
        ]
    )
    home = f"{live_server.url}/desk/settings/search/"
    page.goto(home)
    wrong += axe.walk(page)
    for text in ("wibbly wobbler", "bin", "bin", "bin"):
        for _ in range(3):
            search_log.record(search.find(text), public_id=uuid.uuid4(), now=timezone.now())
    page.goto(home)
    assert page.get_by_text("wibbly wobbler").first.is_visible()
    wrong += axe.walk(page)
    page.goto(home + "words/")
    wrong += axe.walk(page)
    page.goto(home + "words/missed-bin/")
    wrong += axe.walk(page)
    page.get_by_label("What people call it").fill("gloop\n" + "m" * 60)
    page.get_by_role("button", name="Check what they find").click()
    page.get_by_text("Nothing is saved yet").wait_for()
    wrong += axe.walk(page)
    page.get_by_label("What people call it").fill("m" * 61)
    page.get_by_role("button", name="Save these words").click()
    page.get_by_role("alert").wait_for()
    wrong += axe.walk(page)
    assert not wrong, "\n".join(wrong)
