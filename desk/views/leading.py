"""Pages of who leads a team: the wall, colleagues, and giving work to somebody else."""

from __future__ import annotations

import uuid
from datetime import datetime
from functools import partial

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from accounts.colleagues import Colleague
from accounts.decorators import requires, viewer
from accounts.permissions import Permission, Viewer
from core.errors import DomainError
from desk import leading, undone
from desk.answers import go, once_only
from desk.drawing import drawn
from desk.forms_leading import NOBODY, ReassignForm
from desk.tabs import Tab
from enquiries.actions import reassigning
from enquiries.queries import wallboard
from teamwork import actions_undo

PARTS = {
    "wall-stats": "desk/team/wall_stats.html",
    "wall-people": "desk/team/wall_people.html",
}


def tabs(here: str) -> list[Tab]:
    """The pages of who leads a team."""
    pages = (
        ("wall", "How it stands", "/desk/team/"),
        ("quality", "Links, checked", "/desk/team/quality/"),
        ("walls", "Wall screens", "/desk/team/walls/"),
    )
    return [Tab(words, href, name == here) for name, words, href in pages]


def own_tabs(here: str, key: uuid.UUID) -> list[Tab]:
    """The pages of one colleague."""
    pages = (("cases", "In hand", ""), ("skills", "What they can do", "skills/"))
    return [Tab(words, f"/desk/team/{key}/{path}", name == here) for name, words, path in pages]


def whose_key(key: uuid.UUID) -> Colleague:
    """Whose pages these are, of those at the desk today. Raises Http404."""
    whose = leading.colleague(key)
    if whose is None:
        raise Http404
    return whose


@requires(Permission.LEAD_TEAM)
def wall(request: HttpRequest) -> HttpResponse:
    """What waits, what presses, how one stop stands, and what colleagues are in the middle of."""
    who, now = viewer(request), timezone.now()
    context = {
        "nav_here": "team",
        "live_topics": ["team", "queue"],
        "tabs": tabs("wall"),
        # A part asks only for what it shows.
        "stats": partial(leading.wall, who, now=now),
        "colleagues": partial(leading.colleagues, who, now=now),
        "here": "/desk/team/",
        "now": now,
    }
    return drawn(request, "desk/team/wall.html", context, PARTS)


@requires(Permission.LEAD_TEAM)
def screen(request: HttpRequest) -> HttpResponse:
    """The figures alone, to be read across a room: no name stands on a wall."""
    who, now = viewer(request), timezone.now()
    context = {
        "nav_here": "team",
        "live_topics": ["team", "queue"],
        "stats": partial(leading.wall, who, now=now),
        "here": "/desk/team/screen/",
        "now": now,
    }
    return drawn(request, "desk/team/screen.html", context, PARTS)


@requires(Permission.LEAD_TEAM)
def colleague(request: HttpRequest, key: uuid.UUID) -> HttpResponse:
    """What one colleague has in hand; some of it is given to somebody else."""
    who = viewer(request)
    whose = whose_key(key)
    cases = wallboard.of_colleague(who, whose.pk)
    form = ReassignForm(
        request.POST or None,
        cases=[(one.reference, one.reference) for one in cases],
        colleagues=leading.to_whom(who, whose.pk, now=timezone.now()),
    )
    if request.method == "POST" and form.is_valid():
        _give(request, who, form, whose.pk)
        return go(f"/desk/team/{key}/")
    context = {
        "nav_here": "team",
        "tabs": own_tabs("cases", key),
        "whose": whose,
        "live_topics": ["queue"],
        "cases": cases,
        "form": form,
        "chosen": request.POST.getlist("cases"),
        "now": timezone.now(),
    }
    return render(request, "desk/team/colleague.html", context, status=422 if form.errors else 200)


def _give(request: HttpRequest, who: Viewer, form: ReassignForm, staff: int) -> None:
    """All that could be given, to be taken back together; what could not is named."""
    now, to = timezone.now(), form.cleaned_data["to"]
    given, refused = list[str](), list[str]()
    name = dict(form.fields["to"].choices)[to]  # type: ignore[attr-defined]  # a choice field
    chosen, page = form.cleaned_data["cases"], request.path
    with actions_undo.cases(who, *chosen, words="Given", about=page, now=now) as undo:
        _each_given(form, who, staff, given, refused, now)
        undo.words = f"{', '.join(given)}: now with {name}"
    if given:
        words = f"{len(given)} given: {', '.join(given)}. Now with {name}"
        undone.said(request, words, undo.left)
    for words in refused:
        messages.warning(request, words)


def _each_given(
    form: ReassignForm,
    who: Viewer,
    staff: int,
    given: list[str],
    refused: list[str],
    now: datetime,
) -> None:
    """What could not be given is left, with why; the others are where they belong."""
    to = form.cleaned_data["to"]
    for reference in form.cleaned_data["cases"]:

        def give(reference: str = reference) -> None:
            target = None if to == NOBODY else int(to)
            if reassigning.give(reference=reference, viewer=who, to=target, was=staff, now=now):
                given.append(reference)
            else:
                refused.append(f"{reference}: somebody else has it by now")

        try:
            once_only(give, key=f"give:{reference}:{form.cleaned_data['key']}", now=now)
        except DomainError as error:
            refused.append(f"{reference}: {error.message}")
