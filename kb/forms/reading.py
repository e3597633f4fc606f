"""Makes a form of its data, or says everything that is wrong with it. Pure.

The data is what is kept in a version, edited by hand, and written to a file:
{"questions": [{"key", "type", "words", …}], "ends": [{"key", "kind", "when", …}], "describe": true}
A condition is {"question": KEY, "is": VALUE or [VALUES]} with one test of conditions.TESTS, or
{"all": […]}, {"any": […]}, {"not": {…}}, {"missing": KEY}.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, TypeGuard

from core.errors import DomainError
from kb.forms import conditions
from kb.forms.schema import (
    CHOSEN,
    DESCRIPTION,
    YES_NO,
    Choice,
    Condition,
    End,
    EndKind,
    Form,
    Kind,
    Question,
)

KEY = re.compile(r"[a-z][a-z0-9]*([_-][a-z0-9]+)*")
AREA = re.compile(r"[A-Za-z0-9]{1,12}")
VALUE = re.compile(r"[a-z0-9]+([_-][a-z0-9]+)*")
MOST_QUESTIONS = 40
MOST_CHOICES = 30
# Days from today that a date may be bounded by: two hundred years.
FURTHEST = 73_000
_DEEPEST = 6
_WORDS = {"words": 160, "hint": 400, "why": 400, "say": 400, "unit": 20}
_END_WORDS = {"title": 120, "words": 1_000, "next_step": 600, "phone": 40, "article": 80}
_QUESTION = frozenset(
    {"key", "type", "required", "choices", "when", "longest", "least", "most", "anonymous", "areas"}
    | set(_WORDS)
)
_END = frozenset({"key", "kind", "when"} | set(_END_WORDS))
_AREA = frozenset({"words", "hint", "why", "required", "choices", "skip"})


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong where, in words for who writes the form."""

    where: str
    words: str

    def __str__(self) -> str:
        return f"{self.where}: {self.words}" if self.where else self.words


class BadForm(DomainError):
    """A form that cannot be asked. `problems` has all that is wrong."""

    code = "form_not_valid"

    def __init__(self, problems: list[Problem]) -> None:
        super().__init__("; ".join(str(one) for one in problems[:10]))
        self.problems = problems


@dataclass(slots=True)
class _Reader:
    problems: list[Problem] = field(default_factory=list)

    def wrong(self, where: str, words: str) -> None:
        self.problems.append(Problem(where, words))

    def text(self, where: str, data: Mapping[str, Any], key: str, longest: int) -> str:
        value = data.get(key, "")
        if not isinstance(value, str):
            self.wrong(where, f"“{key}” must be text")
            return ""
        value = value.strip()
        if len(value) > longest:
            self.wrong(where, f"“{key}” must be {longest} characters or fewer")
        if not _writable(value):
            self.wrong(where, f"“{key}” has characters that cannot be kept")
            return ""
        return value

    def number(self, where: str, data: Mapping[str, Any], key: str) -> float | None:
        value = data.get(key)
        if value is None or value == "":
            return None
        if not _finite(value) or abs(value) > 10**9:
            self.wrong(where, f"“{key}” must be a number")
            return None
        return value

    def flag(self, where: str, data: Mapping[str, Any], key: str, default: bool) -> bool:
        value = data.get(key, default)
        if not isinstance(value, bool):
            self.wrong(where, f"“{key}” must be true or false")
            return default
        return value

    def known(self, where: str, data: Mapping[str, Any], names: frozenset[str]) -> None:
        for key in sorted(set(map(str, data)) - names):
            self.wrong(where, f"“{key[:40]}” means nothing here")


def _writable(text: str) -> bool:
    """Whether a text can be kept: no NUL, no half of a pair."""
    return "\x00" not in text and not any("\ud800" <= one <= "\udfff" for one in text)


def _finite(value: Any) -> TypeGuard[int | float]:
    """Whether it is a number that can be counted with."""
    return not isinstance(value, bool) and isinstance(value, int | float) and math.isfinite(value)


def form(data: Any) -> Form:
    """The form of its data. Raises BadForm with everything that is wrong."""
    reader = _Reader()
    if not isinstance(data, dict):
        raise BadForm([Problem("", "A form is a table of questions and ends")])
    reader.known("", data, frozenset({"questions", "ends", "describe", "schema"}))
    rows, ends = data.get("questions", []), data.get("ends", [])
    if not isinstance(rows, list) or not isinstance(ends, list):
        raise BadForm([Problem("", "Questions and ends are lists")])
    if len(rows) > MOST_QUESTIONS or len(ends) > MOST_QUESTIONS:
        raise BadForm([Problem("", f"A form has {MOST_QUESTIONS} questions or fewer")])
    questions: list[Question] = []
    for at, row in enumerate(rows, start=1):
        found = _question(reader, row, at, questions)
        if found is not None:
            questions.append(found)
    _one_of_each(reader, questions)
    made = Form(
        questions=tuple(questions),
        ends=tuple(
            one
            for at, row in enumerate(ends, start=1)
            if (one := _end(reader, row, at, questions)) is not None
        ),
        describe=reader.flag("", data, "describe", default=True),
    )
    keys = [one.key for one in made.ends]
    for key in sorted({key for key in keys if keys.count(key) > 1}):
        reader.wrong(key, "Two ends have this key")
    if reader.problems:
        raise BadForm(reader.problems)
    return made


def _one_of_each(reader: _Reader, questions: list[Question]) -> None:
    keys = [one.key for one in questions]
    for key in sorted({key for key in keys if keys.count(key) > 1}):
        reader.wrong(key, "Two questions have this key")
    for kinds, words in (
        ({Kind.ADDRESS, Kind.PLACE}, "A form asks for one place"),
        ({Kind.PERSON}, "A form asks once who the person is"),
        ({Kind.FILE}, "A form asks for files once"),
    ):
        if sum(one.kind in kinds for one in questions) > 1:
            reader.wrong("", words)
    if any(one.kind is Kind.PERSON for one in questions[:-1]):
        reader.wrong("", "Who the person is is the last question")
    for one in questions:
        if one.key == DESCRIPTION and one.kind is not Kind.WORDS:
            reader.wrong(one.key, "This key is for the enquiry's own words, of the type “words”")


def _question(reader: _Reader, row: Any, at: int, before: list[Question]) -> Question | None:
    where = f"Question {at}"
    if not isinstance(row, dict):
        reader.wrong(where, "A question is a table")
        return None
    key = reader.text(where, row, "key", 40)
    where = f"Question {at} ({key})" if key else where
    if not KEY.fullmatch(key):
        reader.wrong(
            where, "The key is small letters, digits and hyphens, and begins with a letter"
        )
    try:
        kind = Kind(str(row.get("type", "")))
    except ValueError:
        reader.wrong(where, f"The type is one of {', '.join(Kind)}")
        return None
    reader.known(where, row, _QUESTION)
    words = {name: reader.text(where, row, name, most) for name, most in _WORDS.items()}
    if not words["words"]:
        reader.wrong(where, "A question needs words")
    longest = reader.number(where, row, "longest")
    least, most = reader.number(where, row, "least"), reader.number(where, row, "most")
    if kind is Kind.DATE and any(abs(one or 0) > FURTHEST for one in (least, most)):
        reader.wrong(where, f"A date is bounded by {FURTHEST:,} days or fewer")
    if least is not None and most is not None and least > most:
        reader.wrong(where, "“least” is more than “most”")
    if longest is not None and not 1 <= longest <= 4_000:
        reader.wrong(where, "“longest” is between 1 and 4,000")
    required = reader.flag(where, row, "required", default=True)
    return Question(
        key=key,
        kind=kind,
        **words,
        required=required,
        choices=_choices(reader, where, row, kind),
        when=_condition(reader, where, row.get("when"), before),
        longest=int(longest) if longest is not None else None,
        least=least,
        most=most,
        anonymous=row.get("anonymous") if isinstance(row.get("anonymous"), bool) else None,
        # The catalogue asks for a place; a form that asks for an address means a home.
        exact=kind is Kind.ADDRESS and required,
        areas=_areas(reader, where, row.get("areas", {}), kind),
    )


def _choices(reader: _Reader, where: str, row: Mapping[str, Any], kind: Kind) -> tuple[Choice, ...]:
    given = row.get("choices", [])
    if kind is Kind.YES_NO:
        if given:
            reader.wrong(where, "Yes and no need no choices")
        return YES_NO
    if kind not in CHOSEN:
        if given:
            reader.wrong(where, "Only a choice has choices")
        return ()
    if not isinstance(given, list) or not 2 <= len(given) <= MOST_CHOICES:
        reader.wrong(where, f"A choice needs 2 to {MOST_CHOICES} answers")
        return ()
    return _answers(reader, where, given)


def _answers(reader: _Reader, where: str, given: list[Any]) -> tuple[Choice, ...]:
    found: list[Choice] = []
    for one in given:
        if not isinstance(one, dict):
            reader.wrong(where, "An answer is a value with words")
            continue
        reader.known(where, one, frozenset({"value", "words", "hint"}))
        value, words = reader.text(where, one, "value", 40), reader.text(where, one, "words", 120)
        if not VALUE.fullmatch(value):
            reader.wrong(where, f"“{value}” is no value: small letters, digits and hyphens")
        if not words:
            reader.wrong(where, f"The answer “{value}” needs words")
        if value in {choice.value for choice in found}:
            reader.wrong(where, f"“{value}” is there twice")
        found.append(Choice(value, words, reader.text(where, one, "hint", 200)))
    return tuple(found)


def _areas(reader: _Reader, where: str, given: Any, kind: Kind) -> dict[str, dict[str, Any]]:
    if not isinstance(given, dict):
        reader.wrong(where, "“areas” is a table by the codes of areas")
        return {}
    found = {}
    for code, different in given.items():
        if not isinstance(different, dict) or not AREA.fullmatch(str(code)):
            reader.wrong(where, "What differs in an area is a table under the code of the area")
            continue
        reader.known(f"{where} in {code}", different, _AREA)
        kept = dict(different)
        for name in ("words", "hint", "why"):
            if name in kept:
                kept[name] = reader.text(f"{where} in {code}", kept, name, _WORDS[name])
        if not kept.get("words", "x"):
            del kept["words"]
        for name in ("required", "skip"):
            if name in kept:
                kept[name] = reader.flag(f"{where} in {code}", kept, name, default=False)
        if "choices" in kept:
            choices = _choices(reader, f"{where} in {code}", kept, kind)
            kept["choices"] = [
                {"value": one.value, "words": one.words, "hint": one.hint} for one in choices
            ]
        found[str(code)] = kept
    return found


def _end(reader: _Reader, row: Any, at: int, questions: list[Question]) -> End | None:
    where = f"End {at}"
    if not isinstance(row, dict):
        reader.wrong(where, "An end is a table")
        return None
    reader.known(where, row, _END)
    key = reader.text(where, row, "key", 40)
    if not KEY.fullmatch(key):
        reader.wrong(
            where, "The key is small letters, digits and hyphens, and begins with a letter"
        )
    try:
        kind = EndKind(str(row.get("kind", "")))
    except ValueError:
        reader.wrong(where, f"The kind is one of {', '.join(EndKind)}")
        return None
    words = {name: reader.text(where, row, name, most) for name, most in _END_WORDS.items()}
    for name in ("title", "words"):
        if not words[name]:
            reader.wrong(where, f"An end needs “{name}”")
    if kind is EndKind.NOT_ELIGIBLE and not words["next_step"]:
        reader.wrong(where, "A “no” needs a next step: what the person can do now")
    if kind is EndKind.EMERGENCY and not words["phone"]:
        reader.wrong(where, "An emergency needs the telephone to ring")
    when = _condition(reader, where, row.get("when"), questions)
    if when is None:
        reader.wrong(where, "An end needs “when”")
        return None
    return End(key=key, kind=kind, when=when, **words)


def _condition(
    reader: _Reader, where: str, given: Any, before: list[Question], depth: int = 0
) -> Condition | None:
    if given is None or given == {}:
        return None
    if not isinstance(given, dict) or depth > _DEEPEST:
        reader.wrong(where, "“when” is a table, and not too deep")
        return None
    for group in ("all", "any", "not"):
        if group in given:
            parts = given[group] if isinstance(given[group], list) else [given[group]]
            read = [_condition(reader, where, part, before, depth + 1) for part in parts]
            found = tuple(part for part in read if part is not None)
            if not found or len(given) > 1 or (group == "not" and len(found) != 1):
                reader.wrong(where, f"“{group}” stands alone and holds conditions")
                return None
            return Condition(group, parts=found)
    if "missing" in given:
        return _looks_at(reader, where, Condition("missing", str(given["missing"])), before)
    tests = [name for name in conditions.TESTS if name in given]
    if len(tests) != 1 or set(given) != {"question", tests[0]}:
        listed = ", ".join(conditions.TESTS)
        reader.wrong(where, f"A condition names a “question” and one test of {listed}")
        return None
    condition = Condition(tests[0], str(given["question"]), given[tests[0]])
    return _looks_at(reader, where, condition, before)


def _looks_at(
    reader: _Reader, where: str, condition: Condition, before: list[Question]
) -> Condition | None:
    asked = next((one for one in before if one.key == condition.question), None)
    if asked is None:
        reader.wrong(where, f"“{condition.question[:40]}” is no question before it")
        return None
    if words := _unfit(condition, asked):
        reader.wrong(where, words)
        return None
    return condition


def _unfit(condition: Condition, asked: Question) -> str:
    """Why a test does not fit a question; nothing when it does."""
    op, value = condition.op, condition.value
    if op == "is":
        wanted = value if isinstance(value, list) else [value]
        unknown = [one for one in wanted if not isinstance(one, str) or one not in asked.values]
        if not asked.choices or not wanted or unknown:
            return f"“{asked.key}” has no answer “{str(unknown[0] if unknown else value)[:40]}”"
    if op == "answered" and value is not True:
        return "“answered” is true; for the opposite use “missing”"
    if op in conditions.NUMBERS | conditions.DAYS:
        if not _finite(value):
            return f"“{op}” needs a number"
        if op in conditions.DAYS and not isinstance(value, int):
            return f"“{op}” needs a whole number"
        fits = Kind.NUMBER if op in conditions.NUMBERS else Kind.DATE
        if asked.kind is not fits:
            return f"“{op}” asks about a {fits}, and “{asked.key}” is none"
    return ""
