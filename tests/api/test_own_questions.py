"""Other systems read what a service asks, and send what was answered."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from enquiries.models import Enquiry
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
