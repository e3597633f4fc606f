"""One change to a form's data at a time: a question or an end is put, moved or taken away. Pure.

Each takes the data and gives new data. What cannot be is said in words: by `BadForm` where the
form could not be asked any more, by `Clash` where somebody else changed the same thing meanwhile.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from copy import deepcopy
from typing import Any, Literal

from core.errors import DomainError
from kb.forms import conditions, reading
from kb.forms.reading import BadForm, Problem
from kb.forms.schema import Form

Part = Literal["questions", "ends"]
Data = dict[str, Any]
NAMES: dict[Part, str] = {"questions": "question", "ends": "end"}


class Clash(DomainError):
    """A colleague changed or removed this meanwhile. `current` is what it says now, or None."""

    code = "form_part_changed"

    def __init__(self, message: str, current: Data | None) -> None:
        super().__init__(message)
        self.current = current


def seen(one: Data | None) -> str:
    """A short mark of what a page showed, to tell whether it is still so."""
    if one is None:
        return ""
    text = json.dumps(one, sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()[:16]


def find(data: Data, part: Part, key: str) -> Data | None:
    """One question or end by its key."""
    return next((one for one in data.get(part, []) if one.get("key") == key), None)


def put(data: Data, part: Part, one: Data, *, key: str = "", mark: str = "") -> Data:
    """Changes the one that had `key`, or adds one at the end. Raises Clash, BadForm."""
    made = deepcopy(data)
    rows: list[Data] = made.setdefault(part, [])
    if not key:
        if find(made, part, one["key"]) is not None:
            _refuse(one["key"], f"There is a {NAMES[part]} with this key. Choose another")
        rows.append(one)
        return _checked(made)
    at = _place(made, part, key)
    _unchanged(rows[at], mark, part)
    if one["key"] != key and find(made, part, one["key"]) is not None:
        _refuse(one["key"], f"There is a {NAMES[part]} with this key. Choose another")
    rows[at] = one
    return _checked(made)


def remove(data: Data, part: Part, key: str, *, mark: str) -> Data:
    """Takes one away. Raises Clash, and BadForm where others look at it."""
    made = deepcopy(data)
    at = _place(made, part, key)
    _unchanged(made[part][at], mark, part)
    if part == "questions":
        users = [f"{name} “{by}”" for name, by in looking_at(reading.form(made), key)]
        if users:
            _refuse(key, f"It cannot go yet: {', '.join(users)} depends on its answer")
    del made[part][at]
    return _checked(made)


def move(data: Data, part: Part, key: str, *, steps: int) -> Data:
    """Moves one up (-1) or down (1); at the edge it stays. Raises Clash, BadForm."""
    made = deepcopy(data)
    at = _place(made, part, key)
    to = min(max(at + steps, 0), len(made[part]) - 1)
    made[part].insert(to, made[part].pop(at))
    return _checked(made)


def looking_at(form: Form, key: str) -> Iterator[tuple[str, str]]:
    """The questions and ends whose conditions look at a question."""
    for question in form.questions:
        if key in set(conditions.questions(question.when)):
            yield "question", question.key
    for end in form.ends:
        if key in set(conditions.questions(end.when)):
            yield "end", end.key


def _place(data: Data, part: Part, key: str) -> int:
    for at, one in enumerate(data.get(part, [])):
        if one.get("key") == key:
            return at
    raise Clash(
        f"A colleague has removed this {NAMES[part]} meanwhile. What you wrote is still below", None
    )


def _unchanged(current: Data, mark: str, part: Part) -> None:
    if seen(current) != mark:
        words = f"A colleague has changed this {NAMES[part]} meanwhile. What you wrote is still "
        raise Clash(words + "below: compare it, and save it again if it is right", current)


def _checked(data: Data) -> Data:
    reading.form(data)
    return data


def _refuse(key: str, words: str) -> None:
    raise BadForm([Problem(key, words)])
