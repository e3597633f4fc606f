"""A form back as the data that it was made of, in one order, without what says nothing. Pure."""

from __future__ import annotations

from typing import Any

from kb.forms.schema import Condition, End, Form, Kind, Question


def data(form: Form) -> dict[str, Any]:
    """The data of a form; `reading.form` makes the same form of it."""
    found: dict[str, Any] = {"questions": [_question(one) for one in form.questions]}
    if form.ends:
        found["ends"] = [_end(one) for one in form.ends]
    if not form.describe:
        found["describe"] = False
    return found


def _question(question: Question) -> dict[str, Any]:
    found: dict[str, Any] = {"key": question.key, "type": question.kind.value}
    for name in ("words", "hint", "why", "say", "unit"):
        if value := getattr(question, name):
            found[name] = value
    if not question.required:
        found["required"] = False
    if question.choices and question.kind is not Kind.YES_NO:
        found["choices"] = [
            {"value": one.value, "words": one.words, **({"hint": one.hint} if one.hint else {})}
            for one in question.choices
        ]
    if question.when is not None:
        found["when"] = condition(question.when)
    for name in ("longest", "least", "most", "anonymous"):
        value = getattr(question, name)
        if value is not None:
            found[name] = value
    if question.areas:
        found["areas"] = {code: dict(one) for code, one in sorted(question.areas.items())}
    return found


def _end(end: End) -> dict[str, Any]:
    found: dict[str, Any] = {"key": end.key, "kind": end.kind.value, "when": condition(end.when)}
    for name in ("title", "words", "next_step", "phone", "article"):
        if value := getattr(end, name):
            found[name] = value
    return found


def condition(one: Condition) -> dict[str, Any]:
    """The data of a condition."""
    if one.op in ("all", "any"):
        return {one.op: [condition(part) for part in one.parts]}
    if one.op == "not":
        return {"not": condition(one.parts[0])}
    if one.op == "missing":
        return {"missing": one.question}
    return {"question": one.question, one.op: one.value}
