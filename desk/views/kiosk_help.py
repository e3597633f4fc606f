"""Who waits for help at a kiosk: a line on every page, and the page on which staff answer."""

from __future__ import annotations

import uuid
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import get_language_info
from django.views.decorators.cache import never_cache

import kiosks.actions_help
import kiosks.actions_staff
import kiosks.queries_help
from accounts import visits
from accounts.decorators import requires, viewer
from accounts.permissions import Permission, Viewer
from core.errors import DomainError
from desk.answers import go
from desk.views.settings import SHOWN_ONCE, made_once

PAGE = "/desk/help/"
_EVERY = 10  # seconds after which the page looks again by itself
anybody = requires(*Permission)


def _hearing(request: HttpRequest) -> Viewer:
    """Who looks, if calls reach them at all."""
    who = viewer(request)
    if not kiosks.queries_help.hears(who):
        raise Http404
    return who


def _not_a_click(request: HttpRequest) -> None:
    """A page that looks again by itself keeps nobody signed in."""
    visits.look_only(request.session)


@never_cache
@anybody
def overview(request: HttpRequest) -> HttpResponse:
    """Who waits where, since when; and what to do about it."""
    who = _hearing(request)
    if "again" in request.GET:
        _not_a_click(request)
    return _page(request, who)


def _page(request: HttpRequest, who: Viewer, **more: object) -> HttpResponse:
    since = kiosks.actions_staff.since(viewer=who, now=timezone.now())
    context = {**_waiting(who), "every": _EVERY, "since": since, "key": str(uuid.uuid4()), **more}
    return render(request, "desk/kiosk_help.html", context)


@never_cache
@anybody
def code(request: HttpRequest) -> HttpResponse:
    """Makes today's code for kiosks, shown this once; or ends it."""
    who, now = _hearing(request), timezone.now()
    if request.method != "POST":
        return HttpResponseRedirect(PAGE)
    if request.POST.get("act") == "end":
        kiosks.actions_staff.end(viewer=who, now=now)
        messages.success(request, "Your code has ended")
        return go(PAGE)
    made = made_once(
        lambda: kiosks.actions_staff.make(viewer=who, now=now),
        key=f"staff_code:{who.id}:{request.POST.get('key', '')[:40]}",
        now=now,
    )
    if not made:
        messages.warning(request, SHOWN_ONCE)
        return go(PAGE)
    return _page(request, who, code=f"{made[:4]} {made[4:]}")


@never_cache
@anybody
def news(request: HttpRequest) -> HttpResponse:
    """The line that stands on every page, for pages that are open already."""
    who = _hearing(request)
    _not_a_click(request)
    return render(request, "desk/kiosk_help_news.html", {"help": line(who)})


@anybody
def act(request: HttpRequest, public_id: uuid.UUID, act: str) -> HttpResponse:
    """Says that somebody comes, or that it is done. Whoever was quicker is not overruled."""
    who, now = _hearing(request), timezone.now()
    if act not in ("coming", "done"):
        raise Http404
    if request.method != "POST":
        return HttpResponseRedirect(PAGE)
    try:
        if act == "done":
            kiosks.actions_help.done(kiosk=public_id, viewer=who, now=now)
            messages.success(request, "Written down: they were helped")
            return go(PAGE)
        first = kiosks.actions_help.coming(kiosk=public_id, viewer=who, now=now)
        if first == who.name:
            messages.success(request, "Their screen says that somebody is coming")
        else:
            messages.success(request, f"{first} was quicker and is on the way")
    except DomainError as error:
        messages.warning(request, error.message)
    return go(PAGE)


def line(who: Viewer) -> dict[str, Any] | None:
    """What the line on every page says to this viewer; nothing where no call reaches them."""
    if not kiosks.queries_help.hears(who):
        return None
    waiting = _waiting(who)
    open_ones = [one for one in waiting["waiting"] if not one["is_coming"]]
    return {"waiting": open_ones, "state": waiting["state"]}


def _english(code: str) -> str:
    """What staff call a language: Polish, where its speakers say Polski."""
    try:
        return str(get_language_info(code)["name"])
    except KeyError:
        return ""


def _waiting(who: Viewer) -> dict[str, Any]:
    found = kiosks.queries_help.waiting(who, now=timezone.now())
    rows = [
        {
            "kiosk": one.call.kiosk,
            "site": one.call.kiosk.site,
            "since": one.call.called_at,
            "language": _english(one.call.language),
            "is_coming": one.is_coming,
            "by": one.call.answered_by,
        }
        for one in found
    ]
    state = " ".join(f"{one.call.pk}{'c' if one.is_coming else 'w'}" for one in found)
    return {"waiting": rows, "state": state or "none"}
