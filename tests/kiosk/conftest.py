"""A device at a library, and somebody who stands in front of it."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

import accounts.actions
import accounts.queries
from core.audit import SYSTEM
from tests.partnership import _loaded, partnership

__all__ = ["_loaded", "partnership"]
EVESHAM = "WR11 4AA"


def code_for(site: str) -> str:
    """A fresh code for a device at a site."""
    found = accounts.queries.site(site)
    assert found is not None
    return accounts.actions.kiosk_code(
        site=found, name="Kiosk by the door", actor=SYSTEM, now=timezone.now()
    )


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
    client = Client()
    answer = client.post("/kiosk/enrol/", {"code": code_for(site)})
    assert answer.status_code == 302
    return client


@pytest.fixture
def visitor(enrolled: Client) -> Visitor:
    return Visitor(enrolled)
