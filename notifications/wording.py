"""The one syntax of what messages say: `((name))` for a fact, `((name??words))` for words that
stand where a fact is known, `((!name??words))` where it is not. Pure.

What people wrote is put in at the very end and never read again, so `((x))` in it stays as it is.
A bracket within conditional words closes before they do: `((service?? (((service)))))`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

_OPENS = re.compile(r"\(\(\s*(!?)\s*([A-Za-z][A-Za-z0-9_ -]{0,39}?)\s*(\?\?|\)\))")
_BRACKET = re.compile(r"[()]")
# Deeper than anybody writes by intention.
DEEPEST = 6


@dataclass(frozen=True, slots=True)
class Text:
    """Words as they were written."""

    text: str


@dataclass(frozen=True, slots=True)
class Fact:
    """The place of a fact; `at` is where it stands in the source."""

    name: str
    at: int


@dataclass(frozen=True, slots=True)
class When:
    """Words that stand only where a fact is known, or only where it is not."""

    name: str
    is_known: bool
    parts: tuple[Part, ...]
    at: int


Part = Text | Fact | When


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong with words, and where: lines and columns count from one."""

    words: str
    line: int
    column: int

    def __str__(self) -> str:
        return f"Line {self.line}, column {self.column}: {self.words}"


@dataclass(frozen=True, slots=True)
class Run:
    """A piece of filled words. `name` is that of the fact it came from; "" for written words."""

    text: str
    name: str = ""


class Unreadable(ValueError):
    """The words do not keep to the syntax."""

    def __init__(self, problems: list[Problem]) -> None:
        super().__init__("; ".join(str(one) for one in problems))
        self.problems = tuple(problems)


def parse(source: str) -> tuple[Part, ...]:
    """The parts of a wording. Raises Unreadable with every problem."""
    reader = _Reader(source)
    parts, _ = reader.parts(0, depth=0)
    if reader.problems:
        raise Unreadable(reader.problems)
    return parts


def problem(source: str, at: int, words: str) -> Problem:
    """Says where in the source something is wrong."""
    before = source[:at]
    return Problem(words, before.count("\n") + 1, at - (before.rfind("\n") + 1) + 1)


def names(parts: tuple[Part, ...]) -> Iterator[tuple[str, int]]:
    """Every fact that the words name, with where, in order."""
    for part in parts:
        if isinstance(part, Fact | When):
            yield part.name, part.at
        if isinstance(part, When):
            yield from names(part.parts)


def said(parts: tuple[Part, ...]) -> frozenset[str]:
    """The facts that the words say themselves, wherever they stand."""
    found: set[str] = set()
    for part in parts:
        if isinstance(part, Fact):
            found.add(part.name)
        elif isinstance(part, When):
            found |= said(part.parts)
    return frozenset(found)


def fill(parts: tuple[Part, ...], facts: Mapping[str, str]) -> list[Run]:
    """The words with their facts, each kept apart from what was written around it."""
    return [run for run in _filled(parts, facts) if run.text]


def text(parts: tuple[Part, ...], facts: Mapping[str, str]) -> str:
    """The words with their facts, as one."""
    return "".join(run.text for run in fill(parts, facts))


def _filled(parts: tuple[Part, ...], facts: Mapping[str, str]) -> Iterator[Run]:
    for part in parts:
        if isinstance(part, Text):
            yield Run(part.text)
        elif isinstance(part, Fact):
            yield Run(facts.get(part.name, ""), part.name)
        elif bool(facts.get(part.name)) is part.is_known:
            yield from _filled(part.parts, facts)


class _Reader:
    def __init__(self, source: str) -> None:
        self.source = source
        self.problems: list[Problem] = []

    def parts(self, at: int, *, depth: int) -> tuple[tuple[Part, ...], int]:
        """The parts from a place on to the end, or to the "))" that ends conditional words."""
        found: list[Part] = []
        start, brackets = at, 0
        while (mark := _BRACKET.search(self.source, at)) is not None:
            at = mark.start()
            opens = _OPENS.match(self.source, at)
            if opens is not None:
                found.append(Text(self.source[start:at]))
                part, at = self._fact(opens, depth=depth)
                found += [part] if part else []
                start = at
            elif mark[0] == "(":
                brackets += 1
                at += self._odd_opening(at)
            elif brackets:
                brackets -= 1
                at += 1
            elif self.source.startswith("))", at):
                if depth:
                    found.append(Text(self.source[start:at]))
                    return _without_nothing(found), at + 2
                self._wrong(at, "“))” closes nothing. A fact is written like ((reference))")
                at += 2
            else:
                at += 1
        found.append(Text(self.source[start:]))
        return _without_nothing(found), -1

    def _fact(self, opens: re.Match[str], *, depth: int) -> tuple[Part | None, int]:
        mark, written, end = opens.groups()
        name, at = spelled(written), opens.start()
        if end == "))":
            if mark:
                self._wrong(at, f"((!{name})) says nothing. Write ((!{name}??words))")
            return (None if mark else Fact(name, at)), opens.end()
        if depth >= DEEPEST:
            self._wrong(at, "These words stand within too many others")
            return None, len(self.source)
        parts, after = self.parts(opens.end(), depth=depth + 1)
        if after < 0:
            self._wrong(at, f"“((” before {name} is never closed with “))”")
            after = len(self.source)
        return When(name, not mark, parts, at), after

    def _odd_opening(self, at: int) -> int:
        """How many characters of an opening bracket are only brackets."""
        if self.source.startswith("((", at) and not self.source.startswith("(((", at):
            self._wrong(at, "After “((” comes the name of a fact, and then “))” or “??”")
            return 2
        return 1

    def _wrong(self, at: int, words: str) -> None:
        self.problems.append(problem(self.source, at, words))


def spelled(name: str) -> str:
    """A name as we keep it, however somebody wrote it: "Track URL" is track_url."""
    return re.sub(r"[ _-]+", "_", name.strip().lower())


def _without_nothing(parts: list[Part]) -> tuple[Part, ...]:
    return tuple(part for part in parts if not (isinstance(part, Text) and not part.text))
