"""The page of what was set aside, and a number that is on its way, walked with axe."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

import accounts.queries
from accounts.permissions import Role
from kiosks.models import SetAside
from tests import kiosk_device
from tests.accessibility import axe
from tests.desk.test_browser import sign_in
from tests.kiosks.keeping import numbers, said, send
from tests.partnership import load_partnership
from tests.world import _person

pytestmark = pytest.mark.django_db(transaction=True)
PAGE = "/desk/settings/kiosks/set-aside/"


def test_the_page_and_a_number_on_its_way(live_server: Any, page: Page) -> None:
    load_partnership()
    now = timezone.now()
    device = kiosk_device.enrolled(accounts.queries.sites("kiosk")[0].slug)
    number = numbers(device.row, 1, given_at=now)[0]
    for _ in range(2):
        send(device, {"id": said("", now)["id"], "jwe": "nothing"}, now=now)
    SetAside.objects.filter(pk=SetAside.objects.order_by("pk")[0].pk).update(
        came_at=now - timedelta(days=1), tried_at=now
    )
    _person("ann@hub.test", "Ann", accounts.queries.hub(), Role.ADMINISTRATOR)
    wrong = []
    page.goto(f"{live_server.url}/track/")
    page.get_by_label("Reference").fill(number)
    page.get_by_label("Postcode").fill("WR11 4AA")
    page.get_by_role("button", name="Show progress").click()
    expect(page.get_by_text("has not reached us yet")).to_be_visible()
    wrong += axe.walk(page)
    sign_in(page, str(live_server.url), "ann@hub.test")
    page.goto(live_server.url + PAGE)
    wrong += axe.walk(page)
    page.locator("summary").first.click()
    page.get_by_role("button", name="End it and delete what was kept").first.click()
    expect(page.get_by_role("heading", name="There is a problem")).to_be_visible()
    wrong += axe.walk(page)
    page.get_by_label("Why nothing more is done with it").first.fill("A test of ours")
    page.get_by_role("button", name="End it and delete what was kept").first.click()
    expect(page.get_by_text("Nothing more is done with it", exact=True)).to_be_visible()
    assert SetAside.objects.filter(ended_at=None).count() == 1
    assert wrong == []
