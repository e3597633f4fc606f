"""One device in a public place: how it is, what it is told, and how it is set up."""

from __future__ import annotations

import uuid

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache

from accounts import calendars
from accounts.decorators import requires
from accounts.permissions import Permission
from desk.views.kiosks_fleet import reader, said
from enquiries import clocks
from kiosks import hours, queries_fleet
from kiosks.queries_fleet import Device


def found(public_id: uuid.UUID) -> Device:
    """The device of an address. Raises Http404."""
    device = queries_fleet.one(public_id, hours=clocks.Calendar.from_json, now=timezone.now())
    if device is None:
        raise Http404
    return device


@never_cache
@requires(Permission.ADMINISTER, Permission.SEE_PERFORMANCE)
def one(request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
    """Its page."""
    who, device = reader(request), found(public_id)
    context = {
        "nav_here": "settings" if who.may(Permission.ADMINISTER) else "performance",
        "may_act": who.may(Permission.ADMINISTER),
        "device": device,
        "kiosk": device.kiosk,
        "pulse": device.pulse,
        "week": calendars.week_words(hours.opening(device.kiosk)),
        **said(device),
    }
    return render(request, "desk/kiosks/one.html", context)
