"""Bodies outside the partnership: who they are, and what citizens are told about them."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from accounts import outside
from accounts.decorators import requires, viewer
from accounts.permissions import Permission
from desk.answers import carried_out, go
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


@requires(Permission.ADMINISTER)
def change(request: HttpRequest, slug: str) -> HttpResponse:
    """One of them, to be changed."""
    who = viewer(request)
    try:
        body = outside.body(slug)
    except outside.NoSuchBody as error:
        raise Http404 from error
    shown = {
        name: getattr(body, name)
        for name in ("name", "kind", "phone", "url", "hand_off", "is_active")
    }
    form = OutsideChangeForm(request.POST or None, initial=shown)
    if request.method == "POST" and carried_out(
        form,
        lambda data, now: outside.change(
            slug, **form.said, is_active=data["is_active"], actor=who.actor, now=now
        ),
        about=f"outside:{slug}",
    ):
        messages.success(request, f"{form.cleaned_data['name']} is changed")
        return go(ROOT)
    context = {"nav_here": "settings", "form": form, "body": body}
    return render(request, "desk/outside_change.html", context)
