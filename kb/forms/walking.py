"""Every way through a form that makes a difference: the questions and ends people reach. Pure.

Only answers that a condition looks at make a way of their own; where there are too many ways the
walk gives up and says so, and nothing is claimed about what it did not see.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import combinations

from kb.forms import conditions, path
from kb.forms.schema import Answer, Answers, Condition, EndKind, Form, Kind, Question

MOST = 20_000
_SMALL = 5


@dataclass(slots=True)
class Ways:
    """What the walk met. `longest` is the most questions on one way; `is_whole` that none is left
    out; `sent` that one way at least leads to the end of the form.
    """

    asked: set[str] = field(default_factory=set)
    ended: set[str] = field(default_factory=set)
    longest: int = 0
    sent: bool = False
    is_whole: bool = True
    steps: int = 0


def walk(form: Form, *, today: date) -> Ways:
    """Walks the form in every way that its conditions tell apart."""
    ways = Ways()
    _go(form, 0, {}, 0, ways, today)
    return ways


def longest(form: Form, given: Answers, *, today: date, steps: int = 2_000) -> int:
    """The most questions that can be asked of who gave these answers; 0 where there are too many
    ways to tell. It never grows while they answer on.
    """
    looked = {
        one.key: [test for later in form.questions for test in tests(later.when)
                  if test.question == one.key]
        for one in form.questions
    }  # fmt: skip
    left = steps

    def most(at: int, answers: dict[str, Answer]) -> int:
        nonlocal left
        left -= 1
        asked = 0
        while at < len(form.questions) and left > 0:
            question = form.questions[at]
            at += 1
            if not conditions.holds(question.when, answers, today=today):
                continue
            asked += 1
            if question.key in given:
                answers = {**answers, question.key: given[question.key]}
            elif looked[question.key]:
                ways = _differing(question, looked[question.key], today)
                return asked + max(
                    most(at, answers if way is None else {**answers, question.key: way})
                    for way in ways
                )
        return asked

    found = most(0, {})
    return found if left > 0 else 0


def _go(
    form: Form, at: int, answers: dict[str, Answer], asked: int, ways: Ways, today: date
) -> None:
    ways.steps += 1
    if ways.steps > MOST:
        ways.is_whole = False
        return
    while at < len(form.questions):
        question = form.questions[at]
        at += 1
        if not conditions.holds(question.when, answers, today=today):
            continue
        ways.asked.add(question.key)
        asked += 1
        ways.longest = max(ways.longest, asked)
        looked = list(_looking(form, question.key))
        if not looked:
            continue
        for answer in _differing(question, looked, today):
            given = answers if answer is None else {**answers, question.key: answer}
            if _go_on(form, given, ways, today):
                _go(form, at, given, asked, ways, today)
        return
    ways.sent = True


def _go_on(form: Form, answers: dict[str, Answer], ways: Ways, today: date) -> bool:
    """Whether these answers lead on; notes the ends that they lead to."""
    passed = {one.key for one in form.ends if one.kind is EndKind.EMERGENCY}
    for one in form.ends:
        if one.key in passed and conditions.holds(one.when, answers, today=today):
            ways.ended.add(one.key)
    end = path.end(form, answers, today=today, passed=passed)
    if end is not None:
        ways.ended.add(end.key)
    return end is None


def _looking(form: Form, key: str) -> Iterator[Condition]:
    """The single tests that look at a question."""
    for condition in (*(one.when for one in form.questions), *(one.when for one in form.ends)):
        yield from (one for one in tests(condition) if one.question == key)


def tests(condition: Condition | None) -> Iterator[Condition]:
    """The single tests of a condition."""
    if condition is None:
        return
    if not condition.parts:
        yield condition
    for part in condition.parts:
        yield from tests(part)


def _differing(
    question: Question, looked: Iterable[Condition], today: date
) -> Iterator[Answer | None]:
    """Answers of which each may lead another way; None for none given."""
    if not question.required:
        yield None
    if question.kind is Kind.SEVERAL:
        yield from _chosen(list(question.values))
    elif question.choices:
        yield from question.values
    elif question.kind is Kind.NUMBER:
        yield from (f"{one:g}" for one in _numbers(question, looked))
    elif question.kind is Kind.DATE:
        yield from (one.isoformat() for one in _days(question, looked, today))
    else:
        yield "x"


def _chosen(values: list[str]) -> Iterator[list[str]]:
    if len(values) > _SMALL:
        yield from ([one] for one in values)
        yield values
        return
    for count in range(1, len(values) + 1):
        yield from (list(some) for some in combinations(values, count))


def _numbers(question: Question, looked: Iterable[Condition]) -> list[float]:
    edges = {float(one.value) for one in looked if one.op in conditions.NUMBERS}
    least = question.least if question.least is not None else min(edges, default=0) - 1
    most = question.most if question.most is not None else max(edges, default=0) + 1
    tried = {least, most, *edges, *(edge - 1 for edge in edges), *(edge + 1 for edge in edges)}
    return sorted(one for one in tried if least <= one <= most)


def _days(question: Question, looked: Iterable[Condition], today: date) -> list[date]:
    edges = {0, 1, -1}
    for one in looked:
        if one.op.startswith("days_ago"):
            edges |= {int(one.value) - 1, int(one.value), int(one.value) + 1}
        elif one.op.startswith("years"):
            year = 365.2425 * int(one.value)
            edges |= {int(year) - 3, int(year) + 3}
    least = question.least if question.least is not None else -200 * 366
    most = question.most if question.most is not None else 50 * 366
    inside = {-edge for edge in edges if least <= -edge <= most} | {int(least), int(most)}
    return [today + timedelta(days=one) for one in sorted(inside) if abs(one) < 73_000]
