"""What is data is in English whatever the page is, and says so to who has it read out."""

from __future__ import annotations

import re

import pytest
from django.test import Client
from django.utils import translation

from kb.models import Article
from tests import forms_of
from tests.web.conftest import Visitor
from tests.world import World

pytestmark = pytest.mark.django_db
MARK = ' lang="en-GB"'


def reader(language: str) -> Client:
    return Client(headers={"accept-language": language})


def in_english(page: str, words: str) -> bool:
    """Whether the element that holds the words says that they are in English."""
    return bool(re.search(rf"<[a-z0-9]+[^<>]*{MARK}[^<>]*>\s*{re.escape(words)}", page))


@pytest.fixture
def visitor(world: World) -> Visitor:
    """Somebody who reads Polish, at a question with a choice."""
    question = {
        **forms_of.choice("road", "Which kind of road?", local="A street", a="A trunk road"),
        "hint": "Look at its signs.",
        "why": "It says who repairs it.",
    }
    end = {
        "key": "stop",
        "kind": "answered",
        "when": {"question": "road", "is": "a"},
        "title": "It is repaired tonight",
        "words": "The whole road is.",
        "next_step": "Look tomorrow.",
    }
    forms_of.publish("pothole", question, ends=[end])
    found = Visitor(reader("pl"))
    found.start("pothole")
    return found


def test_a_question_is_read_out_in_english_and_its_error_in_the_language_of_the_page(
    visitor: Visitor,
) -> None:
    for words in ("<h1", "Look at its signs.", "It says who repairs it.", "A street"):
        assert in_english(visitor.text, words), words
    visitor.answer()
    with translation.override("pl"):
        refused = translation.gettext("Choose one for “%(question)s”")
    refused %= {"question": "Which kind of road?"}
    assert refused in visitor.text
    assert not in_english(visitor.text, refused)


def test_where_a_form_ends_its_words_are_read_out_in_english(visitor: Visitor) -> None:
    visitor.answer(answer="a")
    for words in ("It is repaired tonight", "The whole road is.", "Look tomorrow."):
        assert in_english(visitor.text, words), words


def test_an_answer_is_in_english_and_what_is_around_it_is_not(world: World) -> None:
    article = Article.objects.filter(is_published=True).first()
    assert article is not None
    path = f"/answers/{article.slug}/"
    page = reader("pl").get(path).content.decode()
    assert in_english(page, article.title)
    assert in_english(page, article.summary)
    assert 'lang="en"' not in page
    assert MARK not in re.sub(r"<footer.*", "", reader("en").get(path).content.decode())


def test_the_check_of_answers_marks_what_the_form_says_and_nothing_that_was_typed(
    visitor: Visitor,
) -> None:
    visitor.answer(answer="local")
    visitor.answer(postcode="WR11 3DA")
    visitor.answer(description="Duża dziura")
    visitor.answer(tell_by="email", email="jo@example.com", name="Jo")
    assert visitor.at.endswith("/check/"), visitor.at
    assert in_english(visitor.text, "Which kind of road?")
    assert in_english(visitor.text, "A street")
    assert "Duża dziura" in visitor.text
    assert not in_english(visitor.text, "Duża dziura")
