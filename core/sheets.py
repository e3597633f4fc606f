"""Reads tables that people keep by hand, and says everything that is wrong with them at once."""

import csv
import io
import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Final

from core.errors import DomainError

_SLUG: Final = re.compile(r"^[a-z0-9]+(-[a-z0-9]+)*$")
_YES: Final = {"yes": True, "y": True, "true": True, "1": True}
_NO: Final = {"no": False, "n": False, "false": False, "0": False, "": False}


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing wrong in one place, and what to do about it."""

    file: str
    line: int
    column: str
    words: str
    cure: str

    def __str__(self) -> str:
        where = f"{self.file}, line {self.line}" if self.line else self.file
        where = f"{where}, column {self.column}" if self.column else where
        return f"{where}: {self.words}. {self.cure}"


class SheetsRefused(DomainError):
    """Nothing was loaded, because of `problems`."""

    code = "tables_refused"

    def __init__(self, problems: Sequence[Problem]) -> None:
        self.problems = tuple(problems)
        count = f"{len(problems)} problem{'s' if len(problems) != 1 else ''}"
        lines = "\n".join(f"  {problem}" for problem in problems)
        super().__init__(f"{count}, so nothing was changed:\n{lines}")


@dataclass(slots=True)
class Check:
    """Collects problems over several tables, so that one run shows them all."""

    problems: list[Problem] = field(default_factory=list)
    _seen: dict[tuple[str, ...], int] = field(default_factory=dict)

    def finish(self) -> None:
        """Raises SheetsRefused if anything was wrong."""
        if self.problems:
            raise SheetsRefused(self.problems)

    def once(self, row: "Row", *columns: str) -> None:
        """Notes a problem when an earlier row of the table has the same values."""
        values = tuple(row.cells.get(column, "").strip() for column in columns)
        first = self._seen.setdefault((row.file, *columns, *values), row.line)
        if first != row.line:
            named = " ".join(values)
            row.wrong(columns[-1], f'"{named}" is already in line {first}', "Keep one of them")


@dataclass(slots=True)
class Row:
    """One line of a table. A reader that finds nothing usable notes it and gives a blank."""

    file: str
    line: int
    cells: dict[str, str]
    check: Check

    def wrong(self, column: str, words: str, cure: str) -> None:
        """Notes a problem in this row."""
        self.check.problems.append(Problem(self.file, self.line, column, words, cure))

    def text(self, column: str, *, limit: int = 0, required: bool = True) -> str:
        """The words of a cell, trimmed."""
        value = self.cells.get(column, "").strip()
        if required and not value:
            self.wrong(column, "is empty", "Fill it in")
        if limit and len(value) > limit:
            self.wrong(column, f"has {len(value)} characters", f"Use at most {limit}")
        return value

    def slug(self, column: str) -> str:
        """A name for addresses: small letters, digits, single dashes."""
        value = self.text(column, limit=50)
        if value and not _SLUG.match(value):
            self.wrong(column, f'"{value}" is no slug', "Use small letters, digits and dashes")
        return value

    def number(self, column: str, *, least: int = 0, most: int = 10**9) -> int:
        """A whole number that must be there."""
        value = self.number_or_none(column, least=least, most=most)
        if value is None:
            if not self.cells.get(column, "").strip():
                self.wrong(column, "is empty", "Write a whole number")
            return least
        return value

    def number_or_none(self, column: str, *, least: int = 0, most: int = 10**9) -> int | None:
        """A whole number, or None for an empty cell."""
        value = self.cells.get(column, "").strip()
        if not value:
            return None
        try:
            number = int(value)
        except ValueError:
            self.wrong(column, f'"{value}" is no whole number', "Write digits only")
            return None
        if not least <= number <= most:
            self.wrong(column, f"{number} is out of range", f"Use {least} to {most}")
            return None
        return number

    def degrees(self, column: str, *, most: float) -> float:
        """Degrees between -most and most."""
        value = self.cells.get(column, "").strip()
        try:
            number = float(value)
        except ValueError:
            number = most + 1
        if not -most <= number <= most:
            self.wrong(column, f'"{value}" are no degrees', f"Use -{most:g} to {most:g}")
            return 0.0
        return number

    def flag(self, column: str) -> bool:
        """Yes or no; empty is no."""
        value = self.cells.get(column, "").strip().lower()
        if value not in _YES and value not in _NO:
            self.wrong(column, f'"{value}" is neither yes nor no', "Write yes or no")
        return value in _YES

    def day(self, column: str) -> date | None:
        """A date like 2026-01-31, or None for an empty cell."""
        value = self.cells.get(column, "").strip()
        if not value:
            return None
        try:
            return date.fromisoformat(value)
        except ValueError:
            self.wrong(column, f'"{value}" is no date', "Write it as 2026-01-31")
            return None

    def one_of(
        self, column: str, allowed: Collection[str], what: str, *, required: bool = True
    ) -> str:
        """One of the known values, or a problem that names what would do."""
        value = self.text(column, required=required)
        if value and value not in allowed:
            self.unknown(column, value, allowed, what)
            return ""
        return value

    def some_of(
        self, column: str, allowed: Collection[str], what: str, separator: str | None = None
    ) -> list[str]:
        """Known values, separated by spaces or what is named; an empty cell has none."""
        parts = [part.strip() for part in self.cells.get(column, "").split(separator)]
        found = [part for part in parts if part]
        for part in found:
            if part not in allowed:
                self.unknown(column, part, allowed, what)
        return [part for part in found if part in allowed]

    def unknown(self, column: str, value: str, allowed: Collection[str], what: str) -> None:
        """Notes that a value is not a known one."""
        names = sorted(allowed)
        shown = ", ".join(names[:12]) + (" …" if len(names) > 12 else "")
        cure = f"Use one of: {shown}" if names else f"Load {what}s first"
        self.wrong(column, f'there is no {what} "{value}"', cure)


def read(path: Path, columns: Sequence[str], check: Check) -> Iterator[Row]:
    """Every row of a CSV file that has the columns; what is missing becomes a problem."""
    try:
        content = path.read_bytes()
    except FileNotFoundError:
        check.problems.append(
            Problem(path.name, 0, "", "there is no such file", f"Put it at {path.parent.name}/")
        )
        return
    yield from parse(path.name, content, columns, check)


def parse(name: str, content: bytes, columns: Sequence[str], check: Check) -> Iterator[Row]:
    """As `read`, of a file that was sent."""
    try:
        # utf-8-sig: spreadsheets write a byte order mark before the first column's name.
        text = content.decode("utf-8-sig")
        if "\x00" in text:
            raise ValueError
    except ValueError:
        check.problems.append(Problem(name, 0, "", "is not UTF-8 text", "Save it as CSV in UTF-8"))
        return
    lines = csv.DictReader(io.StringIO(text, newline=""), restkey="", strict=True)
    try:
        named = lines.fieldnames or ()
    except csv.Error as error:
        check.problems.append(Problem(name, 1, "", f"cannot be read ({error})", "Check its quotes"))
        return
    missing = [column for column in columns if column not in named]
    for column in missing:
        check.problems.append(
            Problem(name, 1, column, "the column is missing", "Add it to the first line")
        )
    if missing:
        return
    yield from _rows(name, lines, check)


def _rows(name: str, lines: "csv.DictReader[str]", check: Check) -> Iterator[Row]:
    try:
        for cells in lines:
            surplus = cells.pop("", None)
            plain = {key: value or "" for key, value in cells.items()}
            row = Row(name, lines.line_num, plain, check)
            if surplus:
                row.wrong("", "has more cells than columns", "Put text with commas in quotes")
            yield row
    except csv.Error as error:
        check.problems.append(
            Problem(name, lines.line_num, "", f"cannot be read ({error})", "Check its quotes")
        )
