"""One device in a public place: how it is, what it is told, and how it is set up."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from accounts import calendars
from accounts.decorators import requires, viewer
from accounts.permissions import Permission
from desk import kiosk_page
from desk.answers import carried_out, go
from desk.forms import KeyedForm
from desk.forms_kiosks import MessageForm
from desk.views.kiosks_fleet import reader, said
from enquiries import clocks
from kiosks import actions_commands, hours, queries_figures, queries_fleet
from kiosks.queries_fleet import Device

FIGURES_HEAD = (
    {"text": "What"},
    {"text": "Today", "numeric": True},
    {"text": f"{kiosk_page.DAYS} days", "numeric": True},
)
LEFT_HEAD = ({"text": "Question"}, {"text": "Service"}, {"text": "Times", "numeric": True})


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
    reader(request)
    return _page(request, found(public_id), MessageForm(auto_id="tell_%s"))


def _page(request: HttpRequest, device: Device, form: KeyedForm) -> HttpResponse:
    may_act, now = viewer(request).may(Permission.ADMINISTER), timezone.now()
    is_live = device.kiosk.revoked_at is None
    context = {
        "nav_here": "settings" if may_act else "performance",
        "may_act": may_act,
        "may_tell": may_act and is_live and device.kiosk.enrolled_at is not None,
        "device": device,
        "kiosk": device.kiosk,
        "pulse": device.pulse,
        "week": calendars.week_words(hours.opening(device.kiosk)),
        "form": form,
        "tells": [
            {"kind": kind, "words": words, "key": uuid.uuid4()}
            for kind, words in kiosk_page.KINDS.items()
            if kind not in ("message", "lock" if device.kiosk.locked_at else "unlock")
            and (kind != kiosk_page.SILENCE or queries_figures.is_message_up(device.kiosk, now=now))
        ],
        "commands": kiosk_page.commands(device, now),
        "history": kiosk_page.history(device),
        "figures": kiosk_page.figures(device, now),
        "figures_head": FIGURES_HEAD,
        "left_head": LEFT_HEAD,
        **said(device),
    }
    return render(request, "desk/kiosks/one.html", context)


@require_POST
@requires(Permission.ADMINISTER)
def tell(request: HttpRequest, public_id: uuid.UUID, kind: str) -> HttpResponse:
    """Tells it to do something; it hears of it with its next heartbeat."""
    device, actor = found(public_id), viewer(request).actor
    if kind not in kiosk_page.KINDS:
        raise Http404
    form = (MessageForm if kind == "message" else KeyedForm)(request.POST, auto_id="tell_%s")

    def work(data: Mapping[str, Any], now: datetime) -> None:
        actions_commands.order(
            device.kiosk,
            kind=actions_commands.CommandKind("message" if kind == kiosk_page.SILENCE else kind),
            words=data.get("words", ""),
            actor=actor,
            now=now,
        )

    if carried_out(form, work, about=f"kiosk-{kind}"):
        messages.success(
            request, f"{kiosk_page.KINDS[kind]}: the kiosk hears of it within half a minute"
        )
        return go(device.href)
    form.renew()
    return _page(request, device, form)
