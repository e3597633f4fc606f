"""A device at a library, and somebody who stands in front of it."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.test import Client

import accounts.queries
from tests import kiosk_device
from tests.kiosk_device import code_for
from tests.partnership import _loaded, partnership

__all__ = ["_loaded", "code_for", "partnership"]
EVESHAM = "WR11 4AA"


class Visitor:
    """Touches what the pages offer."""

    def __init__(self, client: Client) -> None:
        self.client, self.at = client, ""
        self.page: Any = None

    def go(self, answer: Any) -> Any:
        while answer.status_code == 302:
            self.at = answer["Location"]
            answer = self.client.get(self.at)
        self.page = answer
        return answer

    def open(self, path: str, **query: str) -> Any:
        self.at = f"/kiosk/{path}"
        return self.go(self.client.get(self.at, query))

    def post(self, path: str = "", **fields: str) -> Any:
        return self.go(self.client.post(f"/kiosk/{path}" if path else self.at, fields))

    @property
    def text(self) -> str:
        return re.sub(r"\s+", " ", self.page.content.decode())

    def to_check(self, service: str = "fly-tipping", **changes: str) -> Any:
        """Answers everything up to the last page."""
        self.open("start/")
        self.post("about/", service=service)
        self.post(postcode=changes.get("postcode", EVESHAM))
        self.post(description=changes.get("description", "A mattress by the bridge"))
        self.post(tell_by="email")
        return self.post(
            email=changes.get("email", "jo@example.com"), name=changes.get("name", "Jo Example")
        )


@pytest.fixture
def site(partnership: None) -> str:
    return accounts.queries.sites("kiosk")[0].slug


@pytest.fixture
def enrolled(site: str) -> Client:
    """A browser that was enrolled."""
    return kiosk_device.enrolled(site).client


@pytest.fixture
def visitor(enrolled: Client) -> Visitor:
    return Visitor(enrolled)
