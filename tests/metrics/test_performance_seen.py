"""Chromium and axe look at the figures in every size, with every table open, and with nothing."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from playwright.sync_api import Page

from accounts.models import User
from tests.accessibility import axe
from tests.metrics.test_performance_page import PAGE, facts
from tests.world import World

pytestmark = pytest.mark.django_db(transaction=True)


def test_axe_finds_nothing_on_the_figures_and_their_lists(
    world: World, client_for: Callable[[User], Client], live_server: Any, page: Page
) -> None:
    facts(world, "sssffpx")
    facts(world, "sf", channel="web", self_service=True, linkable=False, organisation="")
    facts(world, "s", reason="late", service="pothole", owner="service", verdict="failure")
    session = client_for(world.manager).cookies["sessionid"].value
    page.context.add_cookies([{"name": "sessionid", "value": session, "url": live_server.url}])
    said: list[str] = []
    page.on("console", lambda line: said.append(line.text) if line.type == "error" else None)

    wrong = []
    for path in (
        PAGE,
        f"{PAGE}?channel=web",
        f"{PAGE}?from=never",
        f"{PAGE}?from=2001-01-01&to=2001-01-02",
        f"{PAGE}enquiries/?verdict=failure",
        f"{PAGE}enquiries/?channel=sms",
    ):
        page.goto(live_server.url + path)
        page.evaluate("document.querySelectorAll('details').forEach(one => { one.open = true })")
        wrong += axe.walk(page)

    assert wrong == []
    assert said == []
