"""What callers are asked before we say what we know: for everybody, sensitive services, or one."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils import timezone

import inbox.queries_checks
import kb.queries
from accounts.decorators import requires, viewer
from accounts.permissions import Permission
from desk import choices
from desk.answers import carried_out, go
from desk.forms_security import QuestionsForm
from desk.veil import scope_words
from inbox import actions_checks
from inbox.questions import DEFAULT, EVERYBODY, SENSITIVE, WORDS, of_service, service_of

HOME = "/desk/settings/security-questions/"


def _scope(slug: str) -> str:
    """The scope that an address names. Raises Http404."""
    if slug in (EVERYBODY, SENSITIVE):
        return slug
    if kb.queries.service(slug) is None:
        raise Http404
    return of_service(slug)


@requires(Permission.ADMINISTER)
def overview(request: HttpRequest) -> HttpResponse:
    """What is asked where."""
    chosen = request.GET.get("service", "")
    if chosen and kb.queries.service(chosen) is not None:
        return HttpResponseRedirect(f"{HOME}{chosen}/")
    sets = {one.scope: one for one in inbox.queries_checks.sets()}
    sets.setdefault(EVERYBODY, DEFAULT)
    order = sorted(sets, key=lambda scope: (scope != EVERYBODY, scope != SENSITIVE, scope))
    rows = [
        {
            "slug": service_of(scope) or scope,
            "name": scope_words(scope),
            "asked": [WORDS[one] for one in sets[scope].questions],
            "needed": sets[scope].needed,
        }
        for scope in order
    ]
    context = {
        "nav_here": "settings",
        "rows": rows,
        "has_sensitive": SENSITIVE in sets,
        "services": [one for one in choices.services() if of_service(str(one[0])) not in sets],
    }
    return render(request, "desk/security_questions.html", context)


@requires(Permission.ADMINISTER)
def one(request: HttpRequest, slug: str) -> HttpResponse:
    """The questions of one scope."""
    who, scope = viewer(request), _scope(slug)
    known = inbox.queries_checks.by_scope(scope)
    start = known or inbox.queries_checks.for_service()
    version = inbox.queries_checks.version(scope)
    initial = {
        "questions": [one.value for one in start.questions],
        "needed": start.needed,
        "version": version,
    }
    form = QuestionsForm(request.POST or None, initial=initial)

    def work(data: Mapping[str, Any], now: datetime) -> None:
        actions_checks.choose(
            scope=scope,
            questions=data["questions"],
            needed=data["needed"],
            version=data["version"],
            viewer=who,
            now=now,
        )

    if request.method == "POST" and carried_out(form, work, about=f"security:{scope}"):
        messages.success(request, f"Saved for {scope_words(scope)}. It holds from now on")
        return go(HOME)
    context = {
        "nav_here": "settings",
        "form": form,
        "name": scope_words(scope),
        "slug": slug,
        "may_remove": version > 0 and scope != EVERYBODY,
    }
    return render(request, "desk/security_questions_one.html", context)


@requires(Permission.ADMINISTER)
def remove(request: HttpRequest, slug: str) -> HttpResponse:
    """A scope has no questions of its own any more: the wider ones hold."""
    scope = _scope(slug)
    if request.method != "POST":
        return HttpResponseRedirect(f"{HOME}{slug}/")
    actions_checks.remove(scope=scope, viewer=viewer(request), now=timezone.now())
    messages.success(request, f"{scope_words(scope)}: asked like everything else again")
    return go(HOME)
