"""A form with every kind of question: good, empty and wrong answers, and hostile ones."""

from __future__ import annotations

from typing import Any

import pytest

from enquiries.models import Enquiry
from tests import forms_of
from tests.web.conftest import EVESHAM, Visitor

SCRIPT = "<script>alert(1)</script>{{ 7*7 }}' OR 1=1 --\u202e"
QUESTIONS: list[dict[str, Any]] = [
    {"key": "short", "type": "text", "words": "What is it called?", "longest": 60, "why": "So."},
    {"key": "long", "type": "words", "words": "What does it look like?", "hint": "In your words"},
    forms_of.choice("colour", "Which colour?", black="Black", green="Green"),
    {
        "key": "items",
        "type": "several",
        "words": "What is among it?",
        "choices": [{"value": "bed", "words": "A bed"}, {"value": "tyre", "words": "Tyres"}],
        "most": 2,
    },
    {"key": "blocks", "type": "yes_no", "words": "Does it block the road?"},
    {
        "key": "lane",
        "type": "choice",
        "words": "Which lane?",
        "when": {"question": "blocks", "is": "yes"},
        "choices": [{"value": "left", "words": "Left"}, {"value": "right", "words": "Right"}],
    },
    {"key": "seen", "type": "date", "words": "When did you see it?", "most": 0},
    {"key": "bags", "type": "number", "words": "How many bags?", "unit": "bags", "most": 50},
    {"key": "more", "type": "text", "words": "Anything else?", "required": False},
]
DATE = {"day": "3", "month": "2", "year": "2025"}
GOOD: dict[str, dict[str, Any]] = {
    "short": {"answer": "A heap"},
    "long": {"answer": "Big\r\nand brown"},
    "colour": {"answer": "green"},
    "items": {"answer": ["bed", "tyre"]},
    "blocks": {"answer": "yes"},
    "lane": {"answer": "left"},
    "seen": DATE,
    "bags": {"answer": " 3 "},
    "more": {"answer": ""},
}
WRONG = [
    ("short", {"answer": ""}, "Write an answer"),
    ("short", {"answer": "x" * 61}, "Use 60 characters or fewer"),
    ("long", {"answer": "  "}, "Write an answer"),
    ("colour", {}, "Choose one"),
    ("colour", {"answer": "blue"}, "Choose one from the list"),
    ("items", {}, "Choose one or more"),
    ("items", {"answer": ["bed", SCRIPT]}, "Choose from the list"),
    ("blocks", {"answer": "maybe"}, "Choose one from the list"),
    ("blocks", {}, "Choose yes or no"),
    ("seen", {}, "Enter a date"),
    ("seen", {"day": "3", "year": "2025"}, "The date must include a month"),
    ("seen", {"year": "2025"}, "The date must include a day and a month"),
    ("seen", {"day": "31", "month": "2", "year": "2025"}, "The date must be a real date"),
    ("seen", {"day": "3", "month": "2", "year": "25"}, "The year must have 4 numbers"),
    ("seen", {"day": "3", "month": "2", "year": "2999"}, "The date must be today or before"),
    ("seen", {"day": "\x00", "month": "2", "year": "2025"}, "There is a problem"),
    ("seen", {"day": SCRIPT, "month": SCRIPT, "year": SCRIPT}, "There is a problem"),
    ("bags", {"answer": ""}, "Enter a number"),
    ("bags", {"answer": "many"}, "Enter a number"),
    ("bags", {"answer": "51"}, "Enter 50 or less"),
]


@pytest.fixture
def asked(visitor: Visitor) -> Visitor:
    forms_of.publish("fly-tipping", *QUESTIONS)
    visitor.start("fly-tipping")
    return visitor


def up_to(visitor: Visitor, key: str, **changes: dict[str, Any]) -> None:
    """Answers every question before one."""
    for _ in range(12):
        here = visitor.at.rstrip("/").rpartition("/")[2]
        if here == key or here not in GOOD:
            return
        visitor.answer(**(changes.get(here) or GOOD[here]))


@pytest.mark.parametrize(("key", "typed", "words"), WRONG)
def test_what_is_no_answer_is_said_in_words_and_nothing_typed_is_lost(
    asked: Visitor, key: str, typed: dict[str, Any], words: str
) -> None:
    up_to(asked, key)
    assert asked.at.endswith(f"/q/{key}/")
    asked.answer(**typed)
    assert asked.page.status_code == 200
    assert asked.at.endswith(f"/q/{key}/")
    assert words in asked.text
    assert "<title>Error: " in " ".join(asked.text.split()).replace("<title> ", "<title>")
    assert SCRIPT not in asked.text
    asked.answer(**GOOD[key])
    assert not asked.at.endswith(f"/q/{key}/")


def test_every_kind_arrives_as_it_was_answered(asked: Visitor) -> None:
    assert "Question 1 of up to" in asked.text
    assert "Why we ask" in asked.text
    up_to(asked, "place")
    asked.answer(postcode=EVESHAM)
    asked.answer(description="Here it is")
    asked.answer(tell_by="email", email="jo@example.com", name="Jo Example")
    for words in ("A bed, Tyres", "3 February 2025", "3 bags", "Left", "Not answered"):
        assert words in asked.text, words
    asked.answer()
    assert asked.at.endswith("/sent/")
    assert Enquiry.objects.get().answers == {
        "short": "A heap",
        "long": "Big\nand brown",
        "colour": "green",
        "items": ["bed", "tyre"],
        "blocks": "yes",
        "lane": "left",
        "seen": "2025-02-03",
        "bags": "3",
    }


def test_an_answer_to_a_question_that_is_asked_no_more_is_kept_and_not_sent(
    asked: Visitor,
) -> None:
    up_to(asked, "place")
    asked.answer(postcode=EVESHAM)
    asked.answer(description="Here it is")
    asked.answer(tell_by="email", email="jo@example.com", name="Jo Example")
    check = asked.at
    asked.at = check.replace("/check/", "/q/blocks/")
    asked.answer(answer="no")
    assert asked.at.endswith("/check/")  # nothing else is asked again
    assert "Which lane?" not in asked.text
    asked.at = check.replace("/check/", "/q/blocks/")
    asked.answer(answer="yes")
    assert "Which lane?" in asked.text  # found again, as it was
    asked.at = check.replace("/check/", "/q/blocks/")
    asked.answer(answer="no")
    asked.answer()
    assert "lane" not in Enquiry.objects.get().answers


def test_hostile_words_are_only_ever_words(asked: Visitor) -> None:
    hostile = {
        "short": {"answer": SCRIPT},
        "long": {"answer": SCRIPT * 3},
        "more": {"answer": SCRIPT},
    }
    up_to(asked, "place", **hostile)
    asked.answer(postcode=EVESHAM, address=SCRIPT)
    asked.answer(description=SCRIPT)
    asked.answer(tell_by="email", email="jo@example.com", name=SCRIPT)
    assert asked.at.endswith("/check/")
    assert "<script>alert" not in asked.text
    assert "{{ 7*7 }}" in asked.text
    asked.answer()
    enquiry = Enquiry.objects.get()
    assert enquiry.answers["short"] == SCRIPT
    assert "<script>alert" not in asked.text
    tracked = asked.client.get(f"/track/{enquiry.reference}/{enquiry.secret}/").content.decode()
    assert "<script>alert" not in tracked


def test_a_link_fills_in_what_it_knows_and_what_is_no_answer_is_asked(visitor: Visitor) -> None:
    forms_of.publish("fly-tipping", *QUESTIONS)
    query = f"a.short=A+heap&a.colour=blue&a.items=bed&a.seen=never&a.gone=x&postcode={EVESHAM}"
    visitor.go(
        visitor.client.post(f"/ask/?service=fly-tipping&{query}", {"service": "fly-tipping"})
    )
    assert visitor.at.endswith("/q/long/")
    visitor.answer(**GOOD["long"])
    assert visitor.at.endswith("/q/colour/")
    visitor.answer(**GOOD["colour"])
    assert visitor.at.endswith("/q/blocks/")
    visitor.answer(answer="no")
    assert visitor.at.endswith("/q/seen/")
    up_to(visitor, "place")
    assert EVESHAM in visitor.text


def test_an_emergency_interrupts_and_who_says_that_it_is_none_goes_on(visitor: Visitor) -> None:
    ring = {
        "key": "danger",
        "kind": "emergency",
        "when": {"question": "live", "is": "yes"},
        "title": "Ring now",
        "words": "Do not go near it.",
        "phone": "01632 960000",
    }
    forms_of.publish(
        "fly-tipping", forms_of.choice("live", "Are wires loose?", yes="Yes", no="No"), ends=[ring]
    )
    visitor.start("fly-tipping")
    visitor.answer(answer="yes")
    assert visitor.at.endswith("/end/danger/")
    assert 'href="tel:01632960000"' in visitor.text
    # Nothing behind it opens before.
    visitor.go(visitor.client.get(visitor.at.replace("/end/danger/", "/q/description/")))
    assert visitor.at.endswith("/end/danger/")
    visitor.answer(go_on="1")
    assert visitor.at.endswith("/q/place/")
    # Said anew, it interrupts anew.
    visitor.at = visitor.at.replace("/q/place/", "/q/live/")
    visitor.answer(answer="yes")
    assert visitor.at.endswith("/end/danger/")


def test_an_area_asks_in_its_own_words_once_the_place_is_known(visitor: Visitor) -> None:
    place = {"key": "where", "type": "place", "words": "Where does it lie?"}
    size = {
        **forms_of.choice("size", "How big is it?", small="Small", big="Big"),
        "areas": {"E07000238": {"words": "How big is it, in Wychavon?"}},
    }
    forms_of.publish("fly-tipping", place, size)
    visitor.start("fly-tipping")
    assert "Where does it lie?" in visitor.text
    visitor.answer(postcode=EVESHAM)
    assert visitor.at.endswith("/q/size/")
    assert "How big is it, in Wychavon?" in visitor.text


def test_a_form_that_does_not_ask_what_happened_says_it_by_its_answers(visitor: Visitor) -> None:
    forms_of.publish(
        "fly-tipping", forms_of.choice("size", "How big is it?", big="Big"  , small="Small"),
        describe=False,
    )  # fmt: skip
    visitor.start("fly-tipping")
    visitor.answer(answer="big")
    visitor.answer(postcode=EVESHAM)
    while "/q/" in visitor.at and not visitor.at.endswith("/q/you/"):
        visitor.answer()
    visitor.answer(tell_by="email", email="jo@example.com", name="Jo Example")
    visitor.answer()
    assert Enquiry.objects.get().description == "How big is it? Big"
