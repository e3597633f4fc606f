"""Which questions are asked, which comes next, and where a form ends early. Pure.

A question is asked when its condition holds for the answers to questions before it. So an answer
to a question that is asked no more counts for nothing, without being forgotten: who changes their
mind back finds it again.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from datetime import date
from typing import Any

from kb.forms import answers as reading
from kb.forms import conditions
from kb.forms.schema import Answer, Answers, Choice, End, EndKind, Form, Kind, Question


def asked(form: Form, answers: Answers, *, today: date) -> list[Question]:
    """The questions that these answers lead through, in their order, answered or not."""
    found: list[Question] = []
    counting: dict[str, Answer] = {}
    for question in form.questions:
        if not conditions.holds(question.when, counting, today=today):
            continue
        found.append(question)
        if question.key in answers:
            counting[question.key] = answers[question.key]
    return found


def counting(form: Form, answers: Answers, *, today: date) -> dict[str, Answer]:
    """The answers that count: those to questions that are asked."""
    keys = [question.key for question in asked(form, answers, today=today)]
    return {key: answers[key] for key in keys if key in answers}


def next_open(
    form: Form, answers: Answers, done: Collection[str], *, today: date
) -> Question | None:
    """The first question that is asked and not done; None when all are.

    A question is done when it was passed (`done`) and its answer still is one: choices that were
    taken from the list since are asked again.
    """
    for question in asked(form, answers, today=today):
        if question.key not in done or not _still(question, answers, today=today):
            return question
    return None


def _still(question: Question, answers: Answers, *, today: date) -> bool:
    if question.key not in answers:
        return not question.required
    try:
        reading.read(question, answers[question.key], today=today)
    except reading.NotAnAnswer:
        return False
    return True


def end(form: Form, answers: Answers, *, today: date, passed: Collection[str] = ()) -> End | None:
    """The first end that the answers lead to, an emergency before all others.

    `passed` are ends that the person read and went on from.
    """
    given = counting(form, answers, today=today)
    for one in sorted(form.ends, key=lambda found: found.kind is not EndKind.EMERGENCY):
        if one.key not in passed and conditions.holds(one.when, given, today=today):
            return one
    return None


def not_touched(form: Form, passed: Collection[str], key: str) -> tuple[str, ...]:
    """The passed ends that stay passed when a question is answered anew: none looks at it."""
    looks = {one.key: set(conditions.questions(one.when)) for one in form.ends}
    return tuple(one for one in passed if key not in looks.get(one, set()))


def may_differ(form: Form, answers: Answers, *, today: date) -> bool:
    """Whether it hangs on an answer that is still to come how many questions there are."""
    given = counting(form, answers, today=today)
    return any(key not in given for one in form.questions for key in conditions.questions(one.when))


def at(form: Form, one: End) -> str:
    """The key of the last question that an end looks at: where it interrupts."""
    order = [question.key for question in form.questions]
    looked = [key for key in conditions.questions(one.when) if key in order]
    return max(looked, key=order.index, default="")


def for_area(form: Form, codes: Collection[str]) -> Form:
    """The form as it is asked in an area: words, hints, choices and questions that differ there.

    `codes` are the areas that hold the place, the smallest first; the first that says something
    about a question decides.
    """
    questions = []
    for question in form.questions:
        different = next((question.areas[code] for code in codes if code in question.areas), None)
        if different is None:
            questions.append(question)
        elif not different.get("skip"):
            questions.append(_changed(question, different))
    return replace(form, questions=tuple(questions))


def without(form: Form, kind: Kind) -> Form:
    """The form for a door that cannot ask one kind of question."""
    return replace(form, questions=tuple(one for one in form.questions if one.kind is not kind))


def everywhere(form: Form) -> Form:
    """The form with every answer that can be chosen anywhere: for what was answered somewhere."""
    return replace(form, questions=tuple(map(_with_all_choices, form.questions)))


def _with_all_choices(question: Question) -> Question:
    if not any("choices" in different for different in question.areas.values()):
        return question
    known = {one.value: one for one in question.choices}
    for different in question.areas.values():
        for one in different.get("choices", ()):
            known.setdefault(one["value"], Choice(**one))
    return replace(question, choices=tuple(known.values()))


def _changed(question: Question, different: Any) -> Question:
    known = {
        key: different[key] for key in ("words", "hint", "why", "required") if key in different
    }
    if "words" in different:
        # What is said aloud says the same as everywhere else.
        known["say"] = ""
    if "choices" in different:
        known["choices"] = tuple(Choice(**one) for one in different["choices"])
    return replace(question, **known)
