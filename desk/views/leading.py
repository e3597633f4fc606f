"""Pages of who leads a team: the wall, colleagues, and giving work to somebody else."""

from __future__ import annotations

import uuid

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

import accounts.colleagues
from accounts.decorators import requires, viewer
from accounts.permissions import Permission, Viewer
from core.errors import DomainError
from desk import leading
from desk.answers import go, once_only
from desk.forms_leading import NOBODY, ReassignForm
from desk.tabs import Tab
from enquiries.actions import reassigning
from enquiries.queries import wallboard


def tabs(here: str) -> list[Tab]:
    """The pages of who leads a team."""
    pages = (
        ("wall", "How it stands", "/desk/team/"),
        ("quality", "Links, checked", "/desk/team/quality/"),
    )
    return [Tab(words, href, name == here) for name, words, href in pages]


@requires(Permission.LEAD_TEAM)
def wall(request: HttpRequest) -> HttpResponse:
    """What waits, what presses, how one stop stands, and what colleagues are in the middle of."""
    who, now = viewer(request), timezone.now()
    context = {
        "nav_here": "team",
        "live_topics": [],
        "tabs": tabs("wall"),
        "stats": leading.wall(who, now=now),
        "colleagues": leading.colleagues(who, now=now),
        "now": now,
    }
    return render(request, "desk/team/wall.html", context)


@requires(Permission.LEAD_TEAM)
def colleague(request: HttpRequest, key: uuid.UUID) -> HttpResponse:
    """What one colleague has in hand; some of it is given to somebody else."""
    who = viewer(request)
    whose = leading.colleague(key)
    if whose is None:
        raise Http404
    cases = wallboard.of_colleague(who, whose.pk)
    others = [one for one in accounts.colleagues.of_the_desk() if one.pk != whose.pk]
    form = ReassignForm(
        request.POST or None,
        cases=[(one.reference, one.reference) for one in cases],
        colleagues=[(str(one.pk), one.name) for one in others],
    )
    if request.method == "POST" and form.is_valid():
        _give(request, who, form, whose.pk)
        return go(f"/desk/team/{key}/")
    context = {
        "nav_here": "team",
        "whose": whose,
        "cases": cases,
        "form": form,
        "chosen": request.POST.getlist("cases"),
        "now": timezone.now(),
    }
    return render(request, "desk/team/colleague.html", context, status=422 if form.errors else 200)


def _give(request: HttpRequest, who: Viewer, form: ReassignForm, staff: int) -> None:
    """Each case by itself: what could not be given is named, the others are where they belong."""
    now, to = timezone.now(), form.cleaned_data["to"]
    given, refused = [], []
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
    name = dict(form.fields["to"].choices)[to]  # type: ignore[attr-defined]  # a choice field
    if given:
        messages.success(request, f"{len(given)} given: {', '.join(given)}. Now with {name}")
    for words in refused:
        messages.warning(request, words)
