"""The customer's own view beside the rate that we count (R54)."""

from __future__ import annotations

from typing import Any

import metrics.queries
from accounts.permissions import Viewer
from desk import performance_words as words
from metrics import value
from metrics.queries import Chosen


def companion(viewer: Viewer, chosen: Chosen, rate: float | None) -> dict[str, Any]:
    """What people say themselves, beside the rate that we count and with the gap between them."""
    said = metrics.queries.surveyed(viewer, chosen)
    share = said.share
    return {
        "label": "Got what they needed, they say",
        "value": words.percent(share.value) if share.denominator else "–",
        "n": share.denominator,
        "note": f"yes of all who answered; partly {said.partly:,}, no {said.no:,}"
        + _apart(value.gap(share, rate)),
        "href": "/desk/performance/said/",
    }


def _apart(gap: float | None) -> str:
    """How far apart the two are, in words; nothing where one of them is not known."""
    if gap is None:
        return ""
    points = round(abs(gap))
    if not points:
        return "; as many as we count"
    return f"; {points} in a hundred {'more' if gap > 0 else 'fewer'} than we count"
