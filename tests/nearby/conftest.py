"""Somebody in front of the website of the small world, who reports a pothole."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from html import unescape
from typing import Any

import pytest
from django.test import Client

from tests.nearby.steps import EAST, NORTH
from tests.web.conftest import Visitor
from tests.world import World


@dataclass
class Neighbour(Visitor):
    """Walks the journey as far as what is known already."""

    client: Client = field(default_factory=lambda: Client(enforce_csrf_checks=False))
    words: str = "A deep hole"

    def says(self, *, north: float = 0.0, words: str = "A deep hole", **place: str) -> Any:
        """Answers where, as a page with a pin sends it, and what, unless something is known."""
        self.start("pothole")
        pin = {"latitude": f"{NORTH + north:.6f}", "longitude": f"{EAST:.6f}"}
        self.answer(**(place or pin))
        self.words = words
        return self.page if self.at.endswith("/nearby/") else self.answer(description=words)

    def goes_on(self) -> Any:
        """It is none of these: what happened is asked next."""
        self.answer(go_on="1")
        return self.answer(description=self.words)

    @property
    def tokens(self) -> list[str]:
        """What the buttons "It is this one" send."""
        return [unescape(one) for one in re.findall(r'name="this" value="([^"]+)"', self.text)]


@pytest.fixture
def neighbour(world: World) -> Neighbour:
    return Neighbour()
