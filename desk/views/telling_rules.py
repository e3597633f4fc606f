"""What is said another way when a message failed, and what is worth a letter: by body."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

import accounts.queries
from accounts.decorators import requires, viewer
from accounts.permissions import Permission
from desk.answers import carried_out, go
from desk.forms_telling import RulesForm
from enquiries.actions import telling_rules
from enquiries.queries import ways

HOME = "/desk/settings/messages/ways/"


@requires(Permission.ADMINISTER)
def rules(request: HttpRequest) -> HttpResponse:
    """The rules of the partnership, or of one body (`whose`), and the form that changes them."""
    who, whose = viewer(request), request.GET.get("whose", "")[:50]
    bodies = accounts.queries.organisations()
    body = next((one for one in bodies if one.slug == whose), None)
    if whose and body is None:
        raise Http404
    pk, here = (body.pk, f"{HOME}?whose={body.slug}") if body else (None, HOME)
    now_so = ways.worth(pk)
    form = RulesForm(
        request.POST if request.method == "POST" else None,
        initial={"again": sorted(now_so.again), "letter": sorted(now_so.letter)},
    )

    def work(data: Mapping[str, Any], now: datetime) -> None:
        if "take_over" in request.POST:
            telling_rules.take_over(viewer=who, organisation_id=pk, now=now)
        else:
            telling_rules.decide(
                viewer=who,
                organisation_id=pk,
                again=data["again"],
                letter=data["letter"],
                now=now,
            )

    if request.method == "POST" and carried_out(form, work, about=f"ways:{whose}"):
        messages.success(request, "The rules are kept. They hold for what is told from now on")
        return go(here)
    context = {
        "nav_here": "settings",
        "form": form,
        "bodies": bodies,
        "body": body,
        "is_own": now_so.is_own,
        "here": here,
    }
    return render(request, "desk/telling_rules.html", context)
