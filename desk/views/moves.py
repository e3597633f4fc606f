"""Changes of address that an organisation has to take over, and says that it has."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

import customers.actions_moves
from accounts.decorators import requires, viewer
from accounts.permissions import Permission
from core import audit
from desk.answers import carried_out, go, sent
from desk.forms import KeyedForm
from enquiries.actions.moving import PAGE
from enquiries.queries import moving


@requires(Permission.SEE_PEOPLE, Permission.ANSWER_REFERRALS)
def moves(request: HttpRequest) -> HttpResponse:
    """What is not acknowledged yet: of one's own organisation; at the hub, of all."""
    who = viewer(request)
    shown = moving.to_acknowledge(who)
    if shown:
        audit.record(
            "person.moves_listed",
            actor=who.actor,
            target="people",
            at=timezone.now(),
            data={"notices": [str(one.notice.public_id) for one in shown]},
        )
    context = {
        "nav_here": "people" if who.is_hub else "referrals",
        "moves": [(one, KeyedForm(auto_id=False)) for one in shown],
    }
    return render(request, "desk/moves.html", context)


@requires(Permission.SEE_PEOPLE, Permission.ANSWER_REFERRALS)
@sent
def acknowledge(request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
    """It is changed where the organisation keeps it."""
    who, form = viewer(request), KeyedForm(request.POST)

    def work(data: Mapping[str, Any], now: datetime) -> None:
        customers.actions_moves.acknowledge(viewer=who, notice=public_id, now=now)

    if carried_out(form, work, about=f"move:{public_id}"):
        messages.success(request, "Thank you: the hub knows that you have it")
    return go(PAGE)
