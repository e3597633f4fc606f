"""Macros: those who lead write them; on a case they are looked through first, then done."""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from accounts.decorators import requires, viewer
from accounts.permissions import Permission, Viewer
from core.errors import DomainError
from desk import addresses, undone
from desk.answers import carried_out, found, go, sent
from desk.forms_recipes import PLACES, MacroForm, RunForm, filled
from desk.views.people import looked_at
from enquiries.queries import access
from teamwork import actions_macros, actions_undo, macro_run, queries_macros, recipe_words
from teamwork.queries_macros import NoSuchMacro
from teamwork.recipes import Refused
from teamwork.scopes import Asked

ROOT = "/desk/macros/"


@contextmanager
def _known() -> Iterator[None]:
    """Another team's reads as not there."""
    try:
        yield
    except NoSuchMacro as error:
        raise Http404 from error


@contextmanager
def _beside() -> Iterator[None]:
    """A form has its own hidden key, so that of a macro stands in another field."""
    try:
        yield
    except Refused as error:
        error.field = "shortcut" if error.field == "key" else error.field
        raise


@requires(Permission.WRITE_RULES)
def overview(request: HttpRequest) -> HttpResponse:
    """The macros that the viewer may change, in their order, each in a sentence."""
    who, known = viewer(request), queries_macros.known()
    rows = [
        (one, [recipe_words.act(act, known) for act in queries_macros.acts_of(one)])
        for one in queries_macros.written(who)
    ]
    context = {"nav_here": "rules", "rows": rows, "leads": bool(queries_macros.teams_of(who))}
    return render(request, "desk/macros/overview.html", context)


@requires(Permission.WRITE_RULES)
def new(request: HttpRequest) -> HttpResponse:
    """A form for one more."""
    return _write(request, None)


@requires(Permission.WRITE_RULES)
def one(request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
    """One of them, to be changed."""
    return _write(request, public_id)


def _write(request: HttpRequest, public_id: uuid.UUID | None) -> HttpResponse:
    who, initial, macro = viewer(request), dict[str, Any](), None
    if public_id is not None:
        with _known():
            macro = queries_macros.one(who, public_id)
        if not queries_macros.may_change(who, macro.team_id):
            raise Http404
        initial = {
            "name": macro.name, "team": str(macro.team_id or ""), "shortcut": macro.key,
            "seen": macro.version, **filled(queries_macros.acts_of(macro)),
        }  # fmt: skip
    teams = queries_macros.teams_of(who)
    if not teams:
        return go(ROOT)
    form = MacroForm(
        request.POST or None, initial=initial, known=queries_macros.known(), teams=teams
    )

    def work(data: Mapping[str, Any], now: datetime) -> None:
        with _known(), _beside():
            actions_macros.write(
                viewer=who, public_id=public_id, seen=data["seen"] or 0,
                team_id=int(data["team"]) if data["team"] else None, name=data["name"],
                key=data["shortcut"], acts=form.acts(), now=now,
            )  # fmt: skip

    if request.method == "POST" and carried_out(form, work, about=f"macro:{public_id or 'new'}"):
        messages.success(request, f"“{form.cleaned_data['name']}” can be used now")
        return go(ROOT)
    context = {"nav_here": "rules", "form": form, "macro": macro, "places": PLACES}
    status = 422 if form.is_bound else 200
    return render(request, "desk/macros/one.html", context, status=status)


@requires(Permission.WRITE_RULES)
@sent
def act(request: HttpRequest, public_id: uuid.UUID, act: str) -> HttpResponse:
    """One place up or down, or away."""
    who, now = viewer(request), timezone.now()
    with _known():
        if act == "end":
            name = actions_macros.end(viewer=who, public_id=public_id, now=now)
            messages.success(request, f"“{name}” is gone")
        elif act in ("up", "down"):
            actions_macros.move(viewer=who, public_id=public_id, up=act == "up", now=now)
        else:
            raise Http404
    return go(ROOT)


# -- On a case -----------------------------------------------------------------------------------


def _reference(who: Viewer, reference: str) -> str:
    with found():
        name = access.canonical(reference)
        access.desk_id(who, name)
    return name


@requires(Permission.TRIAGE, Permission.REFER, Permission.RESOLVE)
def choose(request: HttpRequest, reference: str) -> HttpResponse:
    """The macros that the viewer may use on a case, each under its key; `?key=` goes on to one."""
    who = viewer(request)
    name, macros, query = _reference(who, reference), queries_macros.usable(who), {}
    if key := request.GET.get("key", "")[:1].lower():
        query = addresses.query_of(request)
        one = next((one for one in macros if one.key == key), None)
        if one is not None:
            return go(f"/desk/cases/{name}/macros/{one.public_id}/", **query)
    context = {
        "nav_here": "queue",
        "reference": name,
        "macros": macros,
        "missed": key,
        "may_write": who.may(Permission.WRITE_RULES),
        "context": addresses.query_of(request),
    }
    return render(request, "desk/macros/choose.html", context)


@requires(Permission.TRIAGE, Permission.REFER, Permission.RESOLVE)
def run(request: HttpRequest, reference: str, public_id: uuid.UUID) -> HttpResponse:
    """What a macro would do to this case, exactly; sent, it is done: all of it, or as was shown."""
    who, now = viewer(request), timezone.now()
    name = _reference(who, reference)
    with _known():
        macro = queries_macros.one(who, public_id)
    form = RunForm(request.POST or None)

    words, left = f"{name}: “{macro.name}” is done", None

    def work(data: Mapping[str, Any], now: datetime) -> None:
        nonlocal left
        without = frozenset(filter(None, data["leaving"].split(",")))
        page, beside = f"/desk/cases/{name}/", (Asked("watch", name), Asked("tasks", name))
        with actions_undo.cases(who, name, words=words, about=page, now=now, beside=beside) as undo:
            macro_run.run(
                viewer=who, reference=name, macro=macro, now=now, leaving=without,
                version=data["version"],
            )  # fmt: skip
        left = undo.left

    if request.method == "POST" and carried_out(form, work, about=f"macro:{name}"):
        undone.said(request, words, left)
        return go(f"/desk/cases/{name}/", **addresses.query_of(request))
    shown, why = None, ""
    try:
        with found():
            shown = macro_run.preview(viewer=who, reference=name, macro=macro, now=now)
        if shown.person is not None and who.may(Permission.SEE_PEOPLE):
            looked_at(who, shown.person, reference=name)
    except DomainError as error:
        why = error.message
    leaving = ",".join(step.kind for step in shown.steps if step.why) if shown else ""
    fresh = RunForm(initial={"version": macro.version, "leaving": leaving})
    context = {
        "nav_here": "queue", "reference": name, "macro": macro, "shown": shown, "why": why,
        "form": form if form.errors else fresh, "fresh": fresh,
        "context": addresses.query_of(request),
    }  # fmt: skip
    status = 422 if form.is_bound else 200
    return render(request, "desk/macros/run.html", context, status=status)
