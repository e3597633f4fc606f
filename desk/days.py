"""A story by days, as the timeline draws it: newest first, the machine's own steps folded. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby

from django.utils import timezone

from enquiries.queries.story import Line

_TONES = {
    "enquiry.resolved": "kept",
    "enquiry.received": "main",
    "enquiry.referred": "main",
    "enquiry.accepted": "main",
    "enquiry.rejected": "late",
    "enquiry.returned": "late",
    "enquiry.expired": "late",
    "enquiry.escalated": "late",
}


def _entry(line: Line) -> dict[str, object]:
    return {
        "title": line.title,
        "at": line.at,
        "by": line.who,
        "words": line.said,
        "quote": True,
        "tone": _TONES.get(line.type, ""),
    }


def by_day(lines: Sequence[Line]) -> list[dict[str, object]]:
    """Days, newest first; within a day the newest line first."""
    newest_first = list(reversed(lines))
    days = []
    for _, group in groupby(newest_first, key=lambda line: timezone.localdate(line.at)):
        rows = list(group)
        days.append(
            {
                "day": rows[0].at,
                "entries": [_entry(line) for line in rows if not line.noise],
                "folded": [_entry(line) for line in rows if line.noise],
            }
        )
    return days
