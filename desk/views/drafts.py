"""What somebody was writing when the browser went away: kept, offered, thrown away."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils import timezone

from accounts.decorators import requires, viewer
from core.errors import DomainError
from desk.answers import go
from desk.views.commands import EVERYBODY
from teamwork import actions_drafts, queries_drafts
from teamwork.queries_drafts import Kept

# Where the form of a draft stands, by the beginning of its name.
_PLACES = (
    (re.compile(r"case:([A-Z0-9-]+):(.+)"), "/desk/cases/{0}/", "Case {0}: {1}"),
    (re.compile(r"contact:([0-9a-f-]{36}):(.+)"), "/desk/contact/{0}/", "A contact: {1}"),
    (re.compile(r"referral:([0-9a-f-]{36}):(.+)"), "/desk/referrals/{0}/", "A referral: {1}"),
    (re.compile(r"person:([0-9a-f-]{36}):(.+)"), "/desk/people/{0}/", "A person: {1}"),
    (re.compile(r"macro:([0-9a-f-]{36}|new)"), "/desk/macros/{0}/", "A macro"),
    (re.compile(r"rule:(new)"), "/desk/rules/{0}/", "A rule"),
    (re.compile(r"rule:([0-9a-f-]{36})"), "/desk/rules/{0}/change/", "A rule"),
)


@requires(*EVERYBODY)
def drafts(request: HttpRequest) -> HttpResponse:
    """All that the viewer was writing; for a form in front, as JSON, what was kept of it."""
    who = viewer(request)
    if request.method == "POST":
        return _keep(request)
    forms = request.GET.getlist("form")
    if request.headers.get("Accept") == "application/json":
        answer: HttpResponse = JsonResponse(
            {"kept": [_told(one) for one in queries_drafts.kept(who, forms)]}
        )
    else:
        rows = [_row(one) for one in queries_drafts.every(who)]
        answer = render(request, "desk/drafts.html", {"rows": rows})
    answer["Cache-Control"] = "no-store"
    return answer


def _keep(request: HttpRequest) -> HttpResponse:
    form, sent = request.POST.get("form", ""), request.POST.get("fields", "{}")
    try:
        fields = _read(sent)
        kept = actions_drafts.keep(
            viewer=viewer(request),
            form=form,
            fields=fields,
            seen=request.POST.get("seen", ""),
            now=timezone.now(),
        )
    except actions_drafts.NewerDraft as error:
        return JsonResponse(_told(error.kept), status=409)
    except DomainError as error:
        return JsonResponse({"detail": error.message}, status=422)
    return JsonResponse({"mark": kept.mark})


def _read(sent: str) -> Mapping[str, str | list[str]]:
    try:
        fields = json.loads(sent)
    except ValueError:
        fields = None
    if not isinstance(fields, dict) or not all(
        isinstance(one, str) or (isinstance(one, list) and all(isinstance(o, str) for o in one))
        for one in fields.values()
    ):
        raise actions_drafts.NotADraft("A draft is names of fields and what stands in them")
    return fields


def _told(kept: Kept) -> dict[str, object]:
    local = timezone.localtime(kept.at)
    return {
        "form": kept.form,
        "fields": kept.fields,
        "mark": kept.mark,
        "at": f"{local:%H:%M}",
        "day": "" if local.date() == timezone.localdate() else f"{local:%a %d %b}",
    }


def _row(kept: Kept) -> dict[str, object]:
    href, words = "", kept.form
    for named, place, said in _PLACES:
        if match := named.fullmatch(kept.form):
            href, words = place.format(*match.groups()), said.format(*match.groups())
    texts = [one for one in kept.fields.values() if isinstance(one, str) and " " in one.strip()]
    return {
        "form": kept.form,
        "href": href,
        "words": words,
        "at": kept.at,
        "said": max(texts, key=len, default=""),
    }


@requires(*EVERYBODY)
def throw_away(request: HttpRequest) -> HttpResponse:
    """One draft, for good."""
    if request.method == "POST":
        actions_drafts.forget(viewer=viewer(request), forms=request.POST.getlist("form"))
        if request.headers.get("Accept") == "application/json":
            return JsonResponse({})
        messages.success(request, "Thrown away")
    return go("/desk/drafts/")
