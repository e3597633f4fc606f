"""The next best case, taken by one press; and which cases somebody watches."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from contextlib import ExitStack

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from accounts.decorators import requires, viewer
from accounts.permissions import Permission
from core.errors import DomainError
from desk import addresses, undone
from desk.answers import found, go, sent
from enquiries.actions import next_best, watching
from enquiries.queries.access import canonical
from enquiries.queries.queue_names import names
from teamwork import actions_undo, queries_skills
from teamwork.scopes import Asked

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
    now, known, left = timezone.now(), names(), None
    try:
        with transaction.atomic(), ExitStack() as until_done:
            acts: list[actions_undo.Act] = []

            def ahead(reference: str) -> None:
                words, page = f"{reference} is yours", "/desk/"
                one = actions_undo.cases(who, reference, words=words, about=page, now=now)
                acts.append(until_done.enter_context(one))

            taken = next_best.take_next(
                viewer=who,
                fit=queries_skills.fit(who, known),
                known=known,
                most=queries_skills.capacity(who.id),
                opened=request.POST.getlist("open")[:_MOST_OPEN],
                key=str(key),
                now=now,
                ahead=ahead,
            )
        left = acts[0].left if acts else None
    except DomainError as error:
        messages.warning(request, error.message)
        return go("/desk/")
    undone.said(request, f"{taken.reference} is yours: {taken.why}", left)
    return go(f"/desk/cases/{taken.reference}/", view="mine")


@requires(Permission.SEE_QUEUE)
@sent
def watch(request: HttpRequest, reference: str) -> HttpResponse:
    """The viewer watches a case from now on."""
    return _watched(request, reference, "You watch {}", watching.watch)


@requires(Permission.SEE_QUEUE)
@sent
def unwatch(request: HttpRequest, reference: str) -> HttpResponse:
    """And no more."""
    return _watched(request, reference, "You watch {} no more", watching.unwatch)


def _watched(
    request: HttpRequest, reference: str, said: str, work: Callable[..., None]
) -> HttpResponse:
    who, now = viewer(request), timezone.now()
    with found():
        name = canonical(reference)
        words, page = said.format(name), _back(request, name)["Location"]
        with actions_undo.rows(who, Asked("watch", name), words=words, about=page, now=now) as undo:
            work(reference=name, viewer=who, now=now)
    undone.said(request, words, undo.left)
    return _back(request, name)


def _back(request: HttpRequest, reference: str) -> HttpResponse:
    """To the list or to the case, from wherever the button stands."""
    query = addresses.query_of(request)
    if query.pop("from", "") == "queue":
        return go("/desk/", **query)
    return go(f"/desk/cases/{canonical(reference)}/", **query)
