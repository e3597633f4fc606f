"""What is an answer to a question, and what to say when it is none. Pure."""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext as _

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
        raise NotAnAnswer(_("Write it as text"), field=question.key)
    words = _CONTROL.sub("", value.replace("\r\n", "\n").replace("\r", "\n")).strip()
    if question.kind is Kind.TEXT:
        words = " ".join(words.split())
    longest = question.longest or LONGEST[question.kind]
    if len(words) > longest:
        raise NotAnAnswer(
            _("Use %(longest)s characters or fewer. You wrote %(written)s")
            % {"longest": f"{longest:,}", "written": f"{len(words):,}"},
            field=question.key,
        )
    if not words and question.required:
        raise NotAnAnswer(_("Write an answer"), field=question.key)
    return words


def _choice(question: Question, value: Any, _today: date) -> Answer:
    if not isinstance(value, str) or value not in question.values:
        raise NotAnAnswer(_("Choose one from the list"), field=question.key)
    return value


def _several(question: Question, value: Any, _today: date) -> Answer:
    given = [value] if isinstance(value, str) else value
    if not isinstance(given, list | tuple) or not all(isinstance(one, str) for one in given):
        raise NotAnAnswer(_("Choose from the list"), field=question.key)
    if any(one not in question.values for one in given):
        raise NotAnAnswer(_("Choose from the list"), field=question.key)
    chosen = [one for one in question.values if one in given]
    if not chosen and question.required:
        raise NotAnAnswer(_("Choose one or more"), field=question.key)
    if question.least is not None and chosen and len(chosen) < question.least:
        raise NotAnAnswer(
            _("Choose %(number)s or more") % {"number": f"{question.least:g}"}, field=question.key
        )
    if question.most is not None and len(chosen) > question.most:
        raise NotAnAnswer(
            _("Choose %(number)s or fewer") % {"number": f"{question.most:g}"}, field=question.key
        )
    return chosen


def _date(question: Question, value: Any, today: date) -> Answer:
    try:
        day = value if isinstance(value, date) else date.fromisoformat(str(value))
    except ValueError as error:
        raise NotAnAnswer(
            _("Enter a real date, for example 27 3 2026"), field=question.key
        ) from error
    for bound, is_before in ((question.least, True), (question.most, False)):
        if bound is None:
            continue
        edge = today + timedelta(days=int(bound))
        if is_before and day < edge:
            raise NotAnAnswer(
                _("The date must be %(day)s or later") % {"day": _day(edge)}, field=question.key
            )
        if not is_before and day > edge:
            if bound == 0:
                raise NotAnAnswer(_("The date must be today or before"), field=question.key)
            raise NotAnAnswer(
                _("The date must be %(day)s or before") % {"day": _day(edge)}, field=question.key
            )
    return day.isoformat()


def _day(day: date) -> str:
    return date_format(day, "j E Y")


def _number(question: Question, value: Any, _today: date) -> Answer:
    text = str(value).strip().replace(",", "")
    if isinstance(value, bool) or not _NUMBER.fullmatch(text):
        raise NotAnAnswer(_("Enter a number, for example 3"), field=question.key)
    number = float(text)
    if question.least is not None and number < question.least:
        raise NotAnAnswer(
            _("Enter %(number)s or more") % {"number": f"{question.least:g}"}, field=question.key
        )
    if question.most is not None and number > question.most:
        raise NotAnAnswer(
            _("Enter %(number)s or less") % {"number": f"{question.most:g}"}, field=question.key
        )
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
