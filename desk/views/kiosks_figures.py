"""How kiosks do, all of them together: there or not, visits begun and sent, where people left."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.decorators import requires
from accounts.permissions import Permission
from core.downloads import saved
from desk.kiosk_page import DAYS, left_rows, share, uptime_words
from desk.views.kiosks_fleet import reader
from enquiries import clocks
from kiosks import queries_days, queries_figures
from kiosks.queries_days import Stay, Uptime
from kiosks.queries_figures import NAMES, Figures
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


def _found(now: datetime) -> list[tuple[Device, list[Stay]]]:
    """Each device that was ever set up, by its place, and how it did in the last days where it
    stood: one that was moved has its figures at each site."""
    shown = [
        one
        for one in fleet(hours=clocks.Calendar.from_json, now=now, off=True)
        if one.kiosk.enrolled_at is not None
    ]
    shown.sort(key=lambda one: (one.kiosk.site.name, one.kiosk.name))
    stays = queries_days.stays(
        [one.kiosk for one in shown],
        hours=clocks.Calendar.from_json,
        since=timezone.localdate(now) - timedelta(days=DAYS - 1),
        now=now,
    )
    return [(one, stays[one.kiosk.pk]) for one in shown]


@require_safe
@requires(Permission.SEE_PERFORMANCE)
def figures(request: HttpRequest) -> HttpResponse:
    """The last thirty days."""
    reader(request)
    now = timezone.now()
    found, today = _found(now), timezone.localdate(now)
    since = today - timedelta(days=DAYS - 1)
    all_stays = [one for _device, stays in found for one in stays]
    total = queries_figures.together([one.figures for one in all_stays])
    uptime = sum((one.uptime for one in all_stays), Uptime())
    context = {
        "nav_here": "performance",
        "since": since,
        "until": today,
        "any": bool(found),
        "stats": _stats(uptime, total),
        "head": HEAD,
        "rows": [_row(device, stay) for device, stays in found for stay in stays],
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


def _row(device: Device, stay: Stay) -> list[dict[str, Any]]:
    uptime, counts = stay.uptime, stay.figures
    cells: Sequence[object] = (
        uptime_words(uptime), uptime.outages, counts["starts"], counts["completions"],
        share(counts.share), counts["resets"], counts["helps"],
    )  # fmt: skip
    return [
        {"text": device.kiosk.name, "href": device.href, "note": _where(stay)},
        *(
            {"text": f"{one:,}" if isinstance(one, int) else str(one), "numeric": True}
            for one in cells
        ),
    ]


def _where(stay: Stay) -> str:
    """The site; of one at which it stands no more, until when it did."""
    return f"{stay.site}, until {stay.until.day} {stay.until:%B}" if stay.until else stay.site


@require_safe
@requires(Permission.SEE_PERFORMANCE)
def table(request: HttpRequest) -> HttpResponseBase:
    """The same as lines of CSV, a line for each kiosk at each site at which it stood."""
    reader(request)
    now = timezone.now()
    lines = (_line(device, stay) for device, stays in _found(now) for stay in stays)
    return _csv("kiosks", COLUMNS, lines, now)


@require_safe
@requires(Permission.SEE_PERFORMANCE)
def left(request: HttpRequest) -> HttpResponseBase:
    """At which questions people left, as lines of CSV, for each kiosk where it stood."""
    reader(request)
    now = timezone.now()
    today = timezone.localdate(now)
    there = queries_days.left_each(today - timedelta(days=DAYS - 1), today)
    lines = (
        (_plain(kiosk.name), _plain(site), one.service, one.question, str(one.count))
        for kiosk in (device.kiosk for device, _stays in _found(now))
        for site, one in there.get(kiosk.pk, ())
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


def _line(device: Device, stay: Stay) -> list[str]:
    hours, uptime, counts = timedelta(hours=1), stay.uptime, stay.figures
    return [
        _plain(device.kiosk.name),
        _plain(stay.site),
        f"{uptime.open_for / hours:.2f}",
        f"{uptime.silent_for / hours:.2f}",
        "" if uptime.share is None else f"{uptime.share:.4f}",
        str(uptime.outages),
        *(str(counts[name]) for name in NAMES),
    ]


def _plain(words: str) -> str:
    """Words that no spreadsheet takes for a formula."""
    return f"'{words}" if words[:1] in ("=", "+", "-", "@", "\t", "\r") else words
