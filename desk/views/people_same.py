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
from customers import contact
from customers.queries import PersonRow
from desk import looking, twins, undone
from desk.answers import carried_out, found, go, sent
from desk.forms import KeyedForm
from desk.forms_people import MergeForm, TheirsForm, UnmergeForm
from desk.views.people import MOST, listed, looked_at, show_person
from enquiries.actions import merging
from enquiries.queries import contacts, merged
from teamwork import actions_undo


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
    phones = [contact.shown(row.phones[0]) if row.phones else "" for row in (kept, gone)]
    emails = [row.emails[0] if row.emails else "" for row in (kept, gone)]
    both = {"name": names, "address": places, "phone": phones, "email": emails}
    return MergeForm(data, choices={field: (two[0], two[1]) for field, two in both.items()})


@requires(Permission.SEE_PEOPLE)
def pair(request: HttpRequest, public_id: uuid.UUID, other: uuid.UUID) -> HttpResponse:
    """Two people side by side; sent, they are one."""
    who = viewer(request)
    if customers.queries_merges.now_of(who, other) == public_id:
        return go(f"/desk/people/{public_id}/")
    kept, gone = _two(who, public_id, other)
    called = twins.names(kept, gone)
    form = _form(request.POST if request.method == "POST" else None, kept, gone)

    page, left = f"/desk/people/{public_id}/", None

    def work(data: Mapping[str, Any], now: datetime) -> None:
        nonlocal left
        left = actions_undo.merge(
            viewer=who, kept=public_id, gone=other, take=form.take, why=data["words"],
            words="Two people are one", about=page, now=now,
        )  # fmt: skip

    if request.method == "POST" and carried_out(form, work, about="merge"):
        undone.said(request, f"{called[1]} is one person with {called[0]} now", left)
        return go(page)
    for row in (kept, gone):
        looked_at(who, row.public_id, comparing=str(public_id))
    context = {
        "nav_here": "people",
        "kept": kept,
        "gone": gone,
        "form": form,
        "called": called,
        "asked": [
            (row, name, contacts.earlier(who, row.id, limit=5))
            for row, name in zip((kept, gone), called, strict=True)
        ],
    }
    status = 422 if form.errors else 200
    return render(request, "desk/person_pair.html", context, status=status)


@requires(Permission.SEE_PEOPLE)
@sent
def apart(request: HttpRequest, public_id: uuid.UUID, other: uuid.UUID) -> HttpResponse:
    """They are two, however alike; nobody is asked again."""
    who, form = viewer(request), KeyedForm(request.POST)
    _two(who, public_id, other)
    page, words, left = f"/desk/people/{public_id}/same/", "They are two people", None

    def work(data: Mapping[str, Any], now: datetime) -> None:
        nonlocal left
        with actions_undo.person(who, public_id, words=words, about=page, now=now) as undo:
            customers.actions_people.tell_apart(viewer=who, one=public_id, other=other, now=now)
        left = undo.left

    if carried_out(form, work, about="apart"):
        undone.said(request, f"{words}. Nobody is asked again", left)
    return go(page)


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
    words = "They are two people again. What they asked goes back with them"
    stayed = merged.stayed(who, customers.queries_merges.of_person(who, shown.id))
    if named := [each.reference for rows in stayed.values() for each in rows]:
        words += f". Look whose these are that came in since: {', '.join(named)}"
    undone.said(request, words, None, act="person:unmerge")
    return go(f"/desk/people/{public_id}/#merges" if named else f"/desk/people/{public_id}/")


@requires(Permission.SEE_PEOPLE)
@sent
def theirs(request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
    """What came in while two were one, and stayed, goes to who is somebody again."""
    who, form = viewer(request), TheirsForm(request.POST)
    with found():
        shown = customers.queries.person(who, public_id)
    mine = {one.public_id for one in customers.queries_merges.of_person(who, shown.id)}
    if not form.is_valid() or form.cleaned_data["merge"] not in mine:
        messages.warning(request, "Nothing was given. Choose one of the enquiries below")
        return go(f"/desk/people/{public_id}/")

    def work(data: Mapping[str, Any], now: datetime) -> None:
        with found():
            merging.give(viewer=who, merge=data["merge"], reference=data["reference"], now=now)

    if carried_out(form, work, about="theirs"):
        reference = form.cleaned_data["reference"]
        messages.success(request, f"{reference} is theirs now, and was never the other’s")
    return go(f"/desk/people/{public_id}/#merges")
