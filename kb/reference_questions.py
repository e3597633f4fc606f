"""Reads the questions of services from a table, and their answers from one cell."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path

from core.sheets import Check, Row, read

COLUMNS = ("service", "key", "position", "words", "hint", "choices", "required")
ANSWER = 80
_VALUE = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
Choice = dict[str, str]


@dataclass(frozen=True, slots=True)
class QuestionRow:
    """One question of one service."""

    service: str
    key: str
    position: int
    words: str
    hint: str
    choices: list[Choice]
    is_required: bool


def questions(path: Path, check: Check, services: Collection[str]) -> list[QuestionRow]:
    """The questions of a table. A service asks each once."""
    found = []
    for row in read(path, COLUMNS, check):
        check.once(row, "service", "key")
        found.append(
            QuestionRow(
                service=row.one_of("service", services, "service"),
                key=row.slug("key")[:40],
                position=row.number("position", least=1, most=99),
                words=row.text("words", limit=120),
                hint=row.text("hint", limit=200, required=False),
                choices=_choices(row),
                is_required=row.flag("required"),
            )
        )
    return found


def _choices(row: Row) -> list[Choice]:
    found, wrong = parsed(row.text("choices"))
    for words, cure in wrong:
        row.wrong("choices", words, cure)
    return found


def parsed(text: str) -> tuple[list[Choice], list[tuple[str, str]]]:
    """The answers of `value=Words; value=Words` or of lines, and what is wrong with the rest."""
    found: list[Choice] = []
    wrong: list[tuple[str, str]] = []
    for part in filter(None, map(str.strip, re.split(r"[;\n]", text))):
        value, _, words = (side.strip() for side in part.partition("="))
        if not words or not _VALUE.fullmatch(value) or len(value) > 40:
            wrong.append((f'"{part}" is no answer', "Write it as value=Words, in small letters"))
        elif len(words) > ANSWER:
            wrong.append((f'"{words[:30]}…" is too long', f"Use at most {ANSWER} characters"))
        elif value in {one["value"] for one in found}:
            wrong.append((f'"{value}" is there twice', "Keep one of them"))
        else:
            found.append({"value": value, "words": words})
    if text.strip() and not wrong and len(found) < 2:
        wrong.append(("has one answer only", "A question needs two answers or more"))
    return found, wrong


def written(choices: list[Choice]) -> str:
    """Answers as they are edited: one a line."""
    return "\n".join(f"{one['value']}={one['words']}" for one in choices)
