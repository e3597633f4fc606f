"""The public figures on a telephone and at 400 %, in English and in Polish, with all their rows."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.accessibility import axe
from tests.pages.test_figures import facts
from tests.world import World

__all__ = ["facts"]
pytestmark = pytest.mark.django_db(transaction=True)


@pytest.mark.parametrize("language", ["en", "pl"])
def test_the_table_scrolls_alone_and_the_page_never(
    transactional_db: None, live_server: Any, page: Page, world: World, facts: Any, language: str
) -> None:
    for channel in ("web", "phone", "sms", "counter"):
        facts(6, channel, 2)
    page.context.set_extra_http_headers({"accept-language": language})
    page.goto(f"{live_server.url}/performance/")
    table = page.get_by_role("region").filter(has=page.get_by_role("table"))
    expect(table.get_by_role("row")).to_have_count(5)
    assert axe.walk(page) == []
    table.focus()
    expect(table).to_be_focused()
