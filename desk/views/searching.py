"""Search as editors look after it: what was not found, and what people call each service."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

import kb.queries
from accounts.decorators import requires, viewer
from accounts.permissions import Permission, Viewer
from core.errors import DomainError
from desk import choices
from desk.answers import carried_out, go, refuse, sent
from desk.forms_searching import AddForm, DangerForm, WordsForm
from kb import dangers as danger_words
from kb import search_gaps, synonyms

HOME = "/desk/settings/search/"
Data = Mapping[str, Any]


def _editor(request: HttpRequest) -> Viewer:
    """Who edits for the whole partnership: the catalogue belongs to all of it."""
    who = viewer(request)
    if not who.is_hub:
        raise Http404
    return who


@requires(Permission.EDIT_ANSWERS)
def gaps(request: HttpRequest) -> HttpResponse:
    """What people searched for in a week, and did not find or did not go on with.

    Every editor reads it, to write what is missing; what people call a service is the hub's.
    """
    return _gaps(request)


def _gaps(request: HttpRequest, refused: AddForm | None = None) -> HttpResponse:
    weeks = search_gaps.weeks()
    week = _week(request.GET.get("week", ""), weeks)
    services = choices.services()
    rows = [
        (gap, AddForm(initial={"phrase": gap.said, "service": _likely(gap)}, services=services,
                      auto_id=f"id_{number}_%s"))
        for number, gap in enumerate(search_gaps.gaps(week) if week else [])
    ]  # fmt: skip
    context = {
        "nav_here": _here(request),
        "may_add": viewer(request).is_hub,
        "weeks": weeks,
        "week": week,
        "nothing": [row for row in rows if row[0].found_nothing],
        "low": [row for row in rows if not row[0].found_nothing],
        "refused": refused,
    }
    return render(request, "desk/searching/gaps.html", context)


def _here(request: HttpRequest) -> str:
    """Where it stands in the navigation: editors come from the answers."""
    return "settings" if viewer(request).may(Permission.ADMINISTER) else "answers"


def _week(text: str, weeks: Any) -> date | None:
    """The week of the address, where there is one; else the newest."""
    named = [one for one in weeks if one.isoformat() == text]
    return next(iter(named or weeks), None)


def _likely(gap: search_gaps.Gap) -> str:
    """The service that was shown first, if any: the likeliest that is missing these words."""
    shown = [entry.partition("/") for entry, _ in gap.shown]
    return next((slug for kind, _, slug in shown if kind == "service"), "")


@requires(Permission.EDIT_ANSWERS)
@sent
def add(request: HttpRequest) -> HttpResponse:
    """Adds words that were searched for to what people call a service."""
    who = _editor(request)
    form = AddForm(request.POST, services=choices.services())

    def work(data: Data, now: datetime) -> None:
        synonyms.add(slug=data["service"], phrase=data["phrase"], actor=who.actor, now=now)

    if carried_out(form, work, about="search-add"):
        data = form.cleaned_data
        messages.success(request, f"“{data['phrase']}” finds this service now")
        return go(f"{HOME}words/{data['service']}/")
    return _gaps(request, form)


@requires(Permission.EDIT_ANSWERS)
def overview(request: HttpRequest) -> HttpResponse:
    """Every service, with how many words people have for it."""
    _editor(request)
    rows = [
        (one, len([part for part in one.synonyms.replace(";", ",").split(",") if part.strip()]))
        for one in kb.queries.services()
    ]
    context = {"nav_here": _here(request), "rows": rows}
    return render(request, "desk/searching/overview.html", context)


@requires(Permission.EDIT_ANSWERS)
def words(request: HttpRequest, slug: str) -> HttpResponse:
    """What people call one service: checked, or kept; and what each of these words finds."""
    who, service = _editor(request), kb.queries.service(slug)
    if service is None:
        raise Http404
    if request.method != "POST":
        found = synonyms.tried(slug, synonyms.phrases(service.synonyms))
        return _words(request, slug, _form(service.synonyms), found, checked=False)
    form = WordsForm(request.POST)
    if "check" in request.POST and form.is_valid():
        return _check(request, slug, form, who)

    def work(data: Data, now: datetime) -> None:
        synonyms.save(slug=slug, text=data["text"], seen=data["seen"], actor=who.actor, now=now)

    if carried_out(form, work, about=f"search-words:{slug}"):
        messages.success(request, "Saved. People find the service by these words now")
        return go(f"{HOME}words/{slug}/")
    form.renew()
    return _words(request, slug, form, [], checked=False)


def _form(kept: str) -> WordsForm:
    text = "\n".join(synonyms.phrases(kept))
    return WordsForm(initial={"text": text, "seen": kept})


def _check(request: HttpRequest, slug: str, form: WordsForm, who: Viewer) -> HttpResponse:
    """What the words would find if they were saved. They are, and are taken back."""
    data, found = form.cleaned_data, []
    try:
        with transaction.atomic():
            kept = synonyms.save(
                slug=slug, text=data["text"], seen=data["seen"], actor=who.actor,
                now=timezone.now(),
            )  # fmt: skip
            found = synonyms.tried(slug, kept)
            transaction.set_rollback(True)
    except DomainError as error:
        refuse(form, error)
    return _words(request, slug, form, found, checked=bool(found))


def _words(
    request: HttpRequest,
    slug: str,
    form: WordsForm,
    found: list[synonyms.Tried],
    *,
    checked: bool,
) -> HttpResponse:
    context = {
        "nav_here": _here(request),
        "service": kb.queries.service(slug),
        "form": form,
        "tried": found,
        "lost": [one for one in found if one.at != 1],
        "checked": checked,
    }
    return render(request, "desk/searching/words.html", context)


@requires(Permission.EDIT_ANSWERS)
def dangers(request: HttpRequest) -> HttpResponse:
    """Words that may mean danger, and what is said first to who texts them."""
    _editor(request)
    context = {"nav_here": _here(request), "rows": danger_words.every()}
    return render(request, "desk/searching/dangers.html", context)


@requires(Permission.EDIT_ANSWERS)
def danger(request: HttpRequest, slug: str) -> HttpResponse:
    """One of them, to be changed."""
    who, found = _editor(request), danger_words.one(slug)
    if found is None:
        raise Http404
    seen = danger_words.mark(found)
    text = "\n".join(synonyms.phrases(found.words))
    form = DangerForm(request.POST or None, initial={"say": found.say, "text": text, "seen": seen})

    def work(data: Data, now: datetime) -> None:
        danger_words.save(
            slug=slug, say=data["say"], text=data["text"], seen=data["seen"], actor=who.actor,
            now=now,
        )  # fmt: skip

    if request.method == "POST":
        if carried_out(form, work, about=f"search-danger:{slug}"):
            messages.success(request, "Saved. Texts are read by these words now")
            return go(f"{HOME}danger/")
        form.renew()
        form.data = {**form.data, "seen": seen}
    context = {"nav_here": _here(request), "danger": found, "form": form}
    return render(request, "desk/searching/danger.html", context)
