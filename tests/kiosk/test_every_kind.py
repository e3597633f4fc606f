"""Every kind of question at the kiosk: at most five choices a screen, nothing chosen is lost."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.test import Client

from enquiries.models import Enquiry
from enquiries.queries import surveys
from tests import forms_of
from tests.kiosk.conftest import EVESHAM, Visitor

MANY = [{"value": f"thing-{number}", "words": f"Thing {number}"} for number in range(1, 8)]
QUESTIONS: list[dict[str, Any]] = [
    {"key": "which", "type": "choice", "words": "Which one?", "choices": MANY},
    {"key": "items", "type": "several", "words": "What is among it?", "choices": MANY},
    {"key": "seen", "type": "date", "words": "When did you see it?", "most": 0},
    {"key": "bags", "type": "number", "words": "How many bags?", "unit": "bags"},
]


@pytest.fixture
def asked(enrolled: Client) -> Visitor:
    forms_of.publish("fly-tipping", *QUESTIONS)
    visitor = Visitor(enrolled)
    visitor.open("start/")
    visitor.post("about/", service="fly-tipping")
    return visitor


def touched(visitor: Visitor) -> list[str]:
    """The answers that can be touched on this screen."""
    return re.findall(r'name="answer" value="(thing-\d)" id=', visitor.text)


def test_every_kind_is_answered_by_touch_and_a_few_keys(asked: Visitor) -> None:
    assert asked.at == "/kiosk/question/which/"
    assert len(touched(asked)) == 5
    asked.at = "/kiosk/question/which/"
    asked.go(asked.client.get(asked.at, {"screen": "2"}))
    assert touched(asked) == ["thing-6", "thing-7"]
    asked.post(answer="thing-6")
    assert asked.at == "/kiosk/question/items/"
    asked.post()
    assert "Choose one or more" in asked.text
    # What was chosen on the first screen goes with the second.
    shown = asked.client.post(asked.at, {"answer": ["thing-1", "thing-3"], "screen": "2"})
    page = " ".join(shown.content.decode().split())
    kept = re.findall(r'<input type="hidden" name="answer" value="([^"]*)"', page)
    assert kept == ["thing-1", "thing-3"]
    assert page.count('type="checkbox"') == 2
    asked.go(asked.client.post(asked.at, {"answer": [*kept, "thing-7"]}))
    assert asked.at == "/kiosk/question/seen/"
    asked.post(day="31", month="2", year="2025")
    assert "The date must be a real date" in asked.text
    asked.post(day="3", month="2", year="2025")
    asked.post(answer="three")
    assert "Enter a number" in asked.text
    asked.post(answer="3")
    asked.post(postcode=EVESHAM)
    asked.post(description="A heap")
    asked.post(tell_by="email")
    asked.post(email="jo@example.com", name="Jo Example")
    assert "Thing 1, Thing 3, Thing 7" in asked.text
    asked.post()
    assert asked.at == "/kiosk/sent/"
    assert Enquiry.objects.get().answers == {
        "which": "thing-6",
        "items": ["thing-1", "thing-3", "thing-7"],
        "seen": "2025-02-03",
        "bags": "3",
    }


def test_an_end_is_read_and_gone_on_from(enrolled: Client) -> None:
    end = {
        "key": "skip",
        "kind": "not_eligible",
        "when": {"question": "which", "is": "thing-1"},
        "title": "We do not collect this",
        "words": "It is too large.",
        "next_step": "Ask a skip company.",
    }
    forms_of.publish("fly-tipping", QUESTIONS[0], ends=[end])
    visitor = Visitor(enrolled)
    visitor.open("start/")
    visitor.post("about/", service="fly-tipping")
    visitor.post(answer="thing-1")
    assert visitor.at == "/kiosk/end/skip/"
    assert "Ask a skip company." in visitor.text
    visitor.open("where/")
    assert visitor.at == "/kiosk/end/skip/"
    visitor.post(go_on="1")
    assert visitor.at == "/kiosk/where/"


@pytest.mark.parametrize(
    ("kind", "asks"),
    [("answered", True), ("not_ours", True), ("not_eligible", True), ("emergency", False)],
)
def test_every_end_but_an_emergency_asks_whether_it_was_what_they_needed(
    enrolled: Client, kind: str, asks: bool
) -> None:
    end = {
        "key": "stop",
        "kind": kind,
        "when": {"question": "which", "is": "thing-1"},
        "title": "It ends here",
        "words": "This is why.",
        "next_step": "Do this.",
        "phone": "0300 123 5000",
    }
    forms_of.publish("fly-tipping", QUESTIONS[0], ends=[end])
    visitor = Visitor(enrolled)
    visitor.open("start/")
    visitor.post("about/", service="fly-tipping")
    visitor.post(answer="thing-1")
    assert visitor.at == "/kiosk/end/stop/"
    found = re.search(r'action="(/kiosk/said/([^/]+)/)"', visitor.page.content.decode())
    assert bool(found) is asks
    if found:
        asked = surveys.opened(found[2])
        assert asked is not None
        assert asked.end_point == kind
        visitor.go(visitor.client.post(found[1], {"answer": "yes"}))
        assert "Thank you for telling us" in visitor.text
