"""A person in front of the website."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

import pytest
from django.test import Client

from tests.partnership import _loaded, partnership

__all__ = ["_loaded", "partnership"]

EVESHAM = "WR11 4AA"
_HIDDEN = re.compile(r'name="carry" value="([^"]*)"')


@dataclass
class Visitor:
    """Walks the journey by its addresses, carrying what the pages carry."""

    client: Client = field(default_factory=lambda: Client(enforce_csrf_checks=False))
    at: str = ""
    carry: str = ""
    page: Any = None

    def start(self, service: str = "fly-tipping") -> Any:
        return self.go(self.client.post("/ask/", {"service": service}))

    def answer(self, **fields: str) -> Any:
        return self.go(self.client.post(self.at, {"carry": self.carry, **fields}))

    def open(self, step: str) -> Any:
        return self.go(self.client.get(re.sub(r"[^/]+/$", f"{step}/", self.at)))

    def go(self, response: Any) -> Any:
        """Follows redirects as a browser does, and remembers the page's hidden field."""
        while response.status_code == 302:
            self.at = response["Location"]
            response = self.client.get(self.at)
        self.page = response
        found = _HIDDEN.search(self.text)
        self.carry = found.group(1) if found else ""
        return response

    @property
    def text(self) -> str:
        return str(self.page.content.decode())

    def to_check(self, service: str = "fly-tipping", **changes: str) -> Any:
        """Answers everything up to the check page."""
        self.start(service)
        self.answer(postcode=changes.get("postcode", EVESHAM), address=changes.get("address", ""))
        self.answer(description=changes.get("description", "A mattress by the bridge"))
        return self.answer(
            tell_by="email",
            email=changes.get("email", "jo@example.com"),
            name=changes.get("name", "Jo Example"),
        )


@pytest.fixture
def visitor(partnership: None) -> Visitor:
    return Visitor()
