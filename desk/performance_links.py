"""How sure the links are that the one-stop rate rests on, beside it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from accounts.permissions import Permission, Viewer
from desk import quality
from desk.performance_words import percent
from teamwork import queries_quality
from teamwork.quality import PRECISION, RECALL, alarms

_DAY = timedelta(days=1)
_PAGE = "/desk/team/quality/"


@dataclass(frozen=True, slots=True)
class Links:
    """Figures for beside the rate, and what is to be said over it; "" where nothing is low."""

    stats: list[Mapping[str, Any]]
    alarm: str = ""


def links(viewer: Viewer) -> Links:
    """Precision and recall of the newest sample in which something is judged."""
    found = queries_quality.checked(viewer)
    leads = viewer.is_hub and viewer.may(Permission.LEAD_TEAM)
    address = _PAGE if leads else ""
    if found is None:
        note = "no sample of links is checked yet: two people mark one each month"
        return Links([_stat("Links that are right", "–", "", note, address)])
    figures = found.figures
    of = f"sample {found.number}, {_days(found.since, found.until)}"
    low = alarms(figures)
    said = "; ".join(low)
    return Links(
        stats=[
            _stat(
                "Links that are right",
                percent(figures.precision.share),
                figures.precision.n,
                f"precision, should be {PRECISION:.0%} or more: {of}{quality.by_tier(figures)}",
                address,
                is_low="precision" in figures.low,
            ),
            _stat(
                "Recontacts that are linked",
                percent(figures.recall),
                "",
                f"recall, should be {RECALL:.0%} or more: {of}, scaled to all",
                address,
                is_low="recall" in figures.low,
            ),
        ],
        alarm=f"Read the rate with care: of the links that it rests on {said}." if low else "",
    )


def _stat(
    label: str, value: str, n: int | str, note: str, address: str, *, is_low: bool = False
) -> Mapping[str, Any]:
    return {
        "label": label,
        "value": value,
        "n": n,
        "note": note,
        "href": address,
        "tone": "late" if is_low else "",
    }


def _days(since: date, until: date) -> str:
    last = until - _DAY
    return f"{since.day} {since:%b} to {last.day} {last:%b %Y}"
