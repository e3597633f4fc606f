"""How well it works, for everybody: how often once was enough, and what is left out."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

import metrics.queries
import notifications.queries_health
from accounts.permissions import Permission, Viewer
from enquiries import clocks
from enquiries.channels import Channel
from metrics.figures import Osr
from metrics.queries import Chosen

# Of fewer people than this no figure is shown, and none from which theirs could be worked out.
FEWEST = 5
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


@dataclass(frozen=True, slots=True)
class Figure:
    """One share in hundredths with what it is of; no share where too few are counted."""

    name: object
    n: int
    share: int | None
    low: int | None
    high: int | None
    pending: int


@require_safe
def performance(request: HttpRequest) -> HttpResponse:
    """The one-stop figure of the last half year, with its interval, and by way in."""
    until = clocks.london_date(timezone.now()) + timedelta(days=1)
    since = until - timedelta(weeks=WEEKS)
    chosen = Chosen(since=since, until=until)
    whole = _figure("", metrics.queries.overall(_ANYBODY, chosen).osr)
    by_channel = [
        _figure(_CHANNELS.get(row.key, row.key), row.measures.osr)
        for row in metrics.queries.by(_ANYBODY, chosen, "channel")
    ]
    shown = [one for one in by_channel if one.share is not None]
    left_out = len(by_channel) - len(shown)
    if left_out == 1:  # what one row lacks could be worked out from the others
        shown = shown[:-1]
    context = {
        "since": since,
        "until": until - timedelta(days=1),
        "whole": whole,
        "channels": shown if whole.share is not None else [],
        "left_out": left_out > 0,
        "fewest": FEWEST,
        "messages": _messages(until),
        "is_sample": settings.HUB_DEMO,
        "folded_at": metrics.queries.folded_at(),
    }
    page = render(request, "web/performance.html", context)
    page["Cache-Control"] = f"public, max-age={KEPT}"
    return page


def _messages(until: date) -> list[tuple[date, str, int]]:
    """Days, newest first: the share of texts and emails handed over within ten seconds, and of
    how many. A day of few is left out as everywhere on this page."""
    days = notifications.queries_health.promptness(since=until - timedelta(days=DAYS), until=until)
    said = notifications.queries_health.share_words
    return [(one.day, said(one.share), one.due) for one in days if one.due >= FEWEST]


def _figure(name: object, osr: Osr) -> Figure:
    if osr.linked is None or osr.n < FEWEST:
        return Figure(name, osr.n, None, None, None, osr.pending)
    low, high = osr.wilson or (osr.linked, osr.linked)
    return Figure(
        name, osr.n, round(osr.linked * 100), round(low * 100), round(high * 100), osr.pending
    )
