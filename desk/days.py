"""A story by days, as the timeline draws it, the machine's own steps folded. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
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


# Who reads a note stands out where others read it too.
_READER_TONES = {"us": "quiet", "hub": "moving", "shared": "moving", "public": "soon"}


def _entry(line: Line, readers: Mapping[str, str]) -> dict[str, object]:
    return {
        "title": line.title,
        "did": line.did,
        "at": line.at,
        "by": line.who,
        "words": line.said,
        "quote": True,
        "tone": _TONES.get(line.type, ""),
        "readers": readers.get(line.seen_by, ""),
        "readers_tone": _READER_TONES.get(line.seen_by, ""),
    }


def by_day(
    lines: Sequence[Line], readers: Mapping[str, str] | None = None, *, oldest: bool = False
) -> list[dict[str, object]]:
    """Days, newest first, or the oldest; within a day the lines likewise.

    `readers` are the words for who reads what somebody chose readers for.
    """
    readers = readers or {}
    ordered = list(lines) if oldest else list(reversed(lines))
    days = []
    for _, group in groupby(ordered, key=lambda line: timezone.localdate(line.at)):
        rows = list(group)
        days.append(
            {
                "day": rows[0].at,
                "entries": [_entry(line, readers) for line in rows if not line.noise],
                "folded": [_entry(line, readers) for line in rows if line.noise],
            }
        )
    return days
