"""The viewer's views of the queue: kept under a name, put into order, taken away."""

from __future__ import annotations

import uuid

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.http import urlencode

import accounts.queries
from accounts.decorators import requires, viewer
from accounts.permissions import Permission, Viewer
from core.errors import DomainError
from desk import queue_filter
from desk.answers import go, refuse, sent
from desk.forms_queue import SaveViewForm
from enquiries.queries.queue_names import names
from teamwork import actions_views, queries_views


def _teams(who: Viewer) -> list[tuple[str, str]]:
    rows = accounts.queries.teams(who.organisation_slug)
    return [(str(one.pk), f"Everybody in {one.name}") for one in rows if one.pk in who.team_ids]


def _kept(request: HttpRequest) -> dict[str, str]:
    """What a view keeps of an address: neither the place in the list nor words looked for."""
    query = queue_filter.query_of(request)
    known = {name: query[name] for name in ("view", *queue_filter.FIELDS) if name in query}
    known.pop("text", None)
    return known


@requires(Permission.SEE_QUEUE)
def views(request: HttpRequest) -> HttpResponse:
    """All of them, with what may be done to each."""
    who = viewer(request)
    context = {"nav_here": "queue", "views": queries_views.views(who)}
    return render(request, "desk/queue_views_all.html", context)


@requires(Permission.SEE_QUEUE)
def new(request: HttpRequest) -> HttpResponse:
    """Keeps the list of the address under a name."""
    who, query = viewer(request), _kept(request)
    form = SaveViewForm(request.POST or None, teams=_teams(who))
    if request.method == "POST" and form.is_valid():
        team = form.cleaned_data["team"]
        try:
            actions_views.save(
                viewer=who,
                key=form.cleaned_data["key"],
                name=form.cleaned_data["name"],
                query=urlencode(query),
                team_id=int(team) if team else None,
                now=timezone.now(),
            )
        except DomainError as error:
            refuse(form, error)
        else:
            messages.success(request, f"Kept as “{form.cleaned_data['name']}”")
            return go("/desk/", **query)
    asked = queue_filter.asked(query, names())
    context = {
        "nav_here": "queue",
        "form": form,
        "words": queue_filter.in_words(asked),
        "query": urlencode(query),
    }
    status = 422 if form.errors else 200
    return render(request, "desk/queue_views_new.html", context, status=status)


@requires(Permission.SEE_QUEUE)
@sent
def act(request: HttpRequest, public_id: uuid.UUID, act: str) -> HttpResponse:
    """Moves one forward, takes it away, or opens the queue with it."""
    who = viewer(request)
    try:
        if act == "remove":
            actions_views.forget(viewer=who, public_id=public_id)
            messages.success(request, "The view is gone")
        elif act == "earlier":
            actions_views.earlier(viewer=who, public_id=public_id)
        elif act == "open-with":
            actions_views.open_with(viewer=who, public_id=public_id)
            messages.success(request, "The queue opens with this view from now on")
        elif act == "as-usual":
            actions_views.open_with(viewer=who, public_id=None)
            messages.success(request, "The queue opens as it does for everybody")
        else:
            raise Http404
    except DomainError as error:
        messages.warning(request, error.message)
    return go("/desk/views/")
