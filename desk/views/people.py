"""Citizens, for who may see them. Each look is written down."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import date
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

import customers.queries
import customers.queries_likely
import customers.queries_lives
import customers.queries_merges
from accounts.decorators import requires, viewer
from accounts.permissions import Permission, Viewer
from core import audit
from customers.queries import PersonRow
from desk import looking, person_alerts
from desk.answers import found, go
from desk.forms import KeyedForm
from desk.forms_people import UnmergeForm
from enquiries.queries import contacts, merged, moving, people_story

MOST = 25


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


def listed(who: Viewer, people: Sequence[PersonRow]) -> None:
    """Writes down whom a list showed: it says how to reach them, so that it is a look at each."""
    if people:
        audit.record(
            "person.listed",
            actor=who.actor,
            target="people",
            at=timezone.now(),
            data={"people": [str(one.public_id) for one in people]},
        )


@requires(Permission.SEE_PEOPLE)
def people(request: HttpRequest) -> HttpResponse:
    """Finds people. What is looked for is posted, and stands sealed in the address that answers."""
    who = viewer(request)
    if request.method == "POST":
        return go("/desk/people/", q=looking.sealed(who, request.POST.get("q", "")))
    text = looking.opened(who, request.GET.get("q", ""))
    found_people = looking.people(who, text, MOST)
    listed(who, found_people)
    context = {
        "nav_here": "people",
        "q": text,
        "too_short": looking.too_short(text),
        "people": found_people,
        "are_more": len(found_people) == MOST,
    }
    return render(request, "desk/people.html", context)


@requires(Permission.SEE_PEOPLE)
def person(request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
    """One person: what to know of them first, how to reach them, and their story."""
    onward = customers.queries_merges.now_of(viewer(request), public_id)
    if onward is not None:
        messages.warning(request, "That one was merged: this is who they are now")
        return go(f"/desk/people/{onward}/")
    return show_person(request, public_id)


def show_person(
    request: HttpRequest, public_id: uuid.UUID, unmerge_form: UnmergeForm | None = None
) -> HttpResponse:
    """Their page. Looking is written down, and so is each alert that not everybody may read."""
    who, now = viewer(request), timezone.now()
    with found():
        shown = customers.queries.person(who, public_id)
    looked_at(who, public_id)
    refused = unmerge_form.data.get("merge", "") if unmerge_form else ""
    merges = customers.queries_merges.of_person(who, shown.id)
    stayed = merged.stayed(who, merges)
    context = {
        "nav_here": "people",
        "person": shown,
        "today": timezone.localdate(),
        "alerts": person_alerts.read(who, shown, now),
        "acting": customers.queries_lives.who_acts_for(who, shown.id, on=now.date()),
        "acts_for": customers.queries_lives.for_whom(who, shown.id, on=now.date()),
        "names": customers.queries_lives.names(shown.id),
        "addresses": customers.queries_lives.addresses(shown.id),
        "likely": customers.queries_likely.of_person(who, shown),
        "merges": [
            (
                one,
                unmerge_form if str(one.public_id) == refused else _unmerge(one.public_id),
                stayed.get(one.gone_id, ()),
            )
            for one in merges
        ],
        "theirs_key": KeyedForm(),
        "unmerge_refused": unmerge_form,
        "moved": moving.of_person(who, shown.id),
        "earlier": contacts.earlier(who, shown.id, limit=50),
        "story": story_days(who, shown),
    }
    status = 422 if unmerge_form else 200
    return render(request, "desk/person.html", context, status=status)


def _unmerge(merge: uuid.UUID) -> UnmergeForm:
    return UnmergeForm(initial={"merge": merge}, auto_id=f"unmerge_{merge}_%s")


def story_days(who: Viewer, shown: PersonRow) -> list[dict[str, Any]]:
    """Their story by days, as `components/timeline.html` shows it."""
    days: dict[date, list[people_story.Told]] = {}
    for told in people_story.story(who, shown.id):
        days.setdefault(timezone.localdate(told.at), []).append(told)
    return [{"day": day, "entries": entries, "folded": []} for day, entries in days.items()]
