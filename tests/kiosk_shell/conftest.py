"""A kiosk whose line can be cut, with all that its own page needs to take an enquiry."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from tests import forms_of
from tests.kiosk.test_in_chromium import look
from tests.kiosk_engine.conftest import Engine, engine, hub, line, until
from tests.kiosk_engine.line import CUT, THROUGH, Line

__all__ = ["engine", "hub", "line"]
MANY = [{"value": f"thing-{number}", "words": f"Thing {number}"} for number in range(1, 8)]
QUESTIONS: list[dict[str, Any]] = [
    {
        "key": "which",
        "type": "choice",
        "words": "Which one?",
        "why": "So that the right lorry comes",
        "choices": MANY,
    },
    {"key": "items", "type": "several", "words": "What is among it?", "choices": MANY},
    {"key": "burning", "type": "yes_no", "words": "Does it burn?"},
    {"key": "colour", "type": "text", "words": "What colour is it?", "required": False},
    {"key": "seen", "type": "date", "words": "When did you see it?", "most": 0},
    {"key": "bags", "type": "number", "words": "How many bags?", "unit": "bags", "least": 1},
]
ENDS = [
    {
        "key": "fire",
        "kind": "emergency",
        "when": {"question": "burning", "is": "yes"},
        "title": "Call 999 now",
        "words": "If it burns, call 999 and keep away from it.",
        "phone": "999",
    }
]


@dataclass
class Shell:
    """Somebody in front of it."""

    page: Page
    engine: Engine
    line: Line

    def away(self) -> None:
        """The line goes."""
        self.line.is_now(CUT)

    def back(self) -> None:
        """The line is back, and the device notices."""
        self.line.is_now(THROUGH)
        self.page.evaluate("dispatchEvent(new Event('online'))")

    def begin(self) -> None:
        """Touches the first screen."""
        self.page.get_by_role("link", name="Touch to begin").click()
        self.reads("What would you like to do?")

    def reads(self, heading: str) -> None:
        """Which screen it is: that heading has the focus, or what is wrong has."""
        found = self.page.get_by_role("heading", level=1, name=heading)
        expect(found).to_be_visible(timeout=20_000)  # a page that is taken over waits for the line

    def touch(self, name: str) -> None:
        """A key by its words."""
        self.key(name).click()

    def looks(self, name: str) -> list[str]:
        """What is wrong with the screen, standing and lying."""
        return look(self.page, name, again=True)

    def key(self, name: str) -> Locator:
        """A key whose words begin so."""
        begins = re.compile(rf"^{re.escape(name)}(\s|$)")
        return self.page.get_by_role("button", name=begins).first

    def to_service(self, words: str = "fly-tipping") -> None:
        """By the search, as somebody who knows what they want."""
        self.touch("Report or ask")
        self.touch("Search")
        self.page.get_by_role("searchbox").fill(words)
        self.page.get_by_role("searchbox").press("Enter")
        self.page.locator("main [data-act=service]").first.click()

    def by_keys(self, what: Locator) -> None:
        """There by Tab alone."""
        for _ in range(80):
            self.page.keyboard.press("Tab")
            if what.evaluate("one => one === document.activeElement"):
                return
        raise AssertionError("Tab does not lead there")

    @property
    def reference(self) -> str:
        """The number on the receipt."""
        return self.page.locator(".hub-kiosk-reference").inner_text()


@pytest.fixture
def asked(hub: str) -> None:
    """Fly-tipping asks a question of every kind."""
    forms_of.publish("fly-tipping", *QUESTIONS, ends=ENDS)


@pytest.fixture
def shell(asked: None, engine: Engine, line: Line) -> Shell:
    """A device that is stocked."""
    page = engine.page
    engine.at_work()
    until(page, lambda: engine.ask("engine", "it.canKeep()") == {"ok": True}, seconds=60)
    return Shell(page, engine, line)
