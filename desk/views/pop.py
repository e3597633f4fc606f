"""Calls at my own telephone: who it may be, and on to their contact."""

from __future__ import annotations

import uuid

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache

import inbox.queries_lines
from accounts.decorators import requires, viewer
from accounts.permissions import Permission
from desk import callers
from desk.answers import found, go, refuse
from desk.drawing import asked_for
from desk.forms_calls import LineForm
from enquiries.actions import calls as acts
from inbox import actions_lines
from inbox.actions_lines import NotALine

PAGE = "/desk/pop/"


def _page(request: HttpRequest, form: LineForm, *, status: int = 200) -> HttpResponse:
    who = viewer(request)
    context = {
        "nav_here": "contact",
        "popped": callers.popped(who, now=timezone.now()),
        "form": form,
    }
    if asked_for(request) == "hub-pop":
        # Asked for by a page that looks again by itself: what an act had to say is not for it.
        return render(request, "desk/parts/pop.html", context)
    return render(request, "desk/pop.html", context, status=status)


@never_cache
@requires(Permission.HANDLE_CONTACTS)
def calls(request: HttpRequest) -> HttpResponse:
    """What rings at my telephone now; and at which telephone I sit."""
    line = inbox.queries_lines.line(viewer(request))
    return _page(request, LineForm(initial={"line": line}))


@requires(Permission.HANDLE_CONTACTS)
def line(request: HttpRequest) -> HttpResponse:
    """I sit at this telephone; or, left empty, at none."""
    if request.method != "POST":
        return HttpResponseRedirect(PAGE)
    who, now = viewer(request), timezone.now()
    form = LineForm(request.POST)
    if not form.is_valid():
        return _page(request, form, status=422)
    said = form.cleaned_data["line"]
    try:
        with found():
            if said:
                moved = actions_lines.sit_at(said, viewer=who, now=now)
                more = ". A colleague sat there until now: theirs ring nowhere" if moved else ""
                messages.success(request, f"Calls that ring there are shown to you{more}")
            else:
                actions_lines.leave(viewer=who, now=now)
                messages.success(request, "No telephone rings for you")
    except NotALine as error:
        refuse(form, error)
        return _page(request, form, status=422)
    return go(PAGE)


@requires(Permission.HANDLE_CONTACTS)
def open_call(request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
    """On to the contact of a call of mine, perhaps with whom I take them for."""
    if request.method != "POST":
        return HttpResponseRedirect(PAGE)
    with found():
        contact = acts.open_ring(public_id=public_id, viewer=viewer(request), now=timezone.now())
    return go(f"/desk/contact/{contact}/", caller=request.POST.get("person", "")[:40])


@requires(Permission.HANDLE_CONTACTS)
def put_away(request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
    """The notice of a call goes; its contact stays."""
    if request.method != "POST":
        return HttpResponseRedirect(PAGE)
    with found():
        actions_lines.put_away(public_id=public_id, viewer=viewer(request), now=timezone.now())
    return go(PAGE)
