"""Citizens, for who may see them. Each look is written down."""

from __future__ import annotations

import uuid

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

import customers.queries
from accounts.decorators import requires, viewer
from accounts.permissions import Permission, Viewer
from core import audit
from desk.answers import found
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
    who = viewer(request)
    with found():
        shown = customers.queries.person(who, public_id)
    looked_at(who, public_id)
    context = {
        "nav_here": "people",
        "person": shown,
        "earlier": contacts.earlier(who, shown.id, limit=50),
    }
    return render(request, "desk/person.html", context)
