"""Releases of the kiosk's face: who has which, how far the newest has gone, and the way back."""

from __future__ import annotations

import uuid
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_POST

from accounts.decorators import requires, viewer
from accounts.permissions import Permission
from core.audit import Actor
from desk.answers import carried_out, go
from desk.forms import KeyedForm
from desk.views.kiosks_fleet import HOME, reader
from enquiries import clocks
from kiosks import actions_releases, queries_fleet, queries_releases
from kiosks.queries_fleet import Device
from kiosks.queries_releases import Staged

PAGE = f"{HOME}releases/"
STAGES = (10, 50, 100)


@requires(Permission.ADMINISTER, Permission.SEE_PERFORMANCE)
def releases(request: HttpRequest) -> HttpResponse:
    """All that are kept, the newest first."""
    reader(request)
    return _page(request, KeyedForm())


def _page(request: HttpRequest, form: KeyedForm) -> HttpResponse:
    may_act = viewer(request).may(Permission.ADMINISTER)
    devices = [
        device
        for device in queries_fleet.fleet(hours=clocks.Calendar.from_json, now=timezone.now())
        if device.kiosk.enrolled_at is not None and not device.kiosk.is_demonstration
    ]
    has = Counter(device.pulse.release for device in devices if device.pulse is not None)
    due = Counter(queries_releases.release_for(device.kiosk) for device in devices)
    known = queries_releases.releases()
    context = {
        "nav_here": "settings" if may_act else "performance",
        "may_act": may_act,
        "form": form,
        "releases": [_row(one, known, has, due) for one in known],
        "total": len(devices),
        "early": sum(device.kiosk.is_early for device in devices),
        "unknown": _unknown(devices, known),
    }
    return render(request, "desk/kiosks/releases.html", context)


def _unknown(devices: Sequence[Device], known: Sequence[Staged]) -> int:
    """Devices that have a release which is no longer kept, or none at all."""
    names = {one.version for one in known}
    return sum(device.pulse is None or device.pulse.release not in names for device in devices)


def _row(
    one: Staged, known: Sequence[Staged], has: Mapping[str, int], due: Mapping[str, int]
) -> dict[str, Any]:
    words, tone = stage_words(one)
    is_live = one.withdrawn_at is None
    next_ones = [stage for stage in STAGES if stage > one.share]
    return {
        "one": one,
        "words": words,
        "tone": tone,
        "has": has.get(one.version, 0),
        "due": due.get(one.version, 0),
        "begins": is_live and one.early_at is None and one.share < 100,
        "stages": next_ones if is_live else [],
        # The last one that is left stays: devices would have nothing to show without the line.
        "may_go": is_live and sum(other.withdrawn_at is None for other in known) > 1,
        "key": uuid.uuid4(),
    }


def stage_words(one: Staged) -> tuple[str, str]:
    """How far a release has gone."""
    if one.withdrawn_at is not None:
        return "Taken back", "quiet"
    if one.share >= 100:
        return "All kiosks", "kept"
    if one.share:
        return f"{one.share}% of kiosks", "moving"
    return ("Early ones", "moving") if one.early_at is not None else ("Nobody yet", "waiting")


def _acts(version: str, act: str, actor: Actor) -> Callable[[Mapping[str, Any], datetime], None]:
    def work(_data: Mapping[str, Any], now: datetime) -> None:
        if act == "back":
            actions_releases.withdraw(version=version, actor=actor, now=now)
        elif act == "early":
            actions_releases.stage(version=version, early=True, actor=actor, now=now)
        else:
            actions_releases.stage(version=version, share=int(act), actor=actor, now=now)

    return work


SAID = {
    "back": "Taken back. Kiosks that have it go back as soon as nobody uses them",
    "early": "The early ones get it with their next heartbeat",
}


@require_POST
@requires(Permission.ADMINISTER)
def stage(request: HttpRequest, version: str, step: str) -> HttpResponse:
    """Gives a release to more devices, or takes it back from all."""
    rows = {one.version: one for one in queries_releases.releases()}
    if step not in (*SAID, *map(str, STAGES)):
        raise Http404
    if version not in rows:
        messages.warning(request, "This release is no longer kept")
        return go(PAGE)
    left = [one for one in rows.values() if one.withdrawn_at is None and one.version != version]
    form = KeyedForm(request.POST)
    if step == "back" and not left:
        messages.warning(
            request, "The only release cannot be taken back: there is none to go back to"
        )
        return go(PAGE)
    if carried_out(form, _acts(version, step, viewer(request).actor), about=f"release-{step}"):
        messages.success(
            request, SAID.get(step, f"{step}% of kiosks get it with their next heartbeat")
        )
        return go(PAGE)
    form.renew()
    return _page(request, form)
