"""Bodies outside the partnership: who they are, and what citizens are told about them."""

from __future__ import annotations

from datetime import datetime

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from accounts import outside
from accounts.decorators import requires, viewer
from accounts.permissions import Permission
from core.audit import Actor
from desk.answers import carried_out, go
from desk.forms_routing import kept
from desk.forms_versions import OutsideChangeForm, OutsideForm

ROOT = "/desk/settings/outside/"
KINDS = dict(outside.KINDS)


@requires(Permission.ADMINISTER)
def overview(request: HttpRequest) -> HttpResponse:
    """All of them, and a form for one more."""
    who = viewer(request)
    form = OutsideForm(request.POST or None)
    if request.method == "POST" and carried_out(
        form,
        lambda _, now: outside.add(**form.said, actor=who.actor, now=now),
        about="outside:add",
    ):
        messages.success(request, f"{form.cleaned_data['name']} can be named by rules now")
        return go(ROOT)
    context = {
        "nav_here": "settings",
        "form": form,
        "bodies": [(body, KINDS.get(body.kind, "")) for body in outside.bodies(ended=True)],
    }
    return render(request, "desk/outside.html", context)


def _change(
    slug: str,
    form: OutsideChangeForm,
    is_active: bool,
    actor: Actor,
    now: datetime,
    theirs: list[outside.BodyChanged],
) -> None:
    try:
        outside.change(
            slug,
            **form.said,
            is_active=is_active,
            seen=form.cleaned_data["seen"],
            actor=actor,
            now=now,
        )
    except outside.BodyChanged as clash:
        theirs.append(clash)
        raise


@requires(Permission.ADMINISTER)
def change(request: HttpRequest, slug: str) -> HttpResponse:
    """One of them, to be changed."""
    who = viewer(request)
    try:
        body = outside.body(slug)
    except outside.NoSuchBody as error:
        raise Http404 from error
    parts = ("name", "kind", "phone", "url", "hand_off", "is_active")
    shown = {name: getattr(body, name) for name in parts} | {"seen": outside.mark(body)}
    form = OutsideChangeForm(request.POST or None, initial=shown)
    theirs: list[outside.BodyChanged] = []
    if request.method == "POST" and carried_out(
        form,
        lambda data, now: _change(slug, form, data["is_active"], who.actor, now, theirs),
        about=f"outside:{slug}",
    ):
        messages.success(request, f"{form.cleaned_data['name']} is changed")
        return go(ROOT)
    if theirs:
        form.data = kept(form.data, seen=outside.mark(theirs[0].current))
    context = {
        "nav_here": "settings",
        "form": form,
        "body": body,
        "theirs": theirs[0].current if theirs else None,
    }
    return render(request, "desk/outside_change.html", context)
