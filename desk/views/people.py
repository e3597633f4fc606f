"""Citizens, for who may see them. Each look is written down."""

from __future__ import annotations

import uuid

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

import customers.queries
from accounts.decorators import requires, viewer
from accounts.permissions import Permission
from core import audit
from desk.answers import found
from enquiries.queries import contacts


@requires(Permission.SEE_PEOPLE)
def people(request: HttpRequest) -> HttpResponse:
    """Finds people by telephone, e-mail, postcode or part of a name."""
    text = request.GET.get("q", "").strip()[:200]
    context = {
        "nav_here": "people",
        "q": text,
        "too_short": 0 < len(text) < 3,
        "people": customers.queries.search(viewer(request), text, limit=25),
    }
    return render(request, "desk/people.html", context)


@requires(Permission.SEE_PEOPLE)
def person(request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
    """One person, and what they asked before."""
    who = viewer(request)
    with found():
        shown = customers.queries.person(who, public_id)
    audit.record("person.viewed", actor=who.actor, target=f"person:{public_id}", at=timezone.now())
    context = {
        "nav_here": "people",
        "person": shown,
        "earlier": contacts.earlier(who, shown.id, limit=50),
    }
    return render(request, "desk/person.html", context)
