"""How kiosks do, all of them together: there or not, visits begun and sent, where people left."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from functools import reduce
from operator import add
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.decorators import requires
from accounts.permissions import Permission
from core.downloads import saved
from desk.kiosk_page import DAYS, left_rows, midnight, share, uptime_words
from desk.views.kiosks_fleet import reader
from enquiries import clocks
from kiosks import queries_figures
from kiosks.queries_figures import NAMES, Figures, Uptime
from kiosks.queries_fleet import Device, fleet

HEAD = (
    {"text": "Kiosk"},
    {"text": "Was there", "numeric": True},
    {"text": "Outages", "numeric": True},
    {"text": "Visits", "numeric": True},
    {"text": "Sent", "numeric": True},
    {"text": "Of visits", "numeric": True},
    {"text": "Left silent", "numeric": True},
    {"text": "Help", "numeric": True},
)
LEFT_HEAD = ({"text": "Question"}, {"text": "Service"}, {"text": "Times", "numeric": True})
COLUMNS = ("kiosk", "site", "open_hours", "silent_hours", "uptime", "outages", *NAMES)
LEFT_COLUMNS = ("kiosk", "site", "service", "question", "times")
MOST_LEFT = 20


def _found(now: datetime) -> list[tuple[Device, Uptime, Figures]]:
    """Each device that was ever set up, by its place, with its figures of the last days."""
    shown = [
        one
        for one in fleet(hours=clocks.Calendar.from_json, now=now, off=True)
        if one.kiosk.enrolled_at is not None
    ]
    shown.sort(key=lambda one: (one.kiosk.site.name, one.kiosk.name))
    today = timezone.localdate(now)
    since = today - timedelta(days=DAYS - 1)
    counts = queries_figures.counted(since, today)
    uptime = queries_figures.uptimes(
        [one.kiosk for one in shown],
        hours=clocks.Calendar.from_json,
        since=midnight(since),
        now=now,
    )
    return [(one, uptime[one.kiosk.pk], counts.get(one.kiosk.pk, Figures())) for one in shown]


@require_safe
@requires(Permission.SEE_PERFORMANCE)
def figures(request: HttpRequest) -> HttpResponse:
    """The last thirty days."""
    reader(request)
    now = timezone.now()
    found, today = _found(now), timezone.localdate(now)
    since = today - timedelta(days=DAYS - 1)
    total = queries_figures.together([one for _device, _uptime, one in found])
    uptime: Uptime = reduce(add, (one for _device, one, _figures in found), Uptime())
    context = {
        "nav_here": "performance",
        "since": since,
        "until": today,
        "any": bool(found),
        "stats": _stats(uptime, total),
        "head": HEAD,
        "rows": [_row(*one) for one in found],
        "left_head": LEFT_HEAD,
        "left": left_rows(
            queries_figures.left(
                since, today, limit=MOST_LEFT, among=[one.kiosk for one, *_rest in found]
            )
        ),
    }
    return render(request, "desk/kiosks/figures.html", context)


def _stats(uptime: Uptime, total: Figures) -> list[dict[str, Any]]:
    return [
        {"label": "Were there", "value": uptime_words(uptime), "note": "of their opening hours"},
        {"label": "Visits begun", "value": f"{total['starts']:,}", "note": ""},
        {
            "label": "Sent something",
            "value": share(total.share),
            "note": f"{total['completions']:,} of {total['starts']:,} visits",
        },
        {
            "label": "Cleared by silence",
            "value": f"{total['resets']:,}",
            "note": f"{total['resets_with_data']:,} with something typed",
        },
    ]


def _row(device: Device, uptime: Uptime, counts: Figures) -> list[dict[str, Any]]:
    kiosk = device.kiosk
    cells: Sequence[object] = (
        uptime_words(uptime), uptime.outages, counts["starts"], counts["completions"],
        share(counts.share), counts["resets"], counts["helps"],
    )  # fmt: skip
    return [
        {"text": kiosk.name, "href": device.href, "note": kiosk.site.name},
        *(
            {"text": f"{one:,}" if isinstance(one, int) else str(one), "numeric": True}
            for one in cells
        ),
    ]


@require_safe
@requires(Permission.SEE_PERFORMANCE)
def table(request: HttpRequest) -> HttpResponseBase:
    """The same as lines of CSV, a line for each kiosk."""
    reader(request)
    now = timezone.now()
    return _csv("kiosks", COLUMNS, (_line(*one) for one in _found(now)), now)


@require_safe
@requires(Permission.SEE_PERFORMANCE)
def left(request: HttpRequest) -> HttpResponseBase:
    """At which questions people left, as lines of CSV, for each kiosk."""
    reader(request)
    now = timezone.now()
    today = timezone.localdate(now)
    there = queries_figures.left_each(today - timedelta(days=DAYS - 1), today)
    lines = (
        (_plain(kiosk.name), _plain(kiosk.site.name), one.service, one.question, str(one.count))
        for kiosk in (device.kiosk for device, *_rest in _found(now))
        for one in there.get(kiosk.pk, ())
    )
    return _csv("kiosks-left", LEFT_COLUMNS, lines, now)


def _csv(
    name: str, columns: Sequence[str], lines: Iterable[Sequence[str]], now: datetime
) -> HttpResponseBase:
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(columns)
    writer.writerows(lines)
    # Spreadsheets take the mark in front as a sign of UTF-8.
    return saved(
        io.BytesIO(text.getvalue().encode("utf-8-sig")),
        name=f"{name}-{clocks.london_date(now).isoformat()}.csv",
        content_type="text/csv; charset=utf-8",
    )


def _line(device: Device, uptime: Uptime, counts: Figures) -> list[str]:
    hours = timedelta(hours=1)
    return [
        _plain(device.kiosk.name),
        _plain(device.kiosk.site.name),
        f"{uptime.open_for / hours:.2f}",
        f"{uptime.silent_for / hours:.2f}",
        "" if uptime.share is None else f"{uptime.share:.4f}",
        str(uptime.outages),
        *(str(counts[name]) for name in NAMES),
    ]


def _plain(words: str) -> str:
    """Words that no spreadsheet takes for a formula."""
    return f"'{words}" if words[:1] in ("=", "+", "-", "@", "\t", "\r") else words
