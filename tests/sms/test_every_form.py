"""Every form of the partnership can be asked by text: each question in two texts at most."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from django.conf import settings

from channels.asking.journey import Journey
from channels.asking.questions import ABOUT, Asking
from channels.sms import parsing, replies, turns, wording
from channels.sms.dialog import PAGE, Dialog, Turn
from channels.sms.parsing import Kind as Said
from kb.forms import files, standard
from kb.forms.schema import Choice, EndKind, Form, Kind, Question
from notifications import gsm

FORMS = sorted((Path(settings.BASE_DIR) / "reference" / "forms").glob("*.toml"))
TODAY = date(2026, 11, 17)
FACTS = standard.Facts(location="address", owner_tier="district")


def form_of(path: Path) -> Form:
    own = files.read(path.name, path.read_bytes()).form
    return standard.completed(own, FACTS)


def at(form: Form, key: str, turn: Turn = Turn.QUESTION, **more: Any) -> tuple[Dialog, Asking]:
    """A conversation at any question of a form, whatever leads to it."""
    open_ = replace(form, questions=tuple(replace(one, when=None) for one in form.questions))
    journey = Journey(id="x" * 16, done=(ABOUT,), phone="+447700900123")
    service: Any = SimpleNamespace(name="A service with quite a long name", location="address",
                                   slug="x")  # fmt: skip
    asking = turns.prepared(Asking(journey, service, open_, TODAY))
    when = "2026-11-17T10:00:00+00:00"
    dialog = Dialog("+447700900123", "+447700900123", when, when, "t", asking.journey, turn, key,
                    is_first=False, **more)  # fmt: skip
    return dialog, asking


@pytest.fixture(autouse=True)
def _nothing_of_the_database(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("kb.tongues._texts", lambda _language: {})


@pytest.mark.parametrize("path", FORMS, ids=lambda path: path.stem)
def test_each_question_stands_in_two_texts_in_our_alphabet(path):
    form = form_of(path)
    for question in form.questions:
        if question.kind is Kind.PERSON:
            continue
        for start in range(0, max(1, len(question.choices)), PAGE):
            dialog, asking = at(form, question.key, start=start)
            said = gsm.plain(wording.says(dialog, asking))
            assert gsm.outside(said) == "", said
            assert gsm.measure(said).segments <= wording.PARTS, said


@pytest.mark.parametrize("path", FORMS, ids=lambda path: path.stem)
def test_no_answer_that_we_ask_for_is_a_word_of_the_providers(path):
    """Twilio keeps STOP, START, HELP and their like for itself, and we do too."""
    form = form_of(path)
    for question in form.questions:
        for number, choice in enumerate(question.choices, start=1):
            for words in (str(number), choice.words):
                kind = parsing.read(words).kind
                assert kind not in (Said.STOP, Said.START, Said.HELP), words
            found = replies.answer(question, str(number), today=TODAY)
            assert found in (choice.value, [choice.value])


@pytest.mark.parametrize("path", FORMS, ids=lambda path: path.stem)
def test_every_line_of_every_list_can_be_chosen(path):
    """Also where a list is longer than one text: nought leads on until all was seen."""
    form = form_of(path)
    for question in form.questions:
        if not question.choices:
            continue
        dialog, asking = at(form, question.key)
        seen: set[int] = set()
        for _ in range(9):
            said = wording.says(dialog, asking)
            seen |= {n for n in range(1, len(question.choices) + 1) if _shows(said, n, question)}
            dialog = replace(dialog, shown=wording.shown(dialog, asking))
            dialog = replace(dialog, start=turns.more(dialog, question))
        assert seen == set(range(1, len(question.choices) + 1)), path.stem


def test_lines_that_are_long_make_the_list_shorter_and_none_is_passed_over():
    """As in a language with other letters, where a text holds less than half."""
    choices = tuple(Choice(f"v{n}", f"Ścieżka numer {n} wzdłuż rzeki") for n in range(1, 12))
    asked = Question("way", Kind.CHOICE, "Która ścieżka?", choices=choices)
    dialog, asking = at(Form((asked,), describe=False), "way")
    seen: list[int] = []
    for _ in range(6):
        said = wording.says(dialog, asking)
        assert "0 more" in said
        here = [n for n in range(1, 12) if f"{n} Ścieżka numer {n} " in said]
        assert len(here) == min(wording.shown(dialog, asking), 11 - dialog.start)
        seen += here
        dialog = replace(dialog, shown=wording.shown(dialog, asking))
        dialog = replace(dialog, start=turns.more(dialog, asked))
        if not dialog.start:
            break
    assert seen == list(range(1, 12))


def _shows(said: str, number: int, question: Question) -> bool:
    return f"{number} {question.choices[number - 1].words}" in said


@pytest.mark.parametrize("path", FORMS, ids=lambda path: path.stem)
def test_where_a_form_ends_it_is_said_with_how_to_go_on(path):
    form = form_of(path)
    for end in form.ends:
        dialog, asking = at(form, end.key, Turn.END)
        said = wording.says(dialog, asking)
        assert end.words.split(".")[0] in said
        assert not end.phone or end.phone in said
        assert ("or 2 to stop here" in said) == (end.kind is not EndKind.EMERGENCY)
        assert len(gsm.plain(said)) <= gsm.LONGEST
