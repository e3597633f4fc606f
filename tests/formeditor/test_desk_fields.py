"""An agent's form has a field for every kind of question, folds what does not apply, says ends."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from enquiries.models import Enquiry
from tests import forms_of
from tests.desk.steps import act, new_key, open_contact, raise_one, text
from tests.world import World, ask, enquiry_of

pytestmark = pytest.mark.django_db
KINDS: list[dict[str, Any]] = [
    {"key": "hurt", "type": "yes_no", "words": "Is anybody hurt?"},
    {"key": "deep", "type": "number", "words": "How deep?", "unit": "cm", "least": 1, "most": 99},
    {"key": "seen", "type": "date", "words": "Since when?", "most": 0},
    {"key": "near", "type": "text", "words": "What is near it?", "longest": 20},
    {"key": "more", "type": "words", "words": "What else?", "hint": "A few words"},
    {
        "key": "who",
        "type": "several",
        "words": "Who uses it?",
        "choices": [{"value": "cars", "words": "Cars"}, {"value": "bikes", "words": "Bikes"}],
    },
    {
        "key": "lane",
        "type": "text",
        "words": "Which lane?",
        "when": {"question": "who", "is": "bikes"},
    },
]
RING = {
    "key": "ring", "kind": "emergency", "title": "Ring 999 first", "words": "Do not wait.",
    "phone": "999", "when": {"question": "hurt", "is": "yes"},
}  # fmt: skip
GIVEN: dict[str, Any] = {
    "own-hurt": "no", "own-deep": "12", "own-seen": "2026-11-02", "own-near": " the  bank",
    "own-more": "It grows", "own-who": ["bikes", "cars"], "own-lane": "Left",
}  # fmt: skip


@pytest.fixture
def desk(world: World, client_for: Any) -> Client:
    forms_of.publish("pothole", *KINDS, ends=[RING])
    client: Client = client_for(world.agent)
    return client


def hole(**more: Any) -> dict[str, Any]:
    return {
        "service": "pothole", "description": "A hole", "postcode": "WR1 3EZ", **more
    }  # fmt: skip


def test_answers_of_every_kind_are_kept_and_read_in_words(desk: Client) -> None:
    contact = open_contact(desk)
    raise_one(desk, contact, **hole(**GIVEN))
    enquiry = Enquiry.objects.get()
    assert enquiry.answers == {
        "hurt": "no", "deep": "12", "seen": "2026-11-02", "near": "the bank", "more": "It grows",
        "who": ["cars", "bikes"], "lane": "Left",
    }  # fmt: skip
    page = text(desk.get(f"/desk/cases/{enquiry.reference}/"))
    for words in ("12 cm", "2 November 2026", "Cars, Bikes", "Which lane?"):
        assert words in page, words


def test_every_question_may_be_left_open(desk: Client) -> None:
    raise_one(desk, open_contact(desk), **hole())
    assert Enquiry.objects.get().answers == {}


def test_what_the_other_answers_do_not_lead_to_is_left_out(desk: Client) -> None:
    raise_one(desk, open_contact(desk), **hole(**{"own-who": ["cars"], "own-lane": "Left"}))
    assert Enquiry.objects.get().answers == {"who": ["cars"]}


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("own-deep", "very", "Enter a number"),
        ("own-deep", "100", "Enter 99 or less"),
        ("own-seen", "31/02/2026", "Enter a real date"),
        ("own-seen", "2031-01-01", "today or before"),
        ("own-near", "x" * 21, "20 characters"),
        ("own-who", ["planes"], "Choose from the list"),
        ("own-hurt", "perhaps", "Choose one from the list"),
        ("own-lane", "a\x00b", "cannot be kept"),
    ],
)
def test_what_is_no_answer_is_said_beside_its_field(
    desk: Client, name: str, value: Any, words: str
) -> None:
    refused = raise_one(desk, open_contact(desk), **hole(**{name: value}))
    assert refused.status_code == 422
    assert words in text(refused)
    assert not Enquiry.objects.exists()


def test_a_day_may_be_written_as_people_say_it(desk: Client) -> None:
    raise_one(desk, open_contact(desk), **hole(**{"own-seen": "2/11/2026"}))
    assert Enquiry.objects.get().answers == {"seen": "2026-11-02"}


def test_looking_keeps_every_answer_and_shows_what_applies_and_what_to_say(desk: Client) -> None:
    contact = open_contact(desk)
    first = text(desk.get(f"{contact}?service=pothole"))
    assert "1 question that follows other answers" in first
    assert "What to say when it ends early (1)" in first
    assert "Say: Ring 999 first" not in first
    sent = {**hole(**GIVEN), "own-hurt": "yes", "how": "rules", "key": new_key(), "look": "1"}
    looked = desk.post(f"{contact}raise/", sent)
    page = text(looked)
    assert "Say: Ring 999 first" in page
    assert "that follows other answers" not in page
    form = looked.context["raise_form"]
    assert form["own-who"].value() == ["bikes", "cars"]
    assert page.count("checked") >= 2
    only = desk.post(f"{contact}raise/", {**sent, "own-who": ["bikes"]})
    assert only.context["raise_form"]["own-who"].value() == ["bikes"]
    assert not Enquiry.objects.exists()


def test_a_form_without_own_words_is_described_by_its_answers(desk: Client) -> None:
    forms_of.publish("pothole", *KINDS, describe=False)
    contact = open_contact(desk)
    assert "Anything else they said" in text(desk.get(f"{contact}?service=pothole"))
    raise_one(desk, contact, **hole(**GIVEN, description=""))
    assert "How deep? 12 cm" in Enquiry.objects.get().description
    refused = raise_one(desk, contact, **hole(description=""))
    assert refused.status_code == 422
    assert "Error:" in text(refused)
    assert Enquiry.objects.count() == 1


def test_answers_that_come_later_are_of_every_kind_too(desk: Client) -> None:
    enquiry = enquiry_of(ask(service="pothole", postcode="WR1 3EZ"))
    page = f"/desk/cases/{enquiry.reference}/"
    done = act(desk, page, "answers", **GIVEN)
    assert done.status_code == 303, text(done)
    enquiry.refresh_from_db()
    assert enquiry.answers["who"] == ["cars", "bikes"]
    again = desk.get(page)
    assert "Answer its questions" in text(again)
    refused = act(desk, page, "answers", **{"own-deep": "very"})
    assert "Enter a number" in text(refused)
