"""Citizens, for who may see them. Each look is written down."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

import customers.queries
from accounts.decorators import requires, viewer
from accounts.permissions import Permission, Viewer
from core import audit
from desk.answers import carried_out, found, go, sent
from desk.forms_acts import VulnerableForm
from enquiries.actions import recounts
from enquiries.queries import contacts


def looked_at(who: Viewer, person: uuid.UUID, **through: str) -> None:
    """Writes down that somebody saw a person, and through what."""
    audit.record(
        "person.viewed",
        actor=who.actor,
        target=f"person:{person}",
        at=timezone.now(),
        data={**through},
    )


def looked_at_sensitive(who: Viewer, *references: str) -> None:
    """Writes down that somebody read what was said about a sensitive service."""
    for reference in references:
        audit.record(
            "sensitive.viewed",
            actor=who.actor,
            target=f"enquiry:{reference}",
            at=timezone.now(),
        )


@requires(Permission.SEE_PEOPLE)
def people(request: HttpRequest) -> HttpResponse:
    """Finds people by telephone, e-mail, postcode or part of a name."""
    who, text = viewer(request), request.GET.get("q", "").strip()[:200]
    found_people = customers.queries.search(who, text, limit=25)
    if found_people:
        # The list shows how to reach them: that is a look at each.
        audit.record(
            "person.listed",
            actor=who.actor,
            target="people",
            at=timezone.now(),
            data={"people": [str(one.public_id) for one in found_people]},
        )
    context = {
        "nav_here": "people",
        "q": text,
        "too_short": 0 < len(text) < 3,
        "people": found_people,
    }
    return render(request, "desk/people.html", context)


@requires(Permission.SEE_PEOPLE)
def person(request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
    """One person, and what they asked before."""
    return _show(request, public_id, VulnerableForm())


@requires(Permission.SEE_PEOPLE)
@sent
def mark(request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
    """Marks somebody as vulnerable, or takes the mark away. Their open times are counted again."""
    who = viewer(request)
    with found():
        shown = customers.queries.person(who, public_id)
    form = VulnerableForm(request.POST)

    def work(data: Mapping[str, Any], now: datetime) -> None:
        recounts.set_vulnerable(
            person_id=shown.id,
            viewer=who,
            is_vulnerable=not shown.is_vulnerable,
            why=data["words"],
            now=now,
        )

    if not carried_out(form, work, about=f"person:{public_id}"):
        return _show(request, public_id, form)
    messages.success(
        request, "The mark is taken away" if shown.is_vulnerable else "Marked as vulnerable"
    )
    return go(f"/desk/people/{public_id}/")


def _show(request: HttpRequest, public_id: uuid.UUID, form: VulnerableForm) -> HttpResponse:
    who = viewer(request)
    with found():
        shown = customers.queries.person(who, public_id)
    looked_at(who, public_id)
    context = {
        "nav_here": "people",
        "person": shown,
        "form": form,
        "earlier": contacts.earlier(who, shown.id, limit=50),
    }
    return render(request, "desk/person.html", context)
