"""The API's page for people, in a browser."""

from __future__ import annotations

import pytest

from tests.accessibility import axe


@pytest.mark.django_db(transaction=True)
def test_the_page_has_no_breach_in_three_sizes(live_server, page):
    said: list[str] = []
    page.on("console", lambda line: said.append(line.text) if line.type == "error" else None)
    page.goto(f"{live_server.url}/api/v1/docs/")
    assert axe.walk(page) == []
    assert said == []
