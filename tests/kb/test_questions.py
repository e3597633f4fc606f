"""What services ask: loaded from a table, mended by hand, and what counts as an answer."""

from __future__ import annotations

from collections.abc import Callable
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

import kb.queries
from kb import questions
from kb.models import FormVersion, Service
from kb.questions import NotAnAnswer
from tests import forms_of
from tests.world import World

pytestmark = pytest.mark.django_db
HEAD = "service,key,position,words,hint,choices,required\n"


@pytest.fixture
def pothole(world: World) -> Service:
    service = Service.objects.get(slug="pothole")
    ask(service, "road", local="A street", motorway="A motorway")
    ask(service, "deep", shallow="Less than a hand", deep="More")
    return service


def ask(service: Service, key: str, **choices: str) -> None:
    forms_of.add(service.slug, forms_of.choice(key, **choices))


def load(folder: Path, *lines: str) -> str:
    path = folder / "questions.csv"
    path.write_text(HEAD + "\n".join(lines) + "\n", encoding="utf-8")
    said = StringIO()
    call_command("import_questions", path, stdout=said)
    return said.getvalue().strip()


def test_a_table_says_all_its_errors_at_once_and_changes_nothing(
    world: World, tmp_path: Path
) -> None:
    with pytest.raises(CommandError) as refused:
        load(
            tmp_path,
            "pothole,road,1,What kind?,,local=A street; motorway=A motorway,yes",
            "pothole,road,1,Again?,,a=One; b=Two,yes",
            "no-such,road,0,,,local=A street,perhaps",
            "pothole,Deep Key,2,How deep?,,Deep=More; x=Less; x=Same; y,yes",
        )
    said = str(refused.value)
    for part in (
        '"pothole road" is already in line 2',
        'there is no service "no-such"',
        "0 is out of range",
        "has one answer only",
        '"perhaps" is neither yes nor no',
        '"Deep Key" is no slug',
        '"Deep=More" is no answer',
        '"x" is there twice',
        '"y" is no answer',
    ):
        assert part in said, part
    assert not FormVersion.objects.exists()


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
