"""What is an answer to a question, and what to say when it is none. Pure."""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

from core.errors import DomainError
from kb.forms.schema import Answer, Kind, Question

LONGEST = {Kind.TEXT: 200, Kind.WORDS: 4_000}
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_NUMBER = re.compile(r"-?\d{1,12}(\.\d{1,4})?")


class NotAnAnswer(DomainError):
    code = "answer_not_valid"


def read(question: Question, value: Any, *, today: date) -> Answer:
    """The answer as it is kept: text, an ISO date, a number as text, or a list of choices.

    Raises NotAnAnswer with words for the person who gave it. A place, a person and files are read
    by the doors, which know how they are typed; here they pass as they are.
    """
    reader = _READERS.get(question.kind)
    return reader(question, value, today) if reader else value


def _text(question: Question, value: Any, _today: date) -> Answer:
    if not isinstance(value, str):
        raise NotAnAnswer("Write it as text", field=question.key)
    words = _CONTROL.sub("", value.replace("\r\n", "\n").replace("\r", "\n")).strip()
    if question.kind is Kind.TEXT:
        words = " ".join(words.split())
    longest = question.longest or LONGEST[question.kind]
    if len(words) > longest:
        raise NotAnAnswer(
            f"Use {longest:,} characters or fewer. You wrote {len(words):,}", field=question.key
        )
    if not words and question.required:
        raise NotAnAnswer("Write an answer", field=question.key)
    return words


def _choice(question: Question, value: Any, _today: date) -> Answer:
    if not isinstance(value, str) or value not in question.values:
        raise NotAnAnswer("Choose one from the list", field=question.key)
    return value


def _several(question: Question, value: Any, _today: date) -> Answer:
    given = [value] if isinstance(value, str) else value
    if not isinstance(given, list | tuple) or not all(isinstance(one, str) for one in given):
        raise NotAnAnswer("Choose from the list", field=question.key)
    if any(one not in question.values for one in given):
        raise NotAnAnswer("Choose from the list", field=question.key)
    chosen = [one for one in question.values if one in given]
    if not chosen and question.required:
        raise NotAnAnswer("Choose one or more", field=question.key)
    if question.least is not None and chosen and len(chosen) < question.least:
        raise NotAnAnswer(f"Choose {question.least:g} or more", field=question.key)
    if question.most is not None and len(chosen) > question.most:
        raise NotAnAnswer(f"Choose {question.most:g} or fewer", field=question.key)
    return chosen


def _date(question: Question, value: Any, today: date) -> Answer:
    try:
        day = value if isinstance(value, date) else date.fromisoformat(str(value))
    except ValueError as error:
        raise NotAnAnswer("Enter a real date, for example 27 3 2026", field=question.key) from error
    for bound, is_before in ((question.least, True), (question.most, False)):
        if bound is None:
            continue
        edge = today + timedelta(days=int(bound))
        if is_before and day < edge:
            raise NotAnAnswer(f"The date must be {_day(edge)} or later", field=question.key)
        if not is_before and day > edge:
            words = "today or before" if bound == 0 else f"{_day(edge)} or before"
            raise NotAnAnswer(f"The date must be {words}", field=question.key)
    return day.isoformat()


def _day(day: date) -> str:
    return f"{day.day} {day:%B %Y}"


def _number(question: Question, value: Any, _today: date) -> Answer:
    text = str(value).strip().replace(",", "")
    if isinstance(value, bool) or not _NUMBER.fullmatch(text):
        raise NotAnAnswer("Enter a number, for example 3", field=question.key)
    number = float(text)
    if question.least is not None and number < question.least:
        raise NotAnAnswer(f"Enter {question.least:g} or more", field=question.key)
    if question.most is not None and number > question.most:
        raise NotAnAnswer(f"Enter {question.most:g} or less", field=question.key)
    return str(int(number)) if math.isclose(number, round(number)) else f"{number:g}"


_READERS: dict[Kind, Callable[[Question, Any, date], Answer]] = {
    Kind.TEXT: _text,
    Kind.WORDS: _text,
    Kind.CHOICE: _choice,
    Kind.YES_NO: _choice,
    Kind.SEVERAL: _several,
    Kind.DATE: _date,
    Kind.NUMBER: _number,
}
