"""The customer's own view beside the rate that we count (R54)."""

from __future__ import annotations

from typing import Any

import metrics.queries
from accounts.permissions import Viewer
from desk import performance_words as words
from metrics.queries import Chosen


def companion(viewer: Viewer, chosen: Chosen) -> dict[str, Any]:
    """What people say themselves, as one of the figures beside the rate."""
    said = metrics.queries.surveyed(viewer, chosen)
    share = said.share
    return {
        "label": "Got what they needed, they say",
        "value": words.percent(share.value) if share.denominator else "–",
        "n": share.denominator,
        "note": f"yes of all who answered; partly {said.partly:,}, no {said.no:,}",
        "href": "/desk/performance/said/",
    }
