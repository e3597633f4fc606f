"""How a device is set up: its place, what it offers, its hours, its printer and its screen."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

import accounts.queries
import kb.queries
from accounts.decorators import requires, viewer
from accounts.hours import DAYS, day_words
from accounts.permissions import Permission
from desk import choices
from desk.answers import carried_out, go
from desk.forms_kiosks import SettingsForm
from desk.views.kiosks_one import found
from kiosks import actions_settings
from kiosks.actions_settings import Arrangement
from kiosks.queries_fleet import Device


@requires(Permission.ADMINISTER)
def change(request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
    """Its settings; by POST they are kept, and the device hears of them within half a minute."""
    device, actor = found(public_id), viewer(request).actor
    if device.kiosk.revoked_at is not None:
        raise Http404
    form = _form(request, device)

    def work(data: Mapping[str, Any], now: datetime) -> None:
        said = _said(data)
        actions_settings.arrange(public_id=public_id, as_said=said, actor=actor, now=now)

    if request.method == "POST":
        if carried_out(form, work, about="kiosk-settings"):
            messages.success(request, "Kept. The kiosk hears of it with its next heartbeat")
            return go(device.href)
        form.renew()
    context = {"nav_here": "settings", "device": device, "kiosk": device.kiosk, "form": form}
    return render(request, "desk/kiosks/settings.html", context)


def _said(data: Mapping[str, Any]) -> Arrangement:
    site = accounts.queries.site(data["site"])
    if site is None:
        raise Http404
    return Arrangement(
        name=data["name"],
        site=site,
        hidden_services=data["hidden"],
        languages=tuple(data["languages"]),
        opening=data["opening"],
        printer=data["printer"],
        paper=data["paper"] or 0,
        screen_mm=data["screen_mm"] or 0,
        is_early=data["is_early"],
    )


def _form(request: HttpRequest, device: Device) -> SettingsForm:
    kiosk = device.kiosk
    services = [
        (group, [(row.slug, row.name) for row in rows]) for group, rows in kb.queries.by_group()
    ]
    hidden = {
        f"hidden_{number}": [slug for slug, _name in rows if slug in kiosk.hidden_services]
        for number, (_group, rows) in enumerate(services)
    }
    week = kiosk.site.opening if kiosk.opening is None else kiosk.opening
    said = {name: day_words(week.get(name, ())) for name in DAYS}
    return SettingsForm(
        request.POST if request.method == "POST" else None,
        sites=choices.sites(),
        languages=list(settings.LANGUAGES),
        services=services,
        initial={
            "name": kiosk.name,
            "site": kiosk.site.slug,
            "languages": kiosk.languages,
            "printer": kiosk.printer,
            "paper": kiosk.paper,
            "screen_mm": kiosk.screen_mm,
            "is_early": kiosk.is_early,
            "hours": SettingsForm.SITES if kiosk.opening is None else SettingsForm.OWN,
            **{name: "" if words == "closed" else words for name, words in said.items()},
            **hidden,
        },
    )
