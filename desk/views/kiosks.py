"""Devices that stand in public places: a code for a new one, and the end of one."""

from __future__ import annotations

import uuid

import segno
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache

import accounts.queries
import kiosks.actions
from accounts.decorators import requires, viewer
from accounts.permissions import Permission
from desk import choices
from desk.answers import go
from desk.forms_settings import KioskForm
from desk.views.kiosks_one import found
from desk.views.settings import SHOWN_ONCE, made_once


@never_cache
@requires(Permission.ADMINISTER)
def new(request: HttpRequest) -> HttpResponse:
    """A one-time code for a new device."""
    who, now, code = viewer(request), timezone.now(), ""
    form = KioskForm(request.POST or None, sites=choices.sites())
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        site = accounts.queries.site(data["site"])
        if site is not None:
            code = made_once(
                lambda: kiosks.actions.code(site=site, name=data["name"], actor=who.actor, now=now),
                key=f"kiosk:{data['key']}",
                now=now,
            )
        if not code:
            messages.warning(request, SHOWN_ONCE)
            return go("/desk/settings/kiosks/")
    context = {
        "nav_here": "settings",
        "form": form,
        "code": f"{code[:4]} {code[4:]}" if code else "",
        "square": _square(code) if code else "",
        "typed_address": _page().partition("://")[2],
    }
    return render(request, "desk/settings_kiosks.html", context)


def _page() -> str:
    return f"{settings.HUB_BASE_URL}{reverse('kiosk:enrol')}"


def _square(code: str) -> str:
    """The page on which a device is set up, with its code, for a camera; as an image's address.

    The code stands after the #: a browser sends that to nobody, so that it is in no log.
    """
    return segno.make(f"{_page()}#{code}", error="m").svg_data_uri(scale=6, light="#fff")


@never_cache
@requires(Permission.ADMINISTER)
def end(request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
    """Asks whether a device is meant to be shut out for good; by POST it is."""
    if request.method != "POST":
        device = found(public_id)
        if device.kiosk.revoked_at is not None:
            return go(device.href)
        context = {"nav_here": "settings", "device": device, "kiosk": device.kiosk}
        return render(request, "desk/kiosks/end.html", {**context, "pulse": device.pulse})
    kiosks.actions.revoke(public_id=str(public_id), actor=viewer(request).actor, now=timezone.now())
    messages.success(request, "The device is shut out")
    return go("/desk/settings/kiosks/")
