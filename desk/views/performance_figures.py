"""Every figure with its definition, as a page and as files; the tables behind the charts too."""

from __future__ import annotations

import io
from dataclasses import replace
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.utils.http import urlencode
from django.views.decorators.http import require_safe

import kb.queries_readers
import metrics.queries
import metrics.queries_printed
from accounts.decorators import requires, viewer
from accounts.permissions import Permission, Viewer
from core import spreadsheets
from core.copies import reports
from core.downloads import saved
from desk import addresses, performance_addresses, performance_sheet
from desk.views import performance
from metrics import spread
from metrics.one_stop import VERSION
from metrics.queries import Chosen

HOME = "/desk/performance/"
COLUMNS = (*spread.COLUMNS, "by", "of", "from", "to", "narrowed_to", "version", "as_of")
BY = frozenset({*metrics.queries.DIMENSIONS, "week", "month"})
TYPES = {"csv": spreadsheets.CSV, "xlsx": spreadsheets.XLSX}


@require_safe
@requires(Permission.SEE_PERFORMANCE)
@reports()
def figures(request: HttpRequest) -> HttpResponse:
    """Every figure: what it is, what it is of, and how it is counted."""
    who, now = viewer(request), timezone.now()
    chosen = _chosen(request)
    query = urlencode(performance_addresses.query_of(chosen))
    names = replace(performance.names_of(), articles=kb.queries_readers.titles())
    printed = metrics.queries_printed.printed_for(who, chosen, now=now)
    context: dict[str, Any] = {
        "nav_here": "performance",
        **performance.narrowing(request, who, chosen, names),
        "sections": performance_sheet.sections(spread.rows(printed), names),
        "whose": performance.whose(who),
        "own_costs": "" if who.is_hub else performance_sheet.OWN_COSTS,
        "back": f"{HOME}?{query}",
        "files": performance_addresses.files(performance_addresses.query_of(chosen), ""),
        "version": VERSION,
        "not_yet": printed["not_yet"].values(),
    }
    return render(request, "desk/performance/figures.html", context)


def _chosen(request: HttpRequest) -> Chosen:
    """Without a word about the period: the last twelve months."""
    since = None if "from" in request.GET else timezone.localdate() - performance.YEAR
    return performance_addresses.chosen_of(addresses.query_of(request), since)


@require_safe
@requires(Permission.SEE_PERFORMANCE)
@reports()
def file(request: HttpRequest, kind: str) -> HttpResponseBase:
    """The same numbers as a file, one in a row, each with its period and version."""
    who, chosen = viewer(request), _chosen(request)
    by = request.GET.get("by", "")
    by = by if by in BY else ""
    lines = _lines(who, chosen, by)
    name = f"figures{by and f'-by-{by}'}-{timezone.localdate().isoformat()}.{kind}"
    content = (
        spreadsheets.as_csv(COLUMNS, lines)
        if kind == "csv"
        else spreadsheets.as_xlsx("Figures", COLUMNS, lines)
    )
    return saved(io.BytesIO(content), name=name, content_type=TYPES[kind])


def _lines(who: Viewer, chosen: Chosen, by: str) -> list[tuple[spread.Number, ...]]:
    """One number in a row, of the whole or of each part, with what it was narrowed to."""
    now = timezone.now()
    query = performance_addresses.query_of(chosen)
    narrowed = urlencode({key: query[key] for key in query if key not in ("from", "to")})
    context = (
        query.get("from", ""),
        query.get("to", ""),
        narrowed,
        VERSION,
        now.isoformat(timespec="seconds"),
    )
    return [
        (row.figure, row.part, row.measure, row.value, by, part, *context)
        for part, figures in metrics.queries_printed.parts(who, chosen, by, now=now).items()
        for row in spread.rows(figures)
    ]
