"""What services ask: and what counts as an answer."""

from __future__ import annotations

from collections.abc import Callable

import pytest

import kb.queries
from kb import questions
from kb.models import Service
from kb.questions import NotAnAnswer
from tests import forms_of
from tests.world import World

pytestmark = pytest.mark.django_db


@pytest.fixture
def pothole(world: World) -> Service:
    service = Service.objects.get(slug="pothole")
    ask(service, "road", local="A street", motorway="A motorway")
    ask(service, "deep", shallow="Less than a hand", deep="More")
    return service


def ask(service: Service, key: str, **choices: str) -> None:
    forms_of.add(service.slug, forms_of.choice(key, **choices))


def test_a_service_asks_in_its_order_with_one_statement(
    pothole: Service, django_assert_num_queries: Callable[[int], object]
) -> None:
    fresh = kb.queries.service("pothole")
    with django_assert_num_queries(1):  # type: ignore[attr-defined]
        assert [one.key for one in questions.of(fresh)] == ["road", "deep"]
        assert len(questions.of(fresh)) == 2
    assert not questions.of(None)


def test_what_is_an_answer_and_what_is_not(pothole: Service) -> None:
    assert questions.checked(pothole, {}) == {}
    kept = questions.checked(pothole, {"deep": "shallow", "road": "local"})
    assert list(kept.items()) == [("road", "local"), ("deep", "shallow")]
    for answers, field, said in [
        ({"colour": "red"}, "answers", "does not ask “colour”. It asks “road”, “deep”"),
        ({"road": "Motorway"}, "answers.road", "Use one of “local”, “motorway”"),
        ({"road": "x" * 900}, "answers.road", "is no answer"),
    ]:
        with pytest.raises(NotAnAnswer) as refused:
            questions.checked(pothole, answers)
        assert refused.value.field == field
        assert said in refused.value.message
        assert len(refused.value.message) < 200
    with pytest.raises(NotAnAnswer, match="Say which service"):
        questions.checked(None, {"road": "local"})


def test_answers_read_in_words_even_when_their_question_has_gone(pothole: Service) -> None:
    said = questions.in_words(pothole, {"road": "motorway", "left-side": "yes", "deep": "gone"})
    assert [(one.question, one.answer) for one in said] == [
        ("What about road?", "A motorway"),
        ("What about deep?", "gone"),
        ("Left side", "yes"),
    ]
