"""A screen on a wall: its address opens it without a sign-in, until a leader switches it off."""

from __future__ import annotations

import logging
import re
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.conf import LazySettings
from django.test import Client
from django.utils import timezone
from playwright.sync_api import Browser, Page, expect

from accounts.permissions import Role
from core.models import AuditEvent
from teamwork.models import WallScreen
from tests.accessibility import axe
from tests.desk.staff import somebody
from tests.desk.steps import new_key, text
from tests.desk.test_browser import sign_in
from tests.hub.test_addresses import in_production
from tests.leading.test_wall import free
from tests.world import World, build

HOME = "/desk/team/walls/"


def address(client: Client, name: str = "Hall") -> str:
    """Makes a screen; the path of its address."""
    client.post(HOME, {"key": new_key(), "name": name})
    page = client.get(HOME).content.decode()
    found = re.findall(r'href="[^"]*?(/desk/wall/[0-9a-f-]{36}/[0-9a-f]{40}/)"', page)
    assert found
    return str(found[-1])


@pytest.mark.django_db
def test_it_shows_counts_alone_however_long_nobody_touches_it(
    world: World, client_for: Any
) -> None:
    leader = somebody(world, role=Role.LEADER)
    case = free("Zzyx of Mona Mint")
    here, screen = address(client_for(leader)), Client()
    for later in (timedelta(), timedelta(days=30)):
        with time_machine.travel(timezone.now() + later, tick=False):
            answer = screen.get(here)
        shown = text(answer)
        assert answer.status_code == 200
        assert "Nobody has yet" in shown
        assert re.search(r"Nobody has yet</p> <p[^>]*>1</p>", shown)
        assert answer["Cache-Control"] == "no-store"
        assert answer["X-Robots-Tag"] == "noindex, nofollow"
    main = shown[shown.index("<main") :]
    assert "<a " not in main
    assert "<form" not in main
    for secret in (case.reference, "Zzyx", leader.full_name):
        assert secret not in shown
    assert not screen.cookies
    assert screen.post(here).status_code == 405
    # Its address opens nothing else.
    assert screen.get("/desk/team/screen/").status_code == 302


@pytest.mark.django_db
def test_who_leads_makes_it_and_switches_it_off_and_that_is_written_down(
    world: World, client_for: Any, caplog: pytest.LogCaptureFixture
) -> None:
    leader = client_for(somebody(world, role=Role.LEADER))
    here, other = address(leader), address(leader, "Porch")
    row = WallScreen.objects.get(name="Hall")
    proof = here.rstrip("/").rpartition("/")[2]
    assert Client().get(here.replace(proof, "0" * 40)).status_code == 404
    assert Client().get(other.replace(str(WallScreen.objects.get(name="Porch").public_id),
                                      str(row.public_id))).status_code == 404  # fmt: skip
    assert "Not opened yet" in text(leader.get(HOME))
    Client().get(here)
    row.refresh_from_db()
    assert row.looked_at is not None
    off = f"{HOME}{row.public_id}/end/"
    assert client_for(world.agent).post(off).status_code == 404
    assert client_for(world.officer).get(HOME).status_code == 404
    assert Client().get(here).status_code == 200
    for _ in range(2):
        assert leader.post(off).status_code == 303
    caplog.set_level(logging.INFO)
    assert Client().get(here).status_code == 404
    assert Client().get(other).status_code == 200
    assert "Not Found" in in_production(caplog.records)
    assert proof not in in_production(caplog.records)
    told = AuditEvent.objects.filter(target=f"wall:{row.public_id}").order_by("pk")
    assert list(told.values_list("action", flat=True)) == ["wall.made", "wall.ended"]
    assert leader.post(HOME, {"key": new_key(), "name": " "}).status_code == 422


@pytest.mark.django_db
def test_a_key_that_is_being_rotated_out_still_opens_it(
    world: World, client_for: Any, settings: LazySettings
) -> None:
    here = address(client_for(somebody(world, role=Role.LEADER)))
    was = settings.SECRET_KEY
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "another key of this hub " * 3, [was]
    assert Client().get(here).status_code == 200
    settings.SECRET_KEY_FALLBACKS = []
    assert Client().get(here).status_code == 404


@pytest.mark.django_db(transaction=True)
def test_its_pages_in_chromium(live_server: Any, page: Page, browser: Browser) -> None:
    build()
    site = str(live_server.url)
    sign_in(page, site, "admin@hub.demo")
    page.goto(site + HOME)
    page.get_by_role("button", name="Make its address").click()
    expect(page).to_have_title(re.compile("^Error: "))
    wrong = axe.walk(page)
    page.get_by_label("Where does it hang?").fill("Hall")
    page.get_by_role("button", name="Make its address").click()
    expect(page.get_by_text("Not opened yet")).to_be_visible()
    wrong += axe.walk(page)
    link = page.get_by_role("link", name="Open it").get_attribute("href") or ""
    screen = browser.new_context().new_page()
    screen.goto(site + link[link.index("/desk/wall/") :])
    expect(screen.get_by_role("heading", name="How it stands")).to_be_visible()
    wrong += axe.walk(screen)
    assert wrong == []
