"""A kiosk's own pages read forms and answers as the server does: the same form, the same way.

Forms and answers are drawn from a seed, read by kb.forms and by static/js/kiosk/rules in Chromium,
and compared whole. What differs is shown by its smallest case.
"""

from __future__ import annotations

import json
import random
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

from django.utils import translation

from channels.kiosk import content_forms, shell_words
from kb import reference_forms
from kb.forms import answers, files, path, reading, standard, writing
from kb.forms.schema import Form
from tests.kiosk_rules import drawn
from tests.kiosk_rules.conftest import Run

FORMS = Path(__file__).resolve().parents[2] / "reference" / "forms"
WALK = """({path}, [forms, cases]) => cases.map((one) => {
  const form = path.forArea(forms[one.form], one.codes);
  const given = one.answers, today = one.today;
  return {
    questions: form.questions.map((each) => [each.key, each.words, each.required,
                                             each.choices.map((choice) => choice.value)]),
    asked: path.asked(form, given, today).map((each) => each.key),
    counting: path.counting(form, given, today),
    next: path.nextOpen(form, given, one.done, today)?.key ?? null,
    end: path.end(form, given, today, one.passed)?.key ?? null,
    differ: path.mayDiffer(form, given, today),
    at: form.ends.map((each) => path.at(form, each)),
    untouched: form.questions.map((each) => path.notTouched(form, one.passed, each.key)),
  };
})"""
READ = """({answers, texts}, [words, cases]) => cases.map(([question, value, today]) => {
  const found = answers.read(question, value, today);
  return "wrong" in found ? {wrong: texts.say(words, found.wrong, found.facts)} : found;
})"""


def _walked(form: Form, case: dict[str, Any]) -> dict[str, Any]:
    """What the server makes of a case."""
    form = path.for_area(form, case["codes"])
    given, today = case["answers"], date.fromisoformat(case["today"])
    turn = path.next_open(form, given, case["done"], today=today)
    end = path.end(form, given, today=today, passed=case["passed"])
    return {
        "questions": [[q.key, q.words, q.required, list(q.values)] for q in form.questions],
        "asked": [one.key for one in path.asked(form, given, today=today)],
        "counting": path.counting(form, given, today=today),
        "next": turn.key if turn is not None else None,
        "end": end.key if end is not None else None,
        "differ": path.may_differ(form, given, today=today),
        "at": [path.at(form, one) for one in form.ends],
        "untouched": [list(path.not_touched(form, case["passed"], q.key)) for q in form.questions],
    }


def _walk(
    run: Run, forms: list[tuple[Form, Any]], draw: random.Random, *, visits: int
) -> list[dict[str, Any]]:
    """Walks each form with so many visits at both sides; what both make of them."""
    cases, ours = [], []
    for at, (form, data) in enumerate(forms):
        for _ in range(visits):
            case = {"form": at, **drawn.visit(draw, data)}
            cases.append(case)
            ours.append(_walked(form, case))
    told = [content_forms.form(form, 0) for form, _data in forms]
    theirs = run(WALK, [told, cases])
    same([{**one, "form": forms[one["form"]][1]} for one in cases], ours, theirs)
    return ours


def same(cases: list[Any], ours: list[Any], theirs: list[Any]) -> None:
    """Fails with the smallest case that was not read alike."""
    wrong = [
        (len(json.dumps(case)), json.dumps(case, ensure_ascii=False), one, other)
        for case, one, other in zip(cases, ours, theirs, strict=True)
        if one != other
    ]
    if wrong:
        _size, case, one, other = min(wrong, key=lambda each: each[0])
        told = f"{case}\nserver: {one}\nkiosk: {other}"
        raise AssertionError(f"{len(wrong)} of {len(cases)} differ, the smallest:\n{told}")


def test_random_forms_are_walked_alike(run):
    draw = random.Random(20281123)
    rows = [drawn.form(draw) for _ in range(1_500)]
    ours = _walk(run, [(reading.form(data), data) for data in rows], draw, visits=3)
    assert sum(one["end"] is not None for one in ours) > 200
    assert sum(one["next"] is None for one in ours) > 100


def test_the_published_forms_are_walked_alike(run):
    draw = random.Random(80)
    forms = []
    for file in reference_forms.paths([], FORMS):
        read = files.read(file.name, file.read_bytes()).form
        form = standard.completed(read, standard.Facts(location="map"))
        forms.append((form, writing.data(form)))
    assert len(forms) > 60
    _walk(run, forms, draw, visits=100)


def test_whatever_is_typed_is_read_alike_and_refused_in_the_same_words(run):
    draw = random.Random(7)
    for language in ("en-gb", "pl"):
        cases, ours, said = [], [], set()
        with translation.override(language):
            words = shell_words.words()
            for _ in range(3_000):
                data = drawn.form(draw)
                at = draw.randrange(len(data["questions"]))
                question = replace(reading.form(data).questions[at], areas={})
                value = drawn.answer(draw, data["questions"][at])
                with translation.override("en-gb"):
                    told = content_forms.question(question)
                cases.append([told, value, drawn.TODAY.isoformat()])
                try:
                    read = {"answer": answers.read(question, value, today=drawn.TODAY)}
                except answers.NotAnAnswer as error:
                    said.add(error.message)
                    read = {"wrong": error.message}
                ours.append(read)
        assert len(said) > 20
        same(cases, ours, run(READ, [words, cases]))
