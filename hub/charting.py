"""Geometry of charts: numbers in, places on the paper out. Knows no colour and no database."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from math import ceil, log10
from typing import Any

WIDTH = 860
_LABELS = 250  # room for names left of the bars
_VALUES = 150  # room for figures right of them
_ROW = 44
_TOP = 34


@dataclass(frozen=True, slots=True)
class Bar:
    """One row: where its name, track, bar, interval, pending part and figure go."""

    lines: list[str]
    text_y: int
    y: int
    width: float
    pending_x: float
    pending_width: float
    low_x: float | None
    high_x: float | None
    value_x: float
    value: str
    note: str
    tone: str


@dataclass(frozen=True, slots=True)
class Bars:
    """A bar chart laid out."""

    width: int
    height: int
    start: int
    track: int
    bars: list[Bar]
    target_x: float | None
    target_label: str


def figure(value: float | None, unit: str) -> str:
    """A number with its unit as people read it."""
    if value is None:
        return "not known"
    if unit == "%":
        return f"{value * 100:.0f}%"
    number = f"{value:,.0f}" if value == int(value) or abs(value) >= 100 else f"{value:,.1f}"
    return f"{number} {unit}".strip()


def ceiling(values: Sequence[float], unit: str) -> float:
    """The end of the axis: 100 % for shares, else the next round number."""
    if unit == "%":
        return 1.0
    top = max(values, default=0)
    if top <= 0:
        return 1.0
    step = float(10 ** int(log10(top))) if top >= 1 else 0.1
    return float(ceil(top / step * 2) / 2 * step)


def wrap(text: str, room: int = 32) -> list[str]:
    """At most two lines; what does not fit ends in an ellipsis."""
    lines: list[str] = [""]
    for word in text.split():
        longer = f"{lines[-1]} {word}".strip()
        if len(longer) <= room or not lines[-1]:
            lines[-1] = longer
        else:
            lines.append(word)
    kept = lines[:2]
    if len(lines) > 2 or any(len(line) > room for line in kept):
        kept = [line if len(line) <= room else line[: room - 1] + "…" for line in kept]
        if len(lines) > 2:
            kept[1] = kept[1][: room - 1].rstrip() + "…"
    return kept


def bars(chart: Mapping[str, Any]) -> Bars:
    """Lays out horizontal bars. Row keys: label, value, n, low, high, pending (share), tone."""
    unit = str(chart.get("unit", ""))
    rows = list(chart["rows"])
    seen = [r.get("high") or r.get("value") or 0 for r in rows]
    target = chart.get("target")
    end = float(chart.get("max") or ceiling([*seen, target or 0], unit))
    track = WIDTH - _LABELS - _VALUES
    scale = track / end

    def across(value: float | None) -> float:
        return round(min(value or 0, end) * scale, 1)

    laid = [_bar(row, i, unit, across) for i, row in enumerate(rows)]
    return Bars(
        width=WIDTH,
        height=_TOP + _ROW * len(rows) + 6,
        start=_LABELS,
        track=track,
        bars=laid,
        target_x=None if target is None else round(_LABELS + across(target), 1),
        target_label=str(chart.get("target_label") or f"Target {figure(target, unit)}"),
    )


def _bar(row: Mapping[str, Any], index: int, unit: str, across: Any) -> Bar:
    value = row.get("value")
    low, high = row.get("low"), row.get("high")
    pending = row.get("pending") or 0
    width = across(value)
    pending_width = round(across((value or 0) + pending) - width, 1)
    n = row.get("n")
    lines = wrap(str(row["label"]))
    y = _TOP + _ROW * index
    return Bar(
        lines=lines,
        text_y=y + (21 if len(lines) == 1 else 13),
        y=y,
        width=width,
        pending_x=_LABELS + width,
        pending_width=pending_width,
        low_x=None if low is None else _LABELS + across(low),
        high_x=None if high is None else _LABELS + across(high),
        value_x=WIDTH - _VALUES + 12,
        value=figure(value, unit),
        note="" if n is None else f"n {n:,}",
        tone=str(row.get("tone", "")),
    )


_LINE_HEIGHT = 300
_LEFT, _RIGHT, _CAP, _FOOT = 56, 130, 28, 44
_ROW_OF_WORDS = 18


@dataclass(frozen=True, slots=True)
class Point:
    """One observation on the paper."""

    x: float
    y: float
    label: str
    value: str
    n: str
    pending: bool
    show_label: bool


@dataclass(frozen=True, slots=True)
class Tick:
    """One grid line and its figure."""

    y: float
    label: str


@dataclass(frozen=True, slots=True)
class Mark:
    """Where something happened, and its number in the list beside the chart."""

    x: float
    number: int


@dataclass(frozen=True, slots=True)
class Line:
    """A line chart laid out; `solid` and `pending` are polylines, `bands` polygons."""

    width: int
    height: int
    left: int
    right: int
    base: float
    points: list[Point]
    solid: list[str]
    pending: list[str]
    bands: list[str]
    ticks: list[Tick]
    target_y: float | None
    target_label: str
    last: Point | None
    last_y: float | None
    own_y: float | None
    own_label: str
    own_label_y: float | None
    marks: list[Mark]
    # A second line with a sign and a name of its own: points, runs of neighbours, and the name
    # beside the last point.
    other: list[Point]
    other_runs: list[str]
    other_label: str
    other_y: float | None


def line(chart: Mapping[str, Any]) -> Line:
    """Lays out a line over time. Points: label, value (None is a gap), low, high, n, pending.

    `own_target` is a second target with its `own_label`; `marks` are the places of what happened.
    Points that have an `other` value make a second line, called `other_label`.
    """
    unit = str(chart.get("unit", ""))
    rows = list(chart["points"])
    target = chart.get("target")
    seen = [r.get("high") or r.get("value") or 0 for r in rows]
    end = float(chart.get("max") or ceiling([*seen, target or 0], unit))
    plot = _LINE_HEIGHT - _CAP - _FOOT
    step = (WIDTH - _LEFT - _RIGHT) / max(len(rows) - 1, 1)

    def x(index: int) -> float:
        return round(_LEFT + step * index, 1)

    def y(value: float) -> float:
        return round(_CAP + plot * (1 - min(value, end) / end), 1)

    placed = _placed(rows, unit, x, y)
    solid, waiting = _polylines(placed)
    last = next(reversed(placed.values()), None)
    target_y = None if target is None else y(target)
    own_y = None if chart.get("own_target") is None else y(chart["own_target"])
    own_label_y = None if own_y is None else _clear_of([target_y], own_y)
    last_y = None if last is None else _clear_of([target_y, own_label_y], last.y)
    other = _placed([{**r, "value": r.get("other"), "pending": False} for r in rows], unit, x, y)
    beside = next(reversed(other.values())) if other else None
    return Line(
        width=WIDTH, height=_LINE_HEIGHT, left=_LEFT, right=WIDTH - _RIGHT, base=y(0),
        points=list(placed.values()), solid=solid, pending=waiting, bands=_bands(rows, x, y),
        ticks=[Tick(y(end * q / 4), figure(end * q / 4, unit)) for q in range(5)],
        target_y=target_y,
        target_label=str(chart.get("target_label") or f"Target {figure(target, unit)}"),
        last=last,
        last_y=last_y,
        own_y=own_y,
        own_label=str(chart.get("own_label", "")),
        own_label_y=own_label_y,
        marks=[Mark(x(i), number) for number, i in enumerate(chart.get("marks", ()), start=1)],
        other=list(other.values()),
        other_runs=_polylines(other)[0],
        other_label=str(chart.get("other_label", "")),
        other_y=_clear_of([target_y, own_label_y, last_y], beside.y) if beside else None,
    )  # fmt: skip


def _placed(
    rows: Sequence[Mapping[str, Any]],
    unit: str,
    x: Callable[[int], float],
    y: Callable[[float], float],
) -> dict[int, Point]:
    """The points that have a value, by their place in the row; about every eighth has its name."""
    every = max(1, ceil(len(rows) / 8))
    return {
        i: Point(
            x(i),
            y(r["value"]),
            str(r["label"]),
            figure(r["value"], unit),
            "" if r.get("n") is None else f"n {r['n']:,}",
            bool(r.get("pending")),
            i % every == 0,
        )
        for i, r in enumerate(rows)
        if r.get("value") is not None
    }


def _clear_of(taken: Sequence[float | None], y: float) -> float:
    """Where words are written beside their point: as near as they are over no others."""
    others = [one for one in taken if one is not None]
    rows: list[float] = [y]
    rows += [one + step * _ROW_OF_WORDS for one in others for step in (-1, 1)]
    free = [one for one in rows if all(abs(one - it) >= _ROW_OF_WORDS - 0.1 for it in others)]
    nearest = min(free, key=lambda one: abs(one - y))
    return round(nearest, 1)


def _polylines(placed: Mapping[int, Point]) -> tuple[list[str], list[str]]:
    """Runs of neighbours; a stretch that ends in a pending point is drawn apart."""
    solid: list[str] = []
    waiting: list[str] = []
    run: list[str] = []
    for i, point in placed.items():
        here = f"{point.x},{point.y}"
        before = placed.get(i - 1)
        if before is not None and point.pending:
            waiting.append(f"{before.x},{before.y} {here}")
        if before is None or point.pending:
            solid.append(" ".join(run))
            run = []
        run.append(here)
    solid.append(" ".join(run))
    return [r for r in solid if " " in r], waiting


def _bands(rows: Sequence[Mapping[str, Any]], x: Any, y: Any) -> list[str]:
    polygons: list[str] = []
    upper: list[str] = []
    lower: list[str] = []
    for i, row in enumerate([*rows, {}]):
        if row.get("low") is not None and row.get("high") is not None:
            upper.append(f"{x(i)},{y(row['high'])}")
            lower.append(f"{x(i)},{y(row['low'])}")
        else:
            if len(upper) > 1:
                polygons.append(" ".join(upper + lower[::-1]))
            upper, lower = [], []
    return polygons
