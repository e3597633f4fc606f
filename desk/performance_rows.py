"""Rows, bars and names that every table of figures is made of."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils.http import urlencode

from desk import performance_words as words
from desk.performance_addresses import href
from metrics.figures import TARGET, Osr, Rates
from metrics.queries import DECIDED, NONE, Slice

Cell = dict[str, Any]
MOST_BARS = 10
_HEAD = ("One stop", "Interval", "Decided", "Still open", "Left out", "Came back")


@dataclass(frozen=True, slots=True)
class Names:
    """What the slugs of the catalogue and the partnership are called."""

    services: Mapping[str, str]
    organisations: Mapping[str, str]
    # The services to choose from: what readers said of answers is named, and not offered.
    offered: Sequence[tuple[str, str]] = ()
    # What answers to readers are called, where each of them is told of.
    articles: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Figure:
    """One message: a sentence, what it rests on, a chart and the same as a table."""

    id: str
    message: str
    words: str
    caption: str
    head: list[Cell]
    rows: list[list[Cell]]
    bars: dict[str, Any] | None = None
    line: dict[str, Any] | None = None
    files: Sequence[Cell] = ()
    happened: Sequence[str] = ()
    happened_more: int = 0

    @property
    def table(self) -> str:
        """What the table is called, apart from the chart beside it."""
        return f"{self.caption}, in figures"


def head_of(first: str) -> list[Cell]:
    """The head of a table of rates; `first` names its rows."""
    return [{"text": first}, *({"text": text, "numeric": True} for text in _HEAD)]


def row_of(name: str, measures: Rates, query: dict[str, str], narrows: str = "") -> list[Cell]:
    """The same with its recontacts; `narrows` names what the row's name narrows the page to."""
    row = osr_row(name, measures.osr, query)
    if narrows and query.get(narrows) != NONE:
        row[0]["href"] = f"?{urlencode(query)}"
    row.append(number(measures.rcr.numerator, href(query, came_back="yes")))
    return row


def osr_row(name: str, osr: Osr, query: dict[str, str]) -> list[Cell]:
    """A rate with all that it is shown with, each number with its enquiries behind it."""
    rate = words.rate(osr)
    said = words.percent(rate) if rate is not None else "–"
    return [
        {"text": name},
        {
            "text": said,
            "numeric": True,
            "href": href(query, verdict="success") if osr.successes else "",
            "note": "at most" if osr.linked is None and osr.mature else "",
        },
        {"text": words.interval(osr), "numeric": True},
        number(osr.mature, href(query, verdict=DECIDED)),
        number(osr.pending, href(query, verdict="pending")),
        number(osr.left_out, href(query, verdict="excluded")),
    ]


def number(value: int, address: str) -> Cell:
    """A number, and what is behind it; nothing is behind nought."""
    return {"text": f"{value:,}", "numeric": True, "href": address if value else ""}


def name_of(key: str, names: Mapping[Any, str]) -> str:
    """What a part is called."""
    return "Not yet known" if key == NONE else str(names.get(key, key))


def by_words(count: int, plural: str) -> str:
    """How bars are read, and which of them are drawn."""
    said = (
        "The thin line is what chance leaves. Red: below 80% by more than chance; green: above; "
        "teal: cannot be told yet."
    )
    if count > MOST_BARS:
        said += f" The {MOST_BARS} {plural} with most enquiries; all {count} are in the table."
    return said


def bars(dimension: str, named: Sequence[tuple[str, Slice]]) -> dict[str, Any] | None:
    """The bars of a dimension; None where nothing is decided."""
    return bar_chart(
        f"by-{dimension}",
        f"One stop by {dimension}",
        [(name, one.measures.osr) for name, one in named],
    )


def bar_chart(name: str, title: str, rates: Sequence[tuple[str, Osr]]) -> dict[str, Any] | None:
    """Bars with their intervals, of those in which something is decided."""
    rows = [
        {
            "label": label,
            "value": words.rate(osr),
            "said": words.said_rate(osr),
            "width": round((words.rate(osr) or 0) * 100, 1),
            "n": osr.mature,
            "low": osr.wilson[0] if osr.wilson else None,
            "high": osr.wilson[1] if osr.wilson else None,
            "tone": words.tone(osr),
        }
        for label, osr in rates
        if osr.mature
    ][:MOST_BARS]
    return {**chart(name, title), "rows": rows} if rows else None


def chart(name: str, title: str) -> dict[str, Any]:
    """What every chart of rates has."""
    return {
        "id": name,
        "title": title,
        "desc": "The same figures stand in the table after the chart.",
        "unit": "%",
        "target": TARGET,
        "target_label": "Promise 80%",
        "target_at": TARGET * 100,
    }
