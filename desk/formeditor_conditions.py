"""A condition as rows that people choose from, and back: question, test, answer or number."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from kb.forms import conditions, explained
from kb.forms.schema import Kind, Question

MOST_ROWS = 8
# "road|is|local": the key of a question, a test, and for a choice its value.
_BETWEEN = "|"
_COUNTED = {
    Kind.NUMBER: ("at_least", "at_most"),
    Kind.DATE: ("days_ago_at_least", "days_ago_at_most", "years_at_least", "years_under"),
}
Grouped = list[tuple[str, Any]]


@dataclass(frozen=True, slots=True)
class Row:
    """One test, as it is chosen; `number` where the test needs one."""

    test: str
    number: str = ""


@dataclass(frozen=True, slots=True)
class Rows:
    """Tests that all have to hold, or any of them."""

    how: str
    rows: tuple[Row, ...]


def options(questions: Iterable[Question]) -> Grouped:
    """What can be tested, by question, for a select."""
    found: Grouped = [("", "No test")]
    for question in questions:
        tests = [
            *(("is", one.value, f"is “{one.words}”") for one in question.choices),
            *(("is_not", one.value, f"is not “{one.words}”") for one in question.choices),
            *((op, "", explained.TESTS[op]) for op in _COUNTED.get(question.kind, ())),
            ("answered", "", "is answered"),
            ("missing", "", "is not answered"),
        ]
        # The question again: a select that is closed shows only what is chosen.
        found.append(
            (
                question.words,
                [
                    (_BETWEEN.join((question.key, op, value)), f"{question.words} {words}")
                    for op, value, words in tests
                ],
            )
        )
    return found


def needs_number(test: str) -> bool:
    """Whether a test is made with a number."""
    return _parts(test)[1] in conditions.NUMBERS | conditions.DAYS


def needs_days(test: str) -> bool:
    """Whether that number counts days or years, and is whole."""
    return _parts(test)[1] in conditions.DAYS


def _parts(test: str) -> tuple[str, str, str]:
    key, _, rest = test.partition(_BETWEEN)
    op, _, value = rest.partition(_BETWEEN)
    return key, op, value


def rows(data: dict[str, Any] | None) -> Rows | None:
    """The rows of a condition's data; None for one that rows cannot say."""
    if not data:
        return Rows("all", ())
    for how in ("all", "any"):
        if how in data:
            found = [_single(part, how) for part in data[how]]
            if any(one is None for one in found):
                return None
            return _fitting(how, [row for one in found if one for row in one])
    one = _single(data, "any")
    if one is not None and len(one) == 1:
        return Rows("all", tuple(one))
    if one is not None and "not" not in data:
        return _fitting("any", one)
    both = _single(data, "all")
    return _fitting("all", both) if both is not None else None


def _fitting(how: str, found: Sequence[Row]) -> Rows | None:
    return Rows(how, tuple(found)) if len(found) <= MOST_ROWS else None


def _single(data: dict[str, Any], how: str) -> list[Row] | None:
    """The rows of one part, that mean the same among others joined by `how`."""
    if "missing" in data:
        return [Row(_BETWEEN.join((data["missing"], "missing", "")))]
    if "not" in data:
        inner = data["not"]
        if "is" not in inner:
            return None
        values = _listed(inner["is"])
        if len(values) > 1 and how == "any":
            return None
        return [Row(_BETWEEN.join((inner["question"], "is_not", one))) for one in values]
    if "question" not in data:
        return None
    op = next(name for name in data if name != "question")
    if op == "is":
        values = _listed(data["is"])
        return [Row(_BETWEEN.join((data["question"], "is", one))) for one in values]
    number = f"{data[op]:g}" if op in conditions.NUMBERS | conditions.DAYS else ""
    return [Row(_BETWEEN.join((data["question"], op, "")), number)]


def _listed(value: Any) -> list[str]:
    return list(value) if isinstance(value, list) else [value]


def data(how: str, given: Sequence[Row], questions: Iterable[Question]) -> dict[str, Any] | None:
    """The data of a condition from its rows; None for no rows.

    Several answers of one question that has one answer only mean any of them, also among tests that
    all have to hold: nobody can give two.
    """
    single = {one.key for one in questions if one.kind is not Kind.SEVERAL}
    parts: list[dict[str, Any]] = []
    listed: dict[str, dict[str, Any]] = {}
    for row in given:
        key, op, value = _parts(row.test)
        if op == "is" and key in single:
            if key in listed:
                listed[key]["is"] = [*_listed(listed[key]["is"]), value]
                continue
            listed[key] = {"question": key, "is": value}
            parts.append(listed[key])
        elif op == "is":
            parts.append({"question": key, "is": value})
        elif op == "is_not":
            parts.append({"not": {"question": key, "is": value}})
        elif op == "missing":
            parts.append({"missing": key})
        elif op == "answered":
            parts.append({"question": key, "answered": True})
        else:
            parts.append({"question": key, op: _number(op, row.number)})
    if not parts:
        return None
    return parts[0] if len(parts) == 1 else {how: parts}


def _number(op: str, text: str) -> int | float:
    number = float(text)
    return int(number) if number.is_integer() or op in conditions.DAYS else number
