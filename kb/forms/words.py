"""How answers read, to citizens and to staff. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.utils.formats import date_format

from kb.forms.schema import Answer, Answers, Form, Kind, Question


@dataclass(frozen=True, slots=True)
class Said:
    """One question and what was answered, in words."""

    question: str
    answer: str
    key: str = ""


def answer(question: Question, given: Answer) -> str:
    """An answer in words; what is no longer on the list reads as it was kept."""
    if isinstance(given, dict):
        return ""
    if question.choices:
        return ", ".join(chosen(question, given))
    if isinstance(given, list):
        return ", ".join(given)
    if question.kind is Kind.DATE:
        try:
            day = date.fromisoformat(given)
        except ValueError:
            return given
        return date_format(day, "j E Y")
    return f"{given} {question.unit}".strip()


def chosen(question: Question, given: Answer) -> list[str]:
    """The words of the answers that were chosen."""
    known = {choice.value: choice.words for choice in question.choices}
    values = given if isinstance(given, list) else [str(given)]
    return [known.get(one, one) for one in values]


def said(form: Form, answers: Answers) -> list[Said]:
    """What was answered, in the order of the questions; a question that has gone by its key."""
    known = {question.key: question for question in form.own}
    ordered = [key for key in known if key in answers]
    gone = sorted(key for key in answers if key not in known)
    return [
        *(Said(known[key].words, answer(known[key], answers[key]), key) for key in ordered),
        *(Said(_from_key(key), _plain(answers[key]), key) for key in gone),
    ]


def _from_key(key: str) -> str:
    return key.replace("-", " ").replace("_", " ").capitalize()


def _plain(given: Answer) -> str:
    return ", ".join(given) if isinstance(given, list) else str(given)


def described(form: Form, answers: Answers) -> str:
    """The enquiry's own words where a form does not ask for them: its answers, one a line."""
    return "\n".join(f"{one.question} {one.answer}" for one in said(form, answers) if one.answer)
