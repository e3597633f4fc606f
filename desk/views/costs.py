"""What a contact costs, as each organisation enters it: listed, entered, mended."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

import metrics.queries_beside
from accounts.decorators import requires, viewer
from accounts.permissions import Permission
from desk import choices, performance_words
from desk.answers import carried_out, go
from desk.forms_costs import CostForm
from metrics import actions_costs

HOME = "/desk/performance/costs/"
HEAD = (
    {"text": "Organisation"},
    {"text": "Channel"},
    {"text": "From"},
    {"text": "A contact costs", "numeric": True},
    {"text": "Entered by"},
)


@requires(Permission.ENTER_COSTS)
def costs(request: HttpRequest) -> HttpResponse:
    """Every cost that was entered, the newest of each first, and a form for one more."""
    who = viewer(request)
    names = dict(choices.organisations())
    mine = names if who.is_hub else {who.organisation_slug: who.organisation_name}
    form = CostForm(
        request.POST or None,
        organisations=list(mine.items()),
        initial={"since": timezone.localdate()},
    )

    def enter(data: Mapping[str, Any], now: datetime) -> None:
        actions_costs.enter(
            organisation=data["organisation"],
            channel=data["channel"],
            pounds=data["pounds"],
            since=data["since"],
            viewer=who,
            now=now,
        )

    if request.method == "POST":
        if carried_out(form, enter, about="unit_cost"):
            messages.success(request, "The cost is saved. It holds for contacts from that day on")
            return go(HOME)
        form.renew()
    rows = [
        [
            {"text": names.get(one.organisation, one.organisation)},
            {"text": performance_words.channel(one.channel)},
            {"text": f"{one.since.day} {one.since:%b %Y}"},
            {"text": f"£{one.pounds:,.2f}", "numeric": True},
            {"text": one.entered_by},
        ]
        for one in metrics.queries_beside.costs(who)
    ]
    context = {"nav_here": "performance", "form": form, "head": HEAD, "rows": rows, "home": HOME}
    return render(request, "desk/performance/costs.html", context)
