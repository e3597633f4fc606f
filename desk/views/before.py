"""Before they ask: when people ask, by service, and whether they are told before."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from accounts.decorators import requires, viewer
from accounts.permissions import Permission
from desk.answers import carried_out, go
from desk.forms_before import BeforeForm
from enquiries.actions import chasing
from enquiries.queries import chasing as reading
from enquiries.queries.chasing import Point

HOME = "/desk/settings/before/"


def span(time: timedelta | None) -> str:
    """4 days 3 h; less than a day in hours."""
    if time is None:
        return ""
    hours = round(time.total_seconds() / 3600)
    days, rest = divmod(hours, 24)
    if not days:
        return f"{rest} h"
    return f"{days} day{'' if days == 1 else 's'}" + (f" {rest} h" if rest else "")


def _why(point: Point) -> str:
    return {
        "off": "Switched off",
        "own": "Set here",
        "median": "Shortly before half of those who ask have asked",
        "promise": "Half of the promise: too few have asked",
        "uncounted": "Not counted yet",
        "none": "Nothing: the promise is short, and too few have asked",
    }[point.why]


def _row(point: Point) -> dict[str, Any]:
    median = timedelta(hours=point.median_hours) if point.median_hours is not None else None
    return {"point": point, "after": span(point.after), "median": span(median), "why": _why(point)}


@requires(Permission.ADMINISTER, Permission.SEE_PERFORMANCE)
def overview(request: HttpRequest) -> HttpResponse:
    """Every service: when people ask, from how many, and when they are told."""
    who = viewer(request)
    if not reading.may_see(who):
        raise Http404
    points = reading.points(who)
    context = {
        "nav_here": "settings" if who.may(Permission.ADMINISTER) else "performance",
        "may_set": who.may(Permission.ADMINISTER),
        "fewest": reading.FEWEST,
        "days": reading.LOOKS_BACK.days,
        "counted_at": max((one.computed_at for one in points if one.computed_at), default=None),
        "rows": [_row(one) for one in points],
    }
    return render(request, "desk/before.html", context)


@requires(Permission.ADMINISTER)
def service(request: HttpRequest, slug: str) -> HttpResponse:
    """One service, to be switched off or given a time of its own."""
    who = viewer(request)
    point = reading.point(who, slug)
    if point is None:
        raise Http404
    form = BeforeForm(
        request.POST or None, initial={"is_on": point.is_on, "own_hours": point.own_hours}
    )

    def work(data: Mapping[str, Any], now: datetime) -> None:
        chasing.set_point(
            viewer=who, service=slug, is_on=data["is_on"], own_hours=data["own_hours"], now=now
        )

    if request.method == "POST" and carried_out(form, work, about=f"before:{slug}"):
        messages.success(request, f"Saved for {point.name}. It holds from now on")
        return go(HOME)
    context = {"nav_here": "settings", "form": form, "row": _row(point)}
    return render(request, "desk/before_service.html", context)
