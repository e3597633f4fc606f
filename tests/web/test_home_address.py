"""A form that asks for a home: a postcode alone finds no door."""

from __future__ import annotations

import pytest

from enquiries.models import Enquiry
from tests import forms_of
from tests.web.conftest import EVESHAM, Visitor

HOME = {"key": "home", "type": "address", "words": "Which bin was it?"}
MORE = {
    "key": "description",
    "type": "words",
    "words": "Is there anything else we need to know?",
    "required": False,
}


@pytest.fixture
def asked(visitor: Visitor) -> Visitor:
    forms_of.publish(
        "missed-bin", forms_of.choice("bin", "Which?", a="Green", b="Brown"), HOME, MORE
    )
    visitor.start("missed-bin")
    visitor.answer(answer="a")
    return visitor


def test_a_postcode_alone_is_not_enough_and_what_was_typed_stays(asked: Visitor) -> None:
    asked.answer(postcode=EVESHAM)
    assert asked.at.endswith("/q/home/")
    assert "Enter the house number or name, and the street" in asked.text
    assert f'value="{EVESHAM}"' in asked.text


def test_nobody_can_say_that_there_is_no_home(asked: Visitor) -> None:
    assert 'name="nowhere"' not in asked.text
    asked.answer(nowhere="on", address="3 High Street")
    assert asked.at.endswith("/q/home/")
    assert "Enter a postcode" in asked.text


@pytest.mark.parametrize("hostile", ["\x00", " ", "x" * 301])
def test_what_is_no_address_is_refused_in_words(asked: Visitor, hostile: str) -> None:
    asked.answer(postcode=EVESHAM, address=hostile)
    assert asked.page.status_code == 200
    assert "There is a problem" in asked.text


def test_a_home_goes_on_to_words_that_may_be_left_out(asked: Visitor) -> None:
    asked.answer(postcode=EVESHAM, address="3 High Street")
    assert asked.at.endswith("/q/description/")
    assert "Is there anything else we need to know? (optional)" in asked.text
    asked.answer(description="")
    asked.answer(tell_by="email", email="jo@example.com", name="Jo")
    assert asked.at.endswith("/check/"), asked.text[-3000:]
    asked.answer()
    enquiry = Enquiry.objects.get()
    assert enquiry.address == "3 High Street"
    assert enquiry.description == "Which? Green"
