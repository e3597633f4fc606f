"""All devices in public places: how each is, worst first."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache

from accounts import boundaries
from accounts.decorators import requires, viewer
from accounts.permissions import Permission, Viewer
from desk import addresses
from desk.forms_kiosks import FleetForm
from enquiries import clocks
from kiosks import queries_fleet, queries_kept, states
from kiosks.queries_fleet import Device
from kiosks.states import STATE_TONES, STATE_WORDS, State

HOME = "/desk/settings/kiosks/"


def reader(request: HttpRequest) -> Viewer:
    """Who may look: managers and administrators of the hub, whose devices they are."""
    who = viewer(request)
    if not who.is_hub:
        raise Http404
    return who


@never_cache
@requires(Permission.ADMINISTER, Permission.SEE_PERFORMANCE)
def fleet(request: HttpRequest) -> HttpResponse:
    """The list, its counts and its map."""
    who, now = reader(request), timezone.now()
    asked = request.GET.get("state") == State.OFF
    devices = queries_fleet.fleet(hours=clocks.Calendar.from_json, now=now, off=asked)
    form = FleetForm(request.GET, sites=_sites(devices))
    shown = _narrowed(devices, form)
    context = {
        "nav_here": "settings" if who.may(Permission.ADMINISTER) else "performance",
        "may_act": who.may(Permission.ADMINISTER),
        "form": form,
        "chosen": [
            {"text": f"{label}: {words}", "href": href}
            for label, words, href in addresses.in_force(
                form, addresses.query_of(request), ("state", "site")
            )
        ],
        "any": bool(devices),
        "counts": _counts(devices),
        "rows": [_row(device) for device in shown],
        "set_aside": queries_kept.set_aside_count() if who.may(Permission.ADMINISTER) else 0,
        "points": _points(shown),
        "map": {
            "tiles": settings.MAP_TILE_URL,
            "attribution": settings.MAP_ATTRIBUTION,
            "is_of_use": bool(settings.MAP_TILE_URL) or boundaries.is_drawable(),
        },
        "now": now,
    }
    return render(request, "desk/kiosks/fleet.html", context)


def _sites(devices: Sequence[Device]) -> list[tuple[str, str]]:
    known = {device.kiosk.site.slug: device.kiosk.site.name for device in devices}
    return sorted(known.items(), key=lambda pair: pair[1])


def _narrowed(devices: Sequence[Device], form: FleetForm) -> list[Device]:
    data = form.cleaned_data if form.is_valid() else {}
    return [
        device
        for device in devices
        if data.get("state") in ("", None, device.state)
        and data.get("site") in ("", None, device.kiosk.site.slug)
    ]


def _counts(devices: Sequence[Device]) -> list[dict[str, Any]]:
    """How many of each state there are; what there is none of is left out, but what is well."""
    found = queries_fleet.counted(devices)
    return [
        {
            "word": STATE_WORDS[state],
            "tone": STATE_TONES[state],
            "number": number,
            "href": f"{HOME}?state={state.value}",
        }
        for state, number in found.items()
        if number or state == State.ONLINE
    ]


def _row(device: Device) -> dict[str, Any]:
    return {
        "device": device,
        "kiosk": device.kiosk,
        "pulse": device.pulse,
        **said(device),
    }


def said(device: Device) -> dict[str, Any]:
    """The state of a device in words."""
    return {
        "state": STATE_WORDS[device.state],
        "tone": STATE_TONES[device.state],
        "urgency": {State.OFFLINE: "late", State.DEGRADED: "soon"}.get(device.state, "none"),
        "reasons": "; ".join(device.judged.reasons),
        "paper_low": device.paper_left is not None and device.paper_left < states.PAPER_LOW_PERCENT,
    }


def _points(devices: Sequence[Device]) -> list[dict[str, Any]]:
    """One point for each place, numbered by the worst of its devices."""
    found: dict[int, dict[str, Any]] = {}
    for number, device in enumerate(devices, start=1):
        site = device.kiosk.site
        if site.latitude is not None and site.longitude is not None and site.pk not in found:
            found[site.pk] = {
                "number": number,
                "lat": site.latitude,
                "lon": site.longitude,
                "words": f"{site.name}: {STATE_WORDS[device.state]}",
            }
    return list(found.values())
