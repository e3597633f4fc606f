"""The same act on many cases: choose, look at what would happen, do it, read what came of it."""

from __future__ import annotations

import uuid

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from accounts.decorators import requires, viewer
from accounts.permissions import Permission, Viewer
from core import references
from core.errors import DomainError
from desk import drawing, queue_bulk, queue_filter, undone
from desk.answers import go, refuse, sent
from desk.forms import KeyedForm
from desk.queue_bulk import BulkAct, counted
from desk.views.people import looked_at
from enquiries.queries import queue as reading
from enquiries.queries.queue_names import names
from teamwork import actions_together, queries_together

NOTHING = "Choose at least one case first"
PARTS = {"together": "desk/queue_together_part.html"}


def _chosen(request: HttpRequest, who: Viewer) -> list[str]:
    """The references that were ticked; or all of the list, up to as many as go together."""
    if request.POST.get("all") == "on":
        known = names()
        asked = queue_filter.asked(queue_filter.query_of(request), known)
        most = actions_together.MOST
        return reading.references(who, asked.filters, now=timezone.now(), known=known, most=most)
    found: dict[str, None] = {}
    for text in request.POST.getlist("chosen")[: actions_together.MOST + 1]:
        try:
            found[references.parse(text)] = None
        except references.BadReference:
            continue
    return list(found)


@requires(Permission.TRIAGE, Permission.RESOLVE)
@sent
def start(request: HttpRequest) -> HttpResponse:
    """What was chosen in the list, and what the act needs to know."""
    who = viewer(request)
    act = queue_bulk.bulk_act(who, request.POST.get("do", ""))
    if act is None:
        raise Http404
    chosen = _chosen(request, who)
    if not chosen:
        messages.warning(request, NOTHING)
        return go("/desk/", **queue_filter.query_of(request))
    return _ask(request, act, queue_bulk.bulk_form(act, who), chosen)


def _ask(request: HttpRequest, act: BulkAct, form: KeyedForm, chosen: list[str]) -> HttpResponse:
    context = {
        "nav_here": "queue",
        "act": act,
        "form": form,
        "chosen": chosen,
        "title": act.title.format(counted(len(chosen))),
        "query": request.META.get("QUERY_STRING", ""),
    }
    status = 422 if form.errors else 200
    return render(request, "desk/queue_together_form.html", context, status=status)


@requires(Permission.TRIAGE, Permission.RESOLVE)
@sent
def look(request: HttpRequest, act: str) -> HttpResponse:
    """Keeps what was chosen, and finds out what would happen to each."""
    who = viewer(request)
    known = queue_bulk.bulk_act(who, act)
    if known is None:
        raise Http404
    chosen = _chosen(request, who)
    form = queue_bulk.bulk_form(known, who, request.POST)
    if form.is_valid():
        try:
            actions_together.choose(
                viewer=who,
                key=form.cleaned_data["key"],
                act=known.name,
                references=chosen,
                data=queue_bulk.data_of(form),
                query=str(request.META.get("QUERY_STRING", "")),
                now=timezone.now(),
            )
        except DomainError as error:
            refuse(form, error)
        else:
            return go(f"/desk/together/{form.cleaned_data['key']}/")
    return _ask(request, known, form, chosen)


@requires(Permission.TRIAGE, Permission.RESOLVE)
def one(request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
    """What would happen, how far it has come, what came of it."""
    who = viewer(request)
    shown = queries_together.one(who, public_id)
    act = queue_bulk.bulk_act(who, shown.act) if shown else None
    if shown is None or act is None:
        raise Http404
    left = shown.total - shown.left_out
    reads = queries_together.first_read(who, shown, now=timezone.now())
    if reads is not None and reads.person is not None:
        looked_at(who, reads.person, reference=reads.reference)
    context = {
        "nav_here": "queue",
        "act": act,
        "shown": shown,
        "cannot": [item for item in shown.items if item.words],
        "can": [item for item in shown.items if not item.words],
        "title": act.title.format(counted(shown.total)),
        "button": act.button.format(counted(shown.can)),
        "past": shown.done + shown.refused,
        "of": left,
        "here": request.path,
        "reads": reads,
        "way": undone.way(shown.public_id, shown.back_until),
    }
    return drawing.drawn(request, "desk/queue_together.html", context, PARTS)


@requires(Permission.TRIAGE, Permission.RESOLVE)
@sent
def act(request: HttpRequest, public_id: uuid.UUID, act: str) -> HttpResponse:
    """Begins, stops, goes on, takes all of it back."""
    who, now = viewer(request), timezone.now()
    try:
        if act == "begin":
            actions_together.begin(viewer=who, public_id=public_id, now=now)
        elif act == "stop":
            actions_together.stop(viewer=who, public_id=public_id, now=now)
        elif act == "back":
            actions_together.take_back(viewer=who, public_id=public_id, now=now)
        else:
            raise Http404
    except actions_together.NoSuchTogether as error:
        raise Http404 from error
    except DomainError as error:
        messages.warning(request, error.message)
    return go(f"/desk/together/{public_id}/")
