"""Other systems read what a service asks, and send what was answered."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from enquiries.models import Enquiry
from tests import forms_of
from tests.api.conftest import System
from tests.not_ours import NAME, give_away
from tests.outbox import run_outbox

pytestmark = pytest.mark.django_db
HOLE = {
    "service": "pothole",
    "description": "A deep hole in the left lane",
    "place": {"postcode": "WR1 3EZ"},
    "person": {"name": "Jo Bloggs", "email": "jo@example.com"},
}


@pytest.fixture
def caller(system: Callable[..., System]) -> System:
    give_away("pothole")
    return system()


def test_the_list_of_services_says_what_each_asks(
    caller: System, django_assert_max_num_queries: Callable[[int], Any]
) -> None:
    with django_assert_max_num_queries(5):
        listed = caller.get("services/").json()["results"]
    asked = {one["slug"]: one["questions"] for one in listed}
    assert asked["missed-bin"] == []
    (road,) = asked["pothole"]
    assert (road["key"], road["words"], road["is_required"]) == (
        "road",
        "What kind of road is it on?",
        True,
    )
    assert [one["value"] for one in road["choices"]] == ["local", "motorway"]


def test_an_answer_decides_whose_it_is(caller: System) -> None:
    taken = caller.send({**HOLE, "answers": {"road": "motorway"}})
    assert taken.status_code == 201
    assert taken.json()["owner"] is None
    assert taken.json()["promised_on"] is None
    run_outbox()
    enquiry = Enquiry.objects.get()
    assert (enquiry.answers, enquiry.outcome) == ({"road": "motorway"}, "signposted")
    assert NAME in enquiry.public_words


@pytest.mark.parametrize("answers", [{}, None])
def test_what_is_left_out_is_decided_without(caller: System, answers: Any) -> None:
    taken = caller.send({**HOLE, "answers": answers})
    assert taken.status_code == 201
    assert taken.json()["owner"]["slug"] == "worcestershire-county"


@pytest.mark.parametrize(
    ("answers", "field", "words"),
    [
        ({"colour": "red"}, "answers", "does not ask “colour”. It asks “road”"),
        ({"road": "moterway"}, "answers.road", "Use one of “local”, “motorway”"),
        ({"road": ""}, "answers.road", ""),
        ({"road": 7}, "answers.road", ""),
        ({"road": ["local"]}, "answers.road", ""),
        (["local"], "answers", ""),
        ("local", "answers", ""),
        ({"road": "x" * 41}, "answers.road", ""),
        ({"road\x00": "local"}, "answers", ""),
    ],
)
def test_what_is_no_answer_is_refused_at_its_field(
    caller: System, answers: Any, field: str, words: str
) -> None:
    refused = caller.send({**HOLE, "answers": answers})
    assert refused.status_code == 422, refused.content
    errors = refused.json()["errors"]
    assert field in errors, errors
    assert words in errors[field][0]
    assert not Enquiry.objects.exists()


KINDS: list[dict[str, Any]] = [
    {"key": "deep", "type": "number", "words": "How deep?", "unit": "cm", "least": 1, "most": 200},
    {"key": "seen", "type": "date", "words": "Since when?", "least": -400, "most": 0},
    {"key": "near", "type": "text", "words": "What is near it?", "longest": 20},
    {"key": "more", "type": "words", "words": "What else?", "required": False},
    {"key": "dark", "type": "yes_no", "words": "Is it dark?", "why": "It tells us how soon."},
    {
        "key": "who",
        "type": "several",
        "words": "Who uses it?",
        "choices": [
            {"value": "cars", "words": "Cars"},
            {"value": "bikes", "words": "Bikes", "hint": "Also scooters"},
            {"value": "feet", "words": "People on foot"},
        ],
        "when": {"question": "dark", "is": "yes"},
    },
]
RING = {
    "key": "ring", "kind": "emergency", "title": "Ring now", "words": "Do not wait.",
    "phone": "999", "when": {"question": "deep", "at_least": 100},
}  # fmt: skip


@pytest.fixture
def kinds(caller: System) -> System:
    forms_of.publish("pothole", *KINDS, ends=[RING])
    return caller


def test_questions_of_every_kind_are_described(kinds: System) -> None:
    listed = kinds.get("services/").json()["results"]
    pothole = next(one for one in listed if one["slug"] == "pothole")
    asked = {one["key"]: one for one in pothole["questions"]}
    assert [one["kind"] for one in asked.values()] == [one["type"] for one in KINDS]
    assert (asked["deep"]["least"], asked["deep"]["most"], asked["deep"]["unit"]) == (1, 200, "cm")
    assert asked["near"]["longest"] == 20
    assert asked["dark"]["why"] == "It tells us how soon."
    assert asked["who"]["when"] == {"question": "dark", "is": "yes"}
    assert asked["who"]["choices"][1]["hint"] == "Also scooters"
    assert asked["deep"]["when"] is None
    (end,) = pothole["ends"]
    assert (end["kind"], end["phone"], end["when"]) == ("emergency", "999", RING["when"])


def test_answers_of_every_kind_are_kept(kinds: System) -> None:
    given = {
        "deep": 12.5, "seen": "2026-11-02", "near": "the  bank ", "more": "It\ngrows",
        "dark": "yes", "who": ["feet", "cars"],
    }  # fmt: skip
    assert kinds.send({**HOLE, "answers": given}).status_code == 201
    assert Enquiry.objects.get().answers == {
        "deep": "12.5", "seen": "2026-11-02", "near": "the bank", "more": "It\ngrows",
        "dark": "yes", "who": ["cars", "feet"],
    }  # fmt: skip


@pytest.mark.parametrize(
    ("key", "value", "words"),
    [
        ("deep", "much", "Enter a number"),
        ("deep", 0, "Enter 1 or more"),
        ("deep", True, "a text, a number, or a list"),
        ("deep", None, ""),
        ("deep", 10**15, "a text, a number, or a list"),
        ("deep", [], ""),
        ("seen", "tomorrow", "Enter a real date"),
        ("seen", "2031-01-01", "today or before"),
        ("seen", "0000-00-00", "Enter a real date"),
        ("near", "x" * 21, "20 characters or fewer"),
        ("near", ["x"], "as text"),
        ("near", "a\x00b", ""),
        ("near", {"a": "b"}, "a text, a number, or a list"),
        ("who", "planes", "Use one of"),
        ("who", ["cars", "planes"], "Use one of"),
        ("who", ["cars"] * 31, "a text, a number, or a list"),
        ("who", [["cars"]], "a text, a number, or a list"),
        ("dark", "maybe", "Use one of “yes”, “no”"),
    ],
)
def test_what_is_no_answer_of_its_kind_is_refused_at_its_field(
    kinds: System, key: str, value: Any, words: str
) -> None:
    refused = kinds.send({**HOLE, "answers": {key: value}})
    assert refused.status_code == 422, refused.content
    (said,) = refused.json()["errors"][f"answers.{key}"]
    assert words in said
    assert not Enquiry.objects.exists()


def test_answers_without_a_service_are_refused(caller: System) -> None:
    refused = caller.send({**HOLE, "service": None, "answers": {"road": "local"}})
    assert refused.status_code == 422
    assert "Say which service" in refused.json()["errors"]["answers"][0]


def test_another_answer_under_the_same_key_is_another_body(caller: System) -> None:
    first = caller.send({**HOLE, "answers": {"road": "local"}}, key="one")
    again = caller.send({**HOLE, "answers": {"road": "local"}}, key="one")
    other = caller.send({**HOLE, "answers": {"road": "motorway"}}, key="one")
    assert first.json() == again.json()
    assert other.json()["code"] == "idempotency_key_reused"
