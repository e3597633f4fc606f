"""Printed figures as rows for a spreadsheet, and as a page names them. Pure.

One row is one number: the page, `manage.py measures` and the files say the same because they are
all made of what `metrics.printed` prints.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

# What names a part in a list of parts, in this order.
_NAMES = ("reason", "owner", "organisation", "channel")
_NOT_FIGURES = frozenset({"version", "not_yet", "period", "as_of", "by"})
COLUMNS = ("figure", "part", "measure", "value")

Number = float | int | bool | str | None


@dataclass(frozen=True, slots=True)
class Row:
    """One number: of which figure, of which part of it ("" for the whole), and what it counts."""

    figure: str
    part: str
    measure: str
    value: Number

    @property
    def key(self) -> str:
        """How the page marks it, e.g. "acr//numerator"."""
        return f"{self.figure}/{self.part}/{self.measure}"


def rows(printed: Mapping[str, Any]) -> list[Row]:
    """Each number of a printed sheet, in its order; what is not known is None."""
    found = []
    for figure, what in printed.items():
        if figure not in _NOT_FIGURES:
            found += list(_rows(figure, (), what))
    return found


def _rows(figure: str, part: tuple[str, ...], what: Any) -> Iterator[Row]:
    if isinstance(what, Mapping):
        for name, inner in what.items():
            if isinstance(inner, Mapping) or _is_parts(inner):
                yield from _rows(figure, (*part, name), inner)
            elif isinstance(inner, Sequence) and not isinstance(inner, str):
                low, high = inner
                yield Row(figure, "/".join(part), f"{name}_low", low)
                yield Row(figure, "/".join(part), f"{name}_high", high)
            else:
                yield Row(figure, "/".join(part), name, inner)
    elif _is_parts(what):
        for one in what:
            names = [one[name] or "" for name in _NAMES if name in one]
            rest = {name: value for name, value in one.items() if name not in _NAMES}
            yield from _rows(figure, (*part, *names), rest)
    else:
        yield Row(figure, "/".join(part), "value", what)


def _is_parts(what: Any) -> bool:
    return (
        isinstance(what, Sequence)
        and not isinstance(what, str)
        and all(isinstance(one, Mapping) for one in what)
    )
