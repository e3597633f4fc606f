"""Forms and answers as nobody would write them, drawn from a seed: for two readings of one rule."""

from __future__ import annotations

import random
from datetime import date, timedelta
from typing import Any

TODAY = date(2028, 2, 29)
_VALUES = ["yes", "no", "a", "b", "c-d", "unknown"]
_KINDS = ["text", "words", "choice", "several", "yes_no", "date", "number"]
_CODES = ["E05000001", "E07000238", "E10000034"]
# What people, keyboards, clipboards and other scripts put into a field.
_ODD = [
    "", " ", "0", "-0", "1", "1.5", "-3", "007", "1,000", " 12 ", "1e3", "1_0", "inf", "nan", "٣",
    "１２", "0x10", "+5", "5.", ".5", "999999999999", "1234567.5", "12345.25", "100000.5", "0.0001",
    "999999999.9999", "-0.0001", "1234567890123", "2028-02-29", "2028-02-30", "20280229",
    "2028-W09-2", "2028W092", "2028-W53", "2026-W53-7", "0001-01-01", "0000-01-01", "2028-2-9",
    "2028-02-29T10:00", "２０２８-02-29", "9999-12-31", "9999-W53", "one\r\ntwo\rthree",
    "a\x00b\x07", "\u2003wide\u3000space\x85", "\ufeffbom", "\x1ctext\x1f", "ein\u0301",
    "👩‍👩‍👧 family", "ſ", "x" * 201, "👍" * 120, "y" * 4_001, "yes", "no", "unknown", "None",
    "true",
]  # fmt: skip


# The same as a page sends them: Django's own fields refuse a NUL, and take ends off.
TYPED = [one for one in _ODD if "\x00" not in one]


def answer(draw: random.Random, question: dict[str, Any]) -> Any:
    """Something that may be an answer to a question, or not."""
    turn = draw.random()
    kind = question["type"]
    values = [one["value"] for one in question.get("choices", [])] or _VALUES
    if turn < 0.2:
        return draw.choice([*_ODD, None, True, False, 5, -2, [], ["a", "a"], [1], {}, {"a": 1}])
    if kind == "several":
        return draw.choices([*values, *values, "zz"], k=draw.randint(0, 4))
    if kind in ("choice", "yes_no"):
        return draw.choice(values)
    if kind == "number":
        return draw.choice([str(draw.randint(-50, 50)), f"{draw.uniform(-9, 9):.4f}", "1.5", "20"])
    if kind == "date":
        return (TODAY + timedelta(days=draw.choice([0, 1, -1, 5, -400, -6574, -24107]))).isoformat()
    if kind in ("person", "place", "address", "file"):
        return draw.choice([{"postcode": "WR1 3EZ"}, {}, {"tell_by": "none"}])
    return draw.choice(_ODD)


def condition(draw: random.Random, before: list[dict[str, Any]], deep: int = 0) -> dict[str, Any]:
    """A test of questions before."""
    if deep < 3 and draw.random() < 0.35:
        group = draw.choice(["all", "any", "not"])
        parts = [condition(draw, before, deep + 1) for _ in range(draw.randint(1, 3))]
        return {"not": parts[0]} if group == "not" else {group: parts}
    asked = draw.choice(before)
    key, kind = asked["key"], asked["type"]
    if kind in ("choice", "several", "yes_no") and draw.random() < 0.8:
        values = [one["value"] for one in asked.get("choices", [])] or ["yes", "no"]
        wanted = draw.choice(values)
        return {"question": key, "is": draw.choice([wanted, draw.sample(values, 2)])}
    if kind == "number" and draw.random() < 0.8:
        name = draw.choice(["at_least", "at_most"])
        return {"question": key, name: draw.choice([0, 1.5, -3, 20])}
    if kind == "date" and draw.random() < 0.8:
        if draw.random() < 0.5:
            return {"question": key, draw.choice(["years_at_least", "years_under"]): 18}
        name = draw.choice(["days_ago_at_least", "days_ago_at_most"])
        return {"question": key, name: draw.choice([0, 1, 5, -1])}
    return draw.choice([{"missing": key}, {"question": key, "answered": True}])


def _question(draw: random.Random, at: int, before: list[dict[str, Any]]) -> dict[str, Any]:
    used = {one["type"] for one in before}
    kind = draw.choice([*_KINDS, *([] if "place" in used else ["place"])])
    made: dict[str, Any] = {"key": f"q{at}", "type": kind, "words": f"Question {at}?"}
    if draw.random() < 0.3:
        made["required"] = False
    if kind in ("choice", "several"):
        chosen = draw.sample(_VALUES, draw.randint(2, 5))
        made["choices"] = [{"value": one, "words": one.upper()} for one in chosen]
    if kind == "several" and draw.random() < 0.4:
        made["least"], made["most"] = draw.choice([(1, 2), (2, 2), (2, 3)])
    if kind == "number" and draw.random() < 0.5:
        made["least"], made["most"] = draw.choice([(0, 20), (-2.5, 1234567.5), (1, 12345.25)])
    if kind == "date" and draw.random() < 0.5:
        made["least"], made["most"] = draw.choice([(-400, 0), (0, 30), (-1.0, 1.0), (-9000, -6574)])
    if kind in ("text", "words") and draw.random() < 0.3:
        made["longest"] = draw.choice([1, 5, 2_000])
    if before and draw.random() < 0.5:
        made["when"] = condition(draw, before)
    if draw.random() < 0.2:
        made["areas"] = {code: _different(draw, kind) for code in draw.sample(_CODES, 2)}
    return made


def _different(draw: random.Random, kind: str) -> dict[str, Any]:
    if kind in ("choice", "several") and draw.random() < 0.5:
        return {"choices": [{"value": "a", "words": "Green"}, {"value": "b", "words": "Black"}]}
    return draw.choice([{"skip": True}, {"words": "Here?"}, {"required": draw.random() < 0.5}])


def form(draw: random.Random) -> dict[str, Any]:
    """A form of up to eight questions, and ends that hang on them."""
    questions: list[dict[str, Any]] = []
    for at in range(draw.randint(1, 8)):
        questions.append(_question(draw, at, questions))
    ends = [
        {
            "key": f"end{at}",
            "kind": draw.choice(["emergency", "not_eligible", "answered", "not_ours"]),
            "when": condition(draw, questions),
            "title": "It ends here",
            "words": "Because it does.",
            "next_step": "Ask again.",
            "phone": "999",
        }
        for at in range(draw.randint(0, 3))
    ]
    return {"questions": questions, "ends": ends}


def visit(draw: random.Random, made: dict[str, Any]) -> dict[str, Any]:
    """What somebody may have answered of a form, in any order, and perhaps after it changed."""
    asked = made["questions"]
    some = [one for one in asked if draw.random() < 0.75]
    keys = [one["key"] for one in asked]
    ends = made.get("ends", [])
    return {
        "answers": {one["key"]: answer(draw, one) for one in some},
        "done": [key for key in keys if draw.random() < 0.8],
        "passed": [one["key"] for one in ends if draw.random() < 0.3],
        "codes": draw.sample(_CODES, draw.randint(0, 3)),
        "today": (TODAY + timedelta(days=draw.choice([0, 0, 1, 366]))).isoformat(),
    }
