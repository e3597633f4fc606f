"""Screens on walls: what they show, and where leaders make and switch them off.

At a screen nobody is signed in, so nobody is signed out: its address alone opens it, shows the
counts of the wall, and leads nowhere.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from functools import partial
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

import accounts.queries
from accounts.decorators import requires, viewer
from accounts.permissions import Permission, Viewer
from desk import leading
from desk.answers import carried_out, go, sent
from desk.forms_walls import ScreenForm
from desk.views.leading import tabs
from teamwork import actions_walls, queries_walls

HOME = "/desk/team/walls/"
# What the counts of the wall are asked with, and no more.
_READS = frozenset({Permission.LEAD_TEAM, Permission.HANDLE_CONTACTS, Permission.SEE_PERFORMANCE})


@require_safe
def wall(request: HttpRequest, public_id: uuid.UUID, proof: str) -> HttpResponse:
    """The counts of the wall for whoever has the address of a screen; all others find nothing."""
    if not queries_walls.opens(public_id, proof):
        raise Http404
    now = timezone.now()
    actions_walls.looked(public_id, now=now)
    context = {"stats": partial(_stats, now=now), "now": now}
    answer = render(request, "desk/team/wall_alone.html", context)
    answer["Cache-Control"] = "no-store"
    answer["X-Robots-Tag"] = "noindex, nofollow"
    answer["Referrer-Policy"] = "no-referrer"
    return answer


def _stats(*, now: datetime) -> list[leading.Stat]:
    """The figures of the wall, none of which leads anywhere."""
    return [replace(one, href="") for one in leading.wall(_of_the_hub(), now=now)]


def _of_the_hub() -> Viewer:
    hub = accounts.queries.hub()
    return Viewer(
        kind="system",
        id=None,
        name="A screen on a wall",
        organisation_id=hub.pk,
        organisation_slug=hub.slug,
        organisation_name=hub.name,
        organisation_kind=hub.kind,
        is_hub=True,
        permissions=_READS,
    )


@requires(Permission.LEAD_TEAM)
def screens(request: HttpRequest) -> HttpResponse:
    """The screens that there are, with their addresses, and a new one."""
    who = viewer(request)
    form = ScreenForm(request.POST if request.method == "POST" else None)

    def work(data: Mapping[str, Any], now: datetime) -> None:
        actions_walls.make(viewer=who, name=data["name"], now=now)

    if request.method == "POST" and carried_out(form, work, about="wall"):
        messages.success(request, "The screen has its address. Open it there, and leave it")
        return go(HOME)
    context = {
        "nav_here": "team",
        "tabs": tabs("walls"),
        "form": form,
        "screens": [(one, _address(one.public_id)) for one in queries_walls.screens(who)],
    }
    answer = render(request, "desk/team/walls.html", context, status=422 if form.errors else 200)
    answer["Cache-Control"] = "private, no-store"
    return answer


def _address(public_id: uuid.UUID) -> str:
    return f"{settings.HUB_BASE_URL}/desk/wall/{public_id}/{queries_walls.proof(public_id)}/"


@requires(Permission.LEAD_TEAM)
@sent
def end(request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
    """Switches a screen off."""
    try:
        actions_walls.end(viewer=viewer(request), public_id=public_id, now=timezone.now())
    except actions_walls.NoSuchScreen as error:
        raise Http404 from error
    messages.success(request, "Switched off: its address leads nowhere any more")
    return go(HOME)
