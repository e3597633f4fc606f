"""Conditions, ends and changes of a form in words, as staff read them. Pure."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from kb.forms import writing
from kb.forms.schema import CHOSEN, Condition, End, EndKind, Form, Kind, Question

KINDS: Mapping[Kind, str] = {
    Kind.TEXT: "A line of text",
    Kind.WORDS: "Several lines of text",
    Kind.CHOICE: "One choice from a list",
    Kind.SEVERAL: "Several choices from a list",
    Kind.YES_NO: "Yes or no",
    Kind.DATE: "A date",
    Kind.NUMBER: "A number",
    Kind.ADDRESS: "An address",
    Kind.PLACE: "A place on the map",
    Kind.FILE: "Photos or files",
    Kind.PERSON: "Who they are",
}
ENDS: Mapping[EndKind, str] = {
    EndKind.EMERGENCY: "Emergency: they ring somebody first",
    EndKind.NOT_ELIGIBLE: "No: they cannot have it",
    EndKind.ANSWERED: "Answered: nothing needs to be sent",
    EndKind.NOT_OURS: "Not ours: somebody else does it",
}
TESTS: Mapping[str, str] = {
    "is": "is",
    "is_not": "is not",
    "answered": "is answered",
    "missing": "is not answered",
    "at_least": "is this number or more",
    "at_most": "is this number or less",
    "days_ago_at_least": "is this many days ago or more",
    "days_ago_at_most": "is this many days ago or fewer",
    "years_at_least": "is this many years ago or more (an age)",
    "years_under": "is fewer than this many years ago (an age)",
}
_SAID: Mapping[str, str] = {
    "at_least": "is {} or more",
    "at_most": "is {} or less",
    "days_ago_at_least": "is {} days ago or more",
    "days_ago_at_most": "is {} days ago or fewer",
    "years_at_least": "is {} years ago or more",
    "years_under": "is fewer than {} years ago",
}
_PARTS: Mapping[str, str] = {
    "type": "Kind of answer",
    "words": "Question",
    "hint": "Hint",
    "why": "Why we ask",
    "say": "Words to say aloud",
    "unit": "Unit",
    "required": "Has to be answered",
    "choices": "Choices",
    "when": "Asked only if",
    "longest": "Longest",
    "least": "Least",
    "most": "Most",
    "anonymous": "May stay anonymous",
    "areas": "In some areas",
    "skip": "Not asked there",
    "kind": "Kind of end",
    "title": "Title",
    "next_step": "Next step",
    "phone": "Telephone",
    "article": "Answer",
}


def when(form: Form, condition: Condition | None) -> str:
    """A condition in words; nothing where there is none."""
    if condition is None:
        return ""
    if condition.op in ("all", "any"):
        between = " and " if condition.op == "all" else " or "
        parts = [when(form, part) for part in condition.parts]
        inner = [f"({one})" if part.parts else one for one, part in _paired(parts, condition)]
        return between.join(inner)
    if condition.op == "not":
        return f"not: {when(form, condition.parts[0])}"
    question = form.question(condition.question)
    name = f"“{question.words if question else condition.question}”"
    if condition.op == "missing":
        return f"{name} is not answered"
    if condition.op == "answered":
        return f"{name} is answered"
    if condition.op == "is":
        return f"{name} is {_values(question, condition.value)}"
    return f"{name} {_SAID[condition.op].format(f'{condition.value:g}')}"


def _paired(parts: list[str], condition: Condition) -> list[tuple[str, Condition]]:
    return list(zip(parts, condition.parts, strict=True))


def _values(question: Question | None, value: Any) -> str:
    known = {one.value: one.words for one in question.choices} if question else {}
    wanted = value if isinstance(value, list) else [value]
    return " or ".join(f"“{known.get(one, one)}”" for one in wanted)


@dataclass(frozen=True, slots=True)
class Change:
    """One thing that a form says otherwise than another: what, as it was, as it is."""

    what: str
    was: str
    now: str


def changes(old: Form, new: Form) -> list[Change]:
    """What a form says otherwise than an older one, in the order of the new one."""
    found = [
        *_apart("Question", writing.data(old)["questions"], writing.data(new)["questions"]),
        *_apart("End", writing.data(old).get("ends", []), writing.data(new).get("ends", [])),
    ]
    for what, before, after in (
        ("Order of the questions", _order(old.questions, new), _order(new.questions, old)),
        ("Order of the ends", _order(old.ends, new), _order(new.ends, old)),
    ):
        if before != after:
            found.append(Change(what, before, after))
    if old.describe != new.describe:
        found.append(
            Change("“What happened?” is asked", *(_yes(one.describe) for one in (old, new)))
        )
    return found


def _order(mine: tuple[Question, ...] | tuple[End, ...], other: Form) -> str:
    """Those that both forms have, in the order of one."""
    both = {one.key for one in other.questions} | {one.key for one in other.ends}
    return ", ".join(one.key for one in mine if one.key in both)


def _yes(value: bool) -> str:
    return "Yes" if value else "No"


def _apart(kind: str, old: list[dict[str, Any]], new: list[dict[str, Any]]) -> list[Change]:
    before, after = {one["key"]: one for one in old}, {one["key"]: one for one in new}
    found = []
    for key, one in after.items():
        if key not in before:
            found.append(Change(f"{kind} “{key}”", "", f"New: {_name(one)}"))
            continue
        found += [
            Change(f"{kind} “{key}”: {_PARTS[part].lower()}", *_both(before[key], one, part))
            for part in _PARTS
            if before[key].get(part) != one.get(part)
        ]
    gone = [key for key in before if key not in after]
    return [*found, *(Change(f"{kind} “{key}”", _name(before[key]), "Gone") for key in gone)]


def apart(theirs: Mapping[str, Any], mine: Mapping[str, Any]) -> list[Change]:
    """Where two writings of one question or end differ, part by part."""
    return [
        Change(_PARTS[part], _shown(theirs.get(part)), _shown(mine.get(part)))
        for part in _PARTS
        if (theirs.get(part) or None) != (mine.get(part) or None)
    ]


def _name(one: Mapping[str, Any]) -> str:
    return str(one.get("title") or one.get("words"))


def _both(old: Mapping[str, Any], new: Mapping[str, Any], part: str) -> tuple[str, str]:
    return _shown(old.get(part)), _shown(new.get(part))


def _shown(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return _yes(value)
    if isinstance(value, list):
        return "; ".join(f"{one['value']} = {one['words']}" for one in value)
    return json.dumps(value, ensure_ascii=False) if isinstance(value, dict) else f"{value}"


def as_text(question: Question) -> str:
    """A question as one text message: its words, its hint, and numbers for choices."""
    lines = [question.words]
    if question.hint:
        lines.append(question.hint)
    if question.kind in CHOSEN:
        lines += [f"{at} {one.words}" for at, one in enumerate(question.choices, start=1)]
        many = question.kind is Kind.SEVERAL
        lines.append("Reply with the numbers, such as 1 3" if many else "Reply with the number")
    elif question.kind is Kind.DATE:
        lines.append("Reply with the date, such as 27 3 2026")
    elif question.kind is Kind.NUMBER:
        lines.append(f"Reply with a number{f' of {question.unit}' if question.unit else ''}")
    if not question.required:
        lines.append("Reply SKIP to go on without it")
    return "\n".join(lines)


def end_as_text(end: End) -> str:
    """An end as one text message."""
    parts = [end.title, end.words, end.next_step, f"Ring {end.phone}" if end.phone else ""]
    return "\n".join(part for part in parts if part)
