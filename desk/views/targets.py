"""What happened on a day, and what figures should be: listed, entered, taken away."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

import metrics.queries_targets
from accounts.decorators import requires, viewer
from accounts.permissions import Permission, Viewer
from desk import choices
from desk.answers import carried_out, go
from desk.forms_targets import EVERYBODY, AimForm, HappenedForm, RemoveForm
from metrics import actions_targets, bands
from metrics.actions_targets import Bounds

DAYS = "/desk/performance/days/"
TARGETS = "/desk/performance/targets/"
TARGETS_HEAD = (
    {"text": "Figure"},
    {"text": "Of whom"},
    {"text": "Target", "numeric": True},
    {"text": "Band", "numeric": True},
    {"text": "How it stands"},
    {"text": "Who is told"},
)


def _mine(who: Viewer, names: Mapping[str, str]) -> dict[str, Any]:
    """Whom somebody may say something of."""
    own = {who.organisation_slug: who.organisation_name}
    return {
        "organisations": list((names if who.is_hub else own).items()),
        "everybody": who.is_hub,
    }


@requires(Permission.SET_TARGETS)
def days(request: HttpRequest) -> HttpResponse:
    """What happened, the newest first, and a form for one more."""
    who = viewer(request)
    names = dict(choices.organisations())
    is_gone = "annotation" in request.POST
    form = HappenedForm(None if is_gone else request.POST or None, **_mine(who, names))
    gone = RemoveForm(request.POST if is_gone else None)

    def say(data: Mapping[str, Any], now: datetime) -> None:
        words = {name: data[name] for name in ("organisation", "day", "until", "words")}
        actions_targets.annotate(**words, viewer=who, now=now)

    def remove(data: Mapping[str, Any], now: datetime) -> None:
        actions_targets.take_away(annotation=data["annotation"], viewer=who, now=now)

    if request.method == "POST":
        if is_gone:
            if carried_out(gone, remove, about="annotation"):
                messages.success(request, "It is taken away")
                return go(DAYS)
            gone.renew()
        elif carried_out(form, say, about="annotation"):
            messages.success(request, "It stands on the charts now")
            return go(DAYS)
        else:
            form.renew()
    context = {
        "nav_here": "performance",
        "form": form,
        "wrong": gone,
        "rows": [
            {
                "pk": one.pk,
                "when": said_days(one.day, one.until),
                "words": one.words,
                "whose": names.get(one.organisation, EVERYBODY),
                "by": one.entered_by,
                "is_mine": who.is_hub or one.organisation == who.organisation_slug,
                "key": RemoveForm()["key"].value(),
            }
            for one in reversed(metrics.queries_targets.happened(who))
        ],
        "home": DAYS,
    }
    return render(request, "desk/performance/days.html", context)


def said_days(day: date, until: date | None) -> str:
    """A day, or from one to another."""
    first = f"{day.day} {day:%b %Y}"
    return first if until is None or until == day else f"{first} to {until.day} {until:%b %Y}"


@requires(Permission.SET_TARGETS)
def targets(request: HttpRequest) -> HttpResponse:
    """What is aimed at and between what figures should stay, and a form for one more."""
    who = viewer(request)
    names = dict(choices.organisations())
    form = AimForm(request.POST or None, **_mine(who, names))

    def aim(data: Mapping[str, Any], now: datetime) -> None:
        actions_targets.aim(
            figure=data["figure"],
            organisation=data["organisation"],
            bounds=Bounds(data["target"], data["low"], data["high"]),
            viewer=who,
            now=now,
        )

    if request.method == "POST":
        if carried_out(form, aim, about="band"):
            messages.success(request, "It is saved, and compared once a day")
            return go(TARGETS)
        form.renew()
    found = metrics.queries_targets.aims(who)
    context = {
        "nav_here": "performance",
        "form": form,
        "head": TARGETS_HEAD,
        "rows": [_row(one, names) for one in found],
        "days": bands.DAYS,
        "home": TARGETS,
    }
    return render(request, "desk/performance/targets.html", context)


def _row(one: metrics.queries_targets.Aim, names: Mapping[str, str]) -> list[dict[str, object]]:
    has_band = one.low is not None or one.high is not None
    return [
        {"text": bands.FIGURES[one.figure].name},
        {"text": names.get(one.organisation, EVERYBODY)},
        {"text": bands.said(one.figure, one.target) or "–", "numeric": True},
        {
            "text": bands.said_band(one.figure, one.low, one.high) if has_band else "–",
            "numeric": True,
        },
        _stands(one, has_band=has_band),
        {"text": one.entered_by},
    ]


def _stands(one: metrics.queries_targets.Aim, *, has_band: bool) -> dict[str, object]:
    if one.outside_since is not None:
        since = one.outside_since
        return {"text": "Outside", "tag": "late", "note": f"since {since.day} {since:%b %Y}"}
    if one.compared_on is None:
        return {"text": "Not compared yet" if has_band else "–"}
    return {"text": "In its band" if has_band else "–", "tag": "kept" if has_band else ""}
