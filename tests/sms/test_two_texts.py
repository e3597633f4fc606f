"""What a conversation says stands in two texts, in each of our languages, in all that we ask."""

from __future__ import annotations

import csv
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from django.conf import settings
from django.utils import translation

from channels.asking.journey import Journey
from channels.asking.questions import ABOUT, Asking
from channels.sms import turns, wording
from channels.sms.dialog import Dialog, Turn
from kb import tongue_files
from kb.forms.schema import Choice, Form, Kind, Question
from notifications import gsm
from tests.sms.test_every_form import FORMS, TODAY, at, form_of

REFERENCE = Path(settings.BASE_DIR) / "reference"
with (REFERENCE / "services.csv").open(encoding="utf-8", newline="") as rows:
    NAMES = {row["slug"]: row["name"] for row in csv.DictReader(rows)}
LANGUAGES = ("en-gb", "pl")


@pytest.fixture(autouse=True)
def _words_of_the_reference(monkeypatch: pytest.MonkeyPatch) -> None:
    read = tongue_files.read((REFERENCE / "words" / "pl.po").read_bytes(), ["pl"])
    texts = {source: found for source, found in read.texts.items() if isinstance(found, str)}
    monkeypatch.setattr("kb.tongues._texts", lambda language: texts if language == "pl" else {})


def parts(said: str) -> int:
    return gsm.measure(gsm.plain(said)).segments


def pages(form: Form, question: Question, name: str, **first: Any) -> list[tuple[str, int]]:
    """All that is said of a question until its list was seen, with the lines of each text."""
    note, start = first.get("note", ""), 0
    said: list[tuple[str, int]] = []
    while not said or start < len(question.choices):
        dialog, asking = at(form, question.key, start=start)
        service: Any = asking.service
        service.name = name
        dialog = replace(dialog, is_first=first.get("is_first", False))
        shown = wording.shown(dialog, asking, note=note)
        said.append((wording.says(dialog, asking, note=note), shown))
        assert shown > 0
        start += shown
    return said


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_question_of_each_form_and_its_whole_list(language: str) -> None:
    long: list[str] = []
    with translation.override(language):
        ways: tuple[dict[str, Any], ...] = ({}, {"is_first": True}, {"note": wording.photo_taken()},
                {"note": translation.gettext("We could not read that as an answer.")})  # fmt: skip
        for path in FORMS:
            form = form_of(path)
            for question in form.questions:
                if question.kind is Kind.PERSON:
                    continue
                for way in ways:
                    found = pages(form, question, NAMES[path.stem], **way)
                    long += [said for said, _ in found if parts(said) > wording.PARTS]
    assert long == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_else_is_said_in_a_conversation(language: str) -> None:
    names = sorted(NAMES.values(), key=len)[-3:]
    with translation.override(language):
        answers = {"en-gb": "It has been like this for weeks, please help me now"}
        answer = answers.get(language, "Za długo to trwa, proszę o pomoc, bo nie mogę")
        for said in _sayings(names, answer):
            assert parts(said) <= wording.PARTS, said


def _sayings(names: list[str], answer: str) -> list[str]:
    """The other turns, each as long as it gets."""
    form = max(map(form_of, FORMS), key=lambda form: len(form.questions))
    where = next(one for one in form.questions if one.kind in (Kind.ADDRESS, Kind.PLACE))
    homes = tuple((f"Flat {n}, 12 The Old Vinegar Works, Lowesmoor, Worcester, WR1 2RS", str(n))
                  for n in range(1, 10))  # fmt: skip
    house, asking = at(form, where.key, Turn.HOUSE)
    postcode = replace(house, journey=replace(house.journey, postcode="WR11 3DA"))
    offered = tuple((f"s{n}", name) for n, name in enumerate(names))
    service: Any = asking.service
    service.name = names[-1]
    done = tuple(one.key for one in form.questions)
    answers = {one.key: "A rather long answer of somebody who has a lot to say about this"
               for one in form.questions if not one.choices}  # fmt: skip
    told = replace(
        asking,
        journey=replace(
            asking.journey,
            done=(ABOUT, *done[:5]),
            answers={
                **answers,
                **dict.fromkeys(done[:5], answer),
            },
        ),
    )
    about = replace(house, turn=Turn.WHICH, about="WHH-754N-NN", about_name=names[-1])
    return [
        wording.says(postcode, asking),
        wording.says(replace(house, offered=homes), asking),
        wording.says(replace(house, turn=Turn.SERVICE, offered=offered), asking),
        wording.says(about, asking),
        wording.says(replace(about, about_name=""), asking),
        wording.says(replace(about, about=""), asking),
        wording.says(house.at(Turn.SUMMARY), told),
        wording.link("https://hub.worcestershire.gov.uk/w/0123456789ab/"),
    ]


def test_what_an_editor_wrote_at_length_is_said_whole_one_line_a_text() -> None:
    choices = tuple(Choice(f"v{n}", f"{n}. " + "Ścieżka wzdłuż rzeki " * 4) for n in range(1, 4))
    asked = Question("way", Kind.CHOICE, "Która to ścieżka?", choices=choices)
    form = Form((asked,), describe=False)
    journey = Journey(id="x" * 16, done=(ABOUT,), phone="+447700900123")
    service: Any = SimpleNamespace(name="Ścieżki", location="none", slug="x")
    asking = turns.prepared(Asking(journey, service, form, TODAY))
    when = "2026-11-17T10:00:00+00:00"
    dialog = Dialog("+44", "+44", when, when, "t", asking.journey, Turn.QUESTION, "way")
    for line in choices:
        said = wording.says(dialog, asking)
        assert line.words in said
        assert parts(said) <= wording.PARTS
        dialog = replace(dialog, shown=wording.shown(dialog, asking))
        dialog = replace(dialog, start=turns.more(dialog, asked))
    assert dialog.start == 0
