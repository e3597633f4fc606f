"""A form as a kiosk's own pages are given it: the shapes that static/js/kiosk/rules read."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from channels.asking import questions
from kb import tongues
from kb.forms.schema import Choice, Condition, End, Form, Question

Told = dict[str, Any]
# What a question gives the enquiry itself, by the names that the rules in JavaScript have.
_ROLES = {
    "": "",
    questions.WHERE: "where",
    questions.WHAT: "description",
    questions.FILES: "files",
    questions.YOU: "you",
}


def text(source: object) -> str | dict[str, str]:
    """A text in the language of the moment; marked as English where nobody has translated it."""
    said = tongues.said(source)
    return {"en": str(said)} if said.lang else str(said)


def form(asked: Form, version: int) -> Told:
    """A whole form with the version that it is of."""
    return {
        "id": version,
        "describe": asked.describe,
        "questions": [question(one) for one in asked.questions],
        "ends": [_end(one) for one in asked.ends],
    }


def question(one: Question) -> Told:
    """One question; what is as usual is said too, so that nobody has to know what is usual."""
    return {
        "key": one.key,
        "kind": one.kind.value,
        "role": _ROLES[questions.role(one)],
        "words": text(one.words),
        "hint": text(one.hint),
        "why": text(one.why),
        "required": one.required,
        "choices": [_choice(each) for each in one.choices],
        "when": condition(one.when),
        "longest": one.longest,
        "least": one.least,
        "most": one.most,
        "unit": text(one.unit),
        "anonymous": bool(one.anonymous),
        "exact": one.exact,
        "areas": {code: _different(each) for code, each in one.areas.items()},
    }


def condition(one: Condition | None) -> Told | None:
    """When something is asked or ends."""
    if one is None:
        return None
    if one.parts:
        return {"op": one.op, "parts": [condition(part) for part in one.parts]}
    return {"op": one.op, "question": one.question, "value": one.value}


def _choice(one: Choice) -> Told:
    return {"value": one.value, "words": text(one.words), "hint": text(one.hint)}


def _different(one: Mapping[str, Any]) -> Told:
    found: Told = {key: one[key] for key in ("required", "skip") if key in one}
    found |= {key: text(one[key]) for key in ("words", "hint", "why") if key in one}
    if "choices" in one:
        found["choices"] = [_choice(Choice(**each)) for each in one["choices"]]
    return found


def _end(one: End) -> Told:
    return {
        "key": one.key,
        "kind": one.kind.value,
        "when": condition(one.when),
        "title": text(one.title),
        "words": text(one.words),
        "next_step": text(one.next_step),
        "phone": one.phone,
        "article": one.article,
    }
