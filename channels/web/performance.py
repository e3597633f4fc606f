"""How well it works, for everybody: how often once was enough, and what is left out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

import metrics.queries
import notifications.queries_health
from accounts.permissions import Permission, Viewer
from core import spreadsheets
from core.copies import reports
from enquiries import clocks
from enquiries.channels import Channel
from metrics import public
from metrics.figures import TARGET
from metrics.one_stop import VERSION
from metrics.public import Shown
from metrics.queries import Chosen

WEEKS = 26
# So many days of messages are shown; a day's figure names nobody, but few are not shown.
DAYS = 14
KEPT = 60 * 60
_ANYBODY = Viewer(
    kind="public",
    id=None,
    name="Anybody",
    is_hub=True,
    permissions=frozenset({Permission.SEE_PERFORMANCE}),
)
_CHANNELS = {
    Channel.WEB.value: _("Website"),
    Channel.PHONE.value: _("Telephone"),
    Channel.COUNTER.value: _("Counter"),
    Channel.KIOSK.value: _("Kiosk"),
    Channel.SMS.value: _("Text message"),
    Channel.EMAIL.value: _("Email"),
    Channel.API.value: _("Other systems"),
}


# By what the open figures are told, each by itself: nothing is told by two at once, so that no
# part can be worked out of two tables.
OPEN = ("channel", "service")
COLUMNS = ("by", "key", "share", "low", "high", "enquiries")


@dataclass(frozen=True, slots=True)
class Told:
    """Everything that anybody may read: the whole, and its parts by channel and by service."""

    since: date
    until: date
    whole: Shown | None
    pending: int
    parts: Mapping[str, tuple[list[Shown], int]]


def told() -> Told:
    """The last half year, as nothing of it tells of few."""
    until = clocks.london_date(timezone.now()) + timedelta(days=1)
    since = until - timedelta(weeks=WEEKS)
    chosen = Chosen(since=since, until=until)
    rates, channels = metrics.queries.whole_and(_ANYBODY, chosen, "channel")
    osr = rates.osr
    whole = public.shown("", osr)
    slices = {"channel": channels}
    if whole:
        slices["service"] = metrics.queries.by(_ANYBODY, chosen, "service")
    parts = {
        name: public.parts((row.key, row.measures.osr) for row in slices[name])
        for name in (OPEN if whole else ())
    }
    return Told(since, until - timedelta(days=1), whole, public.rounded(osr.pending), parts)


@require_safe
@reports()
def performance(request: HttpRequest) -> HttpResponse:
    """The promise, and the one-stop figure of the last half year, with its interval."""
    found = told()
    channels, left_out = found.parts.get("channel", ([], 0))
    context = {
        "since": found.since,
        "until": found.until,
        "whole": found.whole,
        "pending": found.pending,
        "promise": round(TARGET * 100),
        "stand": _stand(found.whole),
        "channels": [{"name": _CHANNELS.get(one.key, one.key), "figure": one} for one in channels],
        "left_out": left_out > 0,
        "fewest": public.FEWEST,
        "messages": _messages(found.until + timedelta(days=1)),
        "is_sample": settings.HUB_DEMO,
        "folded_at": metrics.queries.folded_at(),
        "version": VERSION,
    }
    return _kept(render(request, "web/performance.html", context))


def _stand(whole: Shown | None) -> str:
    """Whether the promise is kept, as far as chance lets it be told."""
    if whole is None:
        return ""
    promise = TARGET * 100
    if whole.low <= promise <= whole.high:
        return "close"
    return "kept" if whole.low > promise else "missed"


@require_safe
@reports()
def as_csv(request: HttpRequest) -> HttpResponse:
    """The same figures, one row each, for a spreadsheet."""
    return _open(HttpResponse(spreadsheets.as_csv(COLUMNS, _rows(told())), spreadsheets.CSV))


@require_safe
@reports()
def as_json(request: HttpRequest) -> HttpResponse:
    """The same figures with what has to be known of them."""
    found = told()
    folded_at = metrics.queries.folded_at()
    body = {
        "definition": VERSION,
        "target": round(TARGET * 100),
        "from": found.since.isoformat(),
        "to": found.until.isoformat(),
        "counted_at": folded_at.isoformat() if folded_at else None,
        "fewest": public.FEWEST,
        "rounded_to": public.FEWEST,
        "not_decided_yet": found.pending,
        "hidden": {name: hidden for name, (_, hidden) in found.parts.items() if hidden},
        "figures": [dict(zip(COLUMNS, row, strict=True)) for row in _rows(found)],
    }
    return _open(JsonResponse(body, json_dumps_params={"indent": 2}))


def _rows(found: Told) -> list[tuple[str, str, int, int, int, int]]:
    rows = [("all", found.whole)] if found.whole else []
    rows += [(name, one) for name, (shown, _) in found.parts.items() for one in shown]
    return [(by, one.key, one.share, one.low, one.high, one.n) for by, one in rows]


def _kept(answer: HttpResponse) -> HttpResponse:
    answer["Cache-Control"] = f"public, max-age={KEPT}"
    return answer


def _open(answer: HttpResponse) -> HttpResponse:
    """Open data: any page of anybody may read it."""
    answer["Access-Control-Allow-Origin"] = "*"
    answer["Cross-Origin-Resource-Policy"] = "cross-origin"
    answer["X-Content-Type-Options"] = "nosniff"
    return _kept(answer)


def _messages(until: date) -> list[tuple[date, str, int]]:
    """Days, newest first: the share of texts and emails handed over within ten seconds, and of
    how many. A day of few is left out as everywhere on this page, also of few that were late."""
    days = notifications.queries_health.promptness(since=until - timedelta(days=DAYS), until=until)
    said = notifications.queries_health.share_words
    return [
        (one.day, said(one.share), one.due)
        for one in days
        if one.due and not public.few_of(one.prompt, one.due)
    ]
