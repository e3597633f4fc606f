"""When a question is asked, and when a form ends: tests of the answers so far. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date

from kb.forms.schema import Answer, Answers, Condition

GROUPS = ("all", "any", "not")


def holds(condition: Condition | None, answers: Answers, *, today: date) -> bool:
    """Whether a condition holds. What was not answered fails every test but `not` and `missing`."""
    if condition is None:
        return True
    if condition.op == "all":
        return all(holds(part, answers, today=today) for part in condition.parts)
    if condition.op == "any":
        return any(holds(part, answers, today=today) for part in condition.parts)
    if condition.op == "not":
        return not holds(condition.parts[0], answers, today=today)
    answer = answers.get(condition.question)
    if condition.op == "missing":
        return not answer
    if not answer:
        return False
    return TESTS[condition.op](answer, condition.value, today)


def questions(condition: Condition | None) -> Iterator[str]:
    """The keys of the questions that a condition looks at."""
    if condition is None:
        return
    if condition.question:
        yield condition.question
    for part in condition.parts:
        yield from questions(part)


def _is(answer: Answer, value: object, _today: date) -> bool:
    wanted = value if isinstance(value, list) else [value]
    given = answer if isinstance(answer, list) else [answer]
    return any(one in wanted for one in given)


def _number(answer: Answer) -> float | None:
    try:
        return float(str(answer))
    except ValueError:
        return None


def _at_least(answer: Answer, value: object, _today: date) -> bool:
    number = _number(answer)
    return number is not None and number >= float(str(value))


def _at_most(answer: Answer, value: object, _today: date) -> bool:
    number = _number(answer)
    return number is not None and number <= float(str(value))


def _days_ago(answer: Answer, today: date) -> int | None:
    try:
        return (today - date.fromisoformat(str(answer))).days
    except ValueError:
        return None


def _days_ago_at_least(answer: Answer, value: object, today: date) -> bool:
    days = _days_ago(answer, today)
    return days is not None and days >= int(str(value))


def _days_ago_at_most(answer: Answer, value: object, today: date) -> bool:
    days = _days_ago(answer, today)
    return days is not None and days <= int(str(value))


def _years(answer: Answer, today: date) -> int | None:
    """Whole years since a day, as ages are counted."""
    try:
        born = date.fromisoformat(str(answer))
    except ValueError:
        return None
    return today.year - born.year - ((today.month, today.day) < (born.month, born.day))


def _years_at_least(answer: Answer, value: object, today: date) -> bool:
    years = _years(answer, today)
    return years is not None and years >= int(str(value))


def _years_under(answer: Answer, value: object, today: date) -> bool:
    years = _years(answer, today)
    return years is not None and years < int(str(value))


def _answered(_answer: Answer, _value: object, _today: date) -> bool:
    return True


TESTS: dict[str, Callable[[Answer, object, date], bool]] = {
    "is": _is,
    "at_least": _at_least,
    "at_most": _at_most,
    "days_ago_at_least": _days_ago_at_least,
    "days_ago_at_most": _days_ago_at_most,
    "years_at_least": _years_at_least,
    "years_under": _years_under,
    "answered": _answered,
}
NUMBERS = frozenset({"at_least", "at_most"})
DAYS = frozenset({"days_ago_at_least", "days_ago_at_most", "years_at_least", "years_under"})
