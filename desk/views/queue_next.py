"""The next best case, taken by one press; and which cases somebody watches."""

from __future__ import annotations

import uuid

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from accounts.decorators import requires, viewer
from accounts.permissions import Permission
from core.errors import DomainError
from desk import addresses
from desk.answers import found, go, sent
from enquiries.actions import next_best, watching
from enquiries.queries.access import canonical
from enquiries.queries.queue_names import names
from teamwork import queries_skills

# As many as an agent's page may say that somebody has open.
_MOST_OPEN = 100


@requires(Permission.TRIAGE)
@sent
def take(request: HttpRequest) -> HttpResponse:
    """Takes it, and opens it. Twenty who press at once get twenty cases."""
    who = viewer(request)
    try:
        key = uuid.UUID(request.POST.get("key", ""))
    except ValueError:
        key = uuid.uuid4()
    try:
        taken = next_best.take_next(
            viewer=who,
            fit=queries_skills.fit(who, names()),
            most=queries_skills.capacity(who.id),
            opened=request.POST.getlist("open")[:_MOST_OPEN],
            key=str(key),
            now=timezone.now(),
        )
    except DomainError as error:
        messages.warning(request, error.message)
        return go("/desk/")
    messages.success(request, f"{taken.reference} is yours: {taken.why}")
    return go(f"/desk/cases/{taken.reference}/", view="mine")


@requires(Permission.SEE_QUEUE)
@sent
def watch(request: HttpRequest, reference: str) -> HttpResponse:
    """The viewer watches a case from now on."""
    who = viewer(request)
    with found():
        watching.watch(reference=reference, viewer=who, now=timezone.now())
        messages.success(request, f"You watch {canonical(reference)}")
    return _back(request, reference)


@requires(Permission.SEE_QUEUE)
@sent
def unwatch(request: HttpRequest, reference: str) -> HttpResponse:
    """And no more."""
    who = viewer(request)
    with found():
        watching.unwatch(reference=reference, viewer=who)
        messages.success(request, f"You watch {canonical(reference)} no more")
    return _back(request, reference)


def _back(request: HttpRequest, reference: str) -> HttpResponse:
    """To the list or to the case, from wherever the button stands."""
    query = addresses.query_of(request)
    if query.pop("from", "") == "queue":
        return go("/desk/", **query)
    return go(f"/desk/cases/{canonical(reference)}/", **query)
