"""What happened and what is aimed at, as they stand on a chart of time."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import metrics.queries_targets
from accounts.permissions import Viewer
from metrics import bands
from metrics.figures import TARGET
from metrics.queries import Chosen
from metrics.queries_targets import Happened

MOST = 9


@dataclass(frozen=True, slots=True)
class Marks:
    """What a chart needs of it, and the list beside it; `more` do not stand on it."""

    chart: dict[str, Any] = field(default_factory=dict)
    said: list[str] = field(default_factory=list)
    more: int = 0


def marks(viewer: Viewer, chosen: Chosen, starts: Sequence[date]) -> Marks:
    """The newest of what happened in the days of a chart, and the target of its one-stop rate.

    `starts` are the first days of its weeks or months, in order.
    """
    if not starts:
        return Marks()
    slug = chosen.organisation
    found = metrics.queries_targets.happened(viewer, chosen.since, chosen.until, slug)
    shown = found[-MOST:]
    return Marks(
        chart={"marks": [placed(one.day, starts) for one in shown], **_target(viewer, chosen)},
        said=[said(one) for one in shown],
        more=len(found) - len(shown),
    )


def placed(day: date, starts: Sequence[date]) -> int:
    """The week or month that a day lies in; the first for what began before."""
    return max(0, bisect_right(starts, day) - 1)


def said(one: Happened) -> str:
    """When, and what."""
    until = f" to {one.until.day} {one.until:%b %Y}" if one.until else ""
    return f"{one.day.day} {one.day:%b %Y}{until}: {one.words}"


def _target(viewer: Viewer, chosen: Chosen) -> dict[str, Any]:
    """The target of the same set: of the organisation that was chosen, else of the whole."""
    slug = chosen.organisation or ("" if viewer.is_hub else viewer.organisation_slug)
    for one in metrics.queries_targets.aims(viewer, chosen.organisation):
        if one.figure != "osr" or one.organisation != slug or one.target is None:
            continue
        # The promise stands there already.
        if float(one.target) != TARGET * 100:
            return {
                "own_target": float(one.target) / 100,
                "own_label": f"Target {bands.said('osr', one.target)}",
            }
    return {}
