"""Who says that it is dangerous is told whom to ring, and may send it: it goes first."""

from __future__ import annotations

import pytest

from enquiries.models import Enquiry
from tests import forms_of
from tests.web.conftest import EVESHAM, Visitor

HURT = {"key": "hurt", "type": "yes_no", "words": "Could it hurt somebody?"}


def ring(phone: str) -> dict[str, object]:
    return {
        "key": "ring",
        "kind": "emergency",
        "when": {"question": "hurt", "is": "yes"},
        "title": "It goes first",
        "words": "Ring us while our line is open.",
        "phone": phone,
    }


def send(visitor: Visitor) -> Enquiry:
    visitor.answer(postcode=EVESHAM)
    visitor.answer(description="A deep hole")
    visitor.answer(tell_by="email", email="jo@example.com", name="Jo")
    visitor.answer()
    return Enquiry.objects.get()


@pytest.fixture
def hole(visitor: Visitor) -> Visitor:
    forms_of.publish("fly-tipping", HURT, ends=[ring("01632 960000")])
    visitor.start("fly-tipping")
    return visitor


def test_the_hours_of_our_line_stand_beside_its_number(hole: Visitor) -> None:
    hole.answer(answer="yes")
    assert "This line is open Monday to Friday" in " ".join(hole.text.split())


def test_hours_are_not_said_of_a_line_that_is_always_open(visitor: Visitor) -> None:
    forms_of.publish("fly-tipping", HURT, ends=[ring("999")])
    visitor.start("fly-tipping")
    visitor.answer(answer="yes")
    assert "It goes first" in visitor.text
    assert "This line is open" not in visitor.text


def test_what_is_sent_past_an_emergency_is_urgent(hole: Visitor) -> None:
    hole.answer(answer="yes")
    assert "Go on and tell us here too" in hole.text
    hole.answer(go_on="1")
    assert send(hole).priority == "urgent"


def test_what_could_hurt_nobody_is_not(hole: Visitor) -> None:
    hole.answer(answer="no")
    assert send(hole).priority == "normal"
