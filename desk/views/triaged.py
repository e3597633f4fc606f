"""How first triage did: right and wrong by week, what was corrected most often, and as a table."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.decorators import requires, viewer
from accounts.permissions import Permission, Viewer
from core.downloads import saved
from desk import performance_words
from enquiries import clocks
from enquiries.queries import suggestions
from enquiries.queries.suggestions import Line, Week

WEEKS = (
    ("Week from", False),
    ("Looked at", True),
    ("Set by itself", True),
    ("Of these changed", True),
    ("Decided by people", True),
    ("As suggested", True),
)
CORRECTIONS = (("Suggested", False), ("People said", False), ("Times", True))
COLUMNS = (
    "reference", "at", "suggested", "certainty", "set_by_itself", "decided", "decided_at", "right",
)  # fmt: skip


def _reader(request: HttpRequest) -> Viewer:
    """Who reads it: it is the hub's own work, and no partner's."""
    who = viewer(request)
    if not suggestions.may_read(who):
        raise Http404
    return who


@require_safe
@requires(Permission.SEE_PERFORMANCE)
def triaged(request: HttpRequest) -> HttpResponseBase:
    """The last weeks, and the commonest corrections."""
    who = _reader(request)
    found = suggestions.triaged(who, now=timezone.now())
    context = {
        "nav_here": "performance",
        "bar": settings.HUB_TRIAGE_BAR,
        "may_add": who.may(Permission.EDIT_ANSWERS),
        "count": suggestions.WEEKS,
        "week_head": _head(WEEKS),
        "weeks": [_week(one) for one in found.weeks],
        "correction_head": _head(CORRECTIONS),
        "corrections": [
            [{"text": one.suggested}, {"text": one.decided}, _number(one.times)]
            for one in found.corrections
        ],
    }
    return render(request, "desk/performance/triage.html", context)


def _head(columns: Iterable[tuple[str, bool]]) -> list[dict[str, object]]:
    return [{"text": text, "numeric": numeric} for text, numeric in columns]


def _number(value: int, note: str = "") -> dict[str, object]:
    return {"text": f"{value:,}", "numeric": True, "note": note}


def _week(one: Week) -> list[dict[str, object]]:
    return [
        {"text": f"{one.monday.day} {one.monday:%b %Y}"},
        _number(one.suggested),
        _number(one.was_set),
        _number(one.undone, _share(one.undone, one.was_set)),
        _number(one.decided),
        _number(one.right, _share(one.right, one.decided)),
    ]


def _share(part: int, whole: int) -> str:
    return performance_words.percent(part / whole) if whole else ""


@require_safe
@requires(Permission.SEE_PERFORMANCE)
def table(request: HttpRequest) -> HttpResponseBase:
    """Each suggestion of the last weeks as a line of CSV, without anybody's words."""
    who, now = _reader(request), timezone.now()
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(COLUMNS)
    writer.writerows(_line(one) for one in suggestions.lines(who, now=now))
    # Spreadsheets take the mark in front as a sign of UTF-8.
    return saved(
        io.BytesIO(text.getvalue().encode("utf-8-sig")),
        name=f"first-triage-{clocks.london_date(now).isoformat()}.csv",
        content_type="text/csv; charset=utf-8",
    )


def _line(one: Line) -> list[str]:
    return [
        one.reference,
        one.at.astimezone(clocks.LONDON).isoformat(timespec="seconds"),
        one.suggested,
        str(one.certainty),
        "yes" if one.was_set else "no",
        one.decided,
        one.decided_at.astimezone(clocks.LONDON).isoformat(timespec="seconds")
        if one.decided_at
        else "",
        "" if one.right is None else "yes" if one.right else "no",
    ]
