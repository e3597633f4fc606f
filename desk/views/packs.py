"""Packs of figures by week and month: listed, downloaded, and asked for by email."""

from __future__ import annotations

import io
import uuid
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts.decorators import requires, viewer
from accounts.permissions import Permission
from core import downloads
from desk import choices, performance_words
from desk.answers import carried_out, go
from desk.forms import KeyedForm
from metrics import actions_packs, pack_periods, queries_packs
from metrics.pack_periods import MONTHLY, WEEKLY
from metrics.queries_packs import Kept

HOME = "/desk/performance/packs/"
HEAD = (
    {"text": "Pack"},
    {"text": "Of"},
    {"text": "Says"},
    {"text": "Pages", "numeric": True},
    {"text": "Made"},
)


@requires(Permission.SEE_PERFORMANCE)
def overview(request: HttpRequest) -> HttpResponse:
    """Every pack that the viewer may read, the newest first, and whether they get the next."""
    return _page(request, KeyedForm())


def _page(request: HttpRequest, form: KeyedForm) -> HttpResponse:
    who = viewer(request)
    names = dict(choices.organisations())
    context = {
        "nav_here": "performance",
        "form": form,
        "home": HOME,
        "head": HEAD,
        "rows": [_row(one, names) for one in queries_packs.packs(who)],
        "mails": _mails(queries_packs.wants(who)),
        "whose": "the whole partnership" if who.is_hub else who.organisation_name,
    }
    return render(request, "desk/performance/packs.html", context)


def _mails(wants: Mapping[str, bool]) -> list[dict[str, str]]:
    """Each kind of pack: whether it comes by email, and the button that changes that."""
    said = {
        WEEKLY: ("the week", "on the Monday after it"),
        MONTHLY: ("the month", "on its first working day after"),
    }
    return [
        {
            "kind": kind,
            "says": f"You get the pack of {name} {when}."
            if wants[kind]
            else f"You do not get the pack of {name}.",
            "button": f"Stop sending me the {kind} pack"
            if wants[kind]
            else f"Send me the {kind} pack",
            "value": "no" if wants[kind] else "yes",
            "tone": "secondary" if wants[kind] else "",
        }
        for kind, (name, when) in said.items()
    ]


def _row(one: Kept, names: Mapping[str, str]) -> list[dict[str, Any]]:
    kind = "Week" if one.kind == WEEKLY else "Month"
    whose = names.get(one.organisation, one.organisation)
    return [
        {
            "text": f"{kind}: {pack_periods.of(one.kind, one.since).words} (PDF)",
            "href": f"{HOME}{one.public_id}/",
        },
        {"text": whose if one.organisation else "The whole partnership"},
        {"text": one.said[0] if one.said else ""},
        {"text": str(one.pages), "numeric": True},
        {"text": performance_words.said_moment(one.made_at)},
    ]


@requires(Permission.SEE_PERFORMANCE)
def mail(request: HttpRequest, kind: str) -> HttpResponse:
    """Whether the viewer gets the pack of weeks or months by email."""
    if request.method != "POST":
        return go(HOME)
    who, form = viewer(request), KeyedForm(request.POST)
    wants = request.POST.get("wants") == "yes"

    def work(_data: Mapping[str, Any], now: datetime) -> None:
        actions_packs.want(kind, viewer=who, wants=wants, now=now)

    if carried_out(form, work, about=f"{kind}_pack"):
        often = "each Monday" if kind == WEEKLY else "on each month’s first working day"
        messages.success(
            request,
            f"You get the {kind} pack by email, {often}"
            if wants
            else f"You get no {kind} pack any more",
        )
        return go(HOME)
    form.renew()
    return _page(request, form)


@require_safe
@requires(Permission.SEE_PERFORMANCE)
def pack(request: HttpRequest, public_id: uuid.UUID) -> HttpResponseBase:
    """A pack as PDF; of somebody else's figures there is none."""
    found = queries_packs.body(viewer(request), public_id)
    if found is None:
        raise Http404
    kept, body = found
    name = queries_packs.file_name(kept.kind, kept.since, kept.organisation)
    return downloads.saved(io.BytesIO(body), name=name, content_type="application/pdf")
