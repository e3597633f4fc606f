"""Two rows that may be one person: found, compared, merged, told apart; and taken apart again."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

import customers.actions_people
import customers.queries
import customers.queries_likely
import customers.queries_merges
from accounts.decorators import requires, viewer
from accounts.permissions import Permission, Viewer
from customers.queries import PersonRow
from desk import looking
from desk.answers import carried_out, found, go, sent
from desk.forms import KeyedForm
from desk.forms_people import MergeForm, UnmergeForm
from desk.views.people import MOST, listed, looked_at, show_person
from enquiries.actions import merging
from enquiries.queries import contacts


@requires(Permission.SEE_PEOPLE)
def same(request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
    """Who may be the same person: those who are alike, and whoever is looked for."""
    who = viewer(request)
    if request.method == "POST":
        text = looking.sealed(who, request.POST.get("q", ""))
        return go(f"/desk/people/{public_id}/same/", q=text)
    with found():
        shown = customers.queries.person(who, public_id)
    text = looking.opened(who, request.GET.get("q", ""))
    likely = customers.queries_likely.of_person(who, shown)
    people = [one for one in looking.people(who, text, MOST) if one.id != shown.id]
    listed(who, [*(one.person for one in likely), *people])
    context = {
        "nav_here": "people",
        "person": shown,
        "likely": likely,
        "q": text,
        "too_short": looking.too_short(text),
        "people": people,
    }
    return render(request, "desk/person_same.html", context)


def _two(who: Viewer, one: uuid.UUID, other: uuid.UUID) -> tuple[PersonRow, PersonRow]:
    with found():
        return customers.queries_merges.two(who, one, other)


def _form(data: Any, kept: PersonRow, gone: PersonRow) -> MergeForm:
    names = ["" if row.is_nameless else row.name for row in (kept, gone)]
    places = [
        f"{row.address} {row.postcode}".strip() if row.address else "" for row in (kept, gone)
    ]
    return MergeForm(data, names=(names[0], names[1]), places=(places[0], places[1]))


@requires(Permission.SEE_PEOPLE)
def pair(request: HttpRequest, public_id: uuid.UUID, other: uuid.UUID) -> HttpResponse:
    """Two people side by side; sent, they are one."""
    who = viewer(request)
    if customers.queries_merges.now_of(who, other) == public_id:
        return go(f"/desk/people/{public_id}/")
    kept, gone = _two(who, public_id, other)
    form = _form(request.POST if request.method == "POST" else None, kept, gone)

    def work(data: Mapping[str, Any], now: datetime) -> None:
        merging.merge(
            viewer=who, kept=public_id, gone=other, take=form.take, why=data["words"], now=now
        )

    if request.method == "POST" and carried_out(form, work, about="merge"):
        messages.success(request, f"{gone.name} is one person with {kept.name} now")
        return go(f"/desk/people/{public_id}/")
    for row in (kept, gone):
        looked_at(who, row.public_id, comparing=str(public_id))
    context = {
        "nav_here": "people",
        "kept": kept,
        "gone": gone,
        "form": form,
        "asked": [(row, contacts.earlier(who, row.id, limit=5)) for row in (kept, gone)],
    }
    status = 422 if form.errors else 200
    return render(request, "desk/person_pair.html", context, status=status)


@requires(Permission.SEE_PEOPLE)
@sent
def apart(request: HttpRequest, public_id: uuid.UUID, other: uuid.UUID) -> HttpResponse:
    """They are two, however alike; nobody is asked again."""
    who, form = viewer(request), KeyedForm(request.POST)
    _two(who, public_id, other)

    def work(data: Mapping[str, Any], now: datetime) -> None:
        customers.actions_people.tell_apart(viewer=who, one=public_id, other=other, now=now)

    if carried_out(form, work, about="apart"):
        messages.success(request, "They are two people. Nobody is asked again")
    return go(f"/desk/people/{public_id}/same/")


@requires(Permission.SEE_PEOPLE)
@sent
def unmerge(request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
    """Takes two apart again who were merged."""
    who, form = viewer(request), UnmergeForm(request.POST, auto_id="unmerge_%s")
    with found():
        shown = customers.queries.person(who, public_id)

    def work(data: Mapping[str, Any], now: datetime) -> None:
        merging.unmerge(viewer=who, merge=data["merge"], why=data["words"], now=now)

    form.is_valid()
    mine = {str(one.public_id) for one in customers.queries_merges.of_person(who, shown.id)}
    if request.POST.get("merge", "") not in mine:
        form.add_error("merge", "Choose which of the merges")
    if not carried_out(form, work, about="unmerge"):
        return show_person(request, public_id, unmerge_form=form)
    messages.success(request, "They are two people again. What they asked goes back with them")
    return go(f"/desk/people/{public_id}/")
