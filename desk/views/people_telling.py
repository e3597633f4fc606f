"""How a person is told: what they chose, what they need, and what they said of texts and news."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

import customers.queries_telling
from accounts.decorators import requires, viewer
from accounts.permissions import Permission, Viewer
from customers import actions_telling as acts
from customers.queries_telling import HowTold
from desk import forms_telling as forms
from desk import person_acts, undone
from desk.answers import carried_out, found, go, sent
from desk.forms import KeyedForm
from desk.person_acts import Work
from desk.views.people import looked_at
from enquiries.actions import telling_ways
from enquiries.queries import desk as cases
from teamwork import actions_undo
from teamwork.scopes import Asked


@dataclass(frozen=True, slots=True)
class Act:
    """One thing that is written down: its form, what does it, and what is said when it is done."""

    form: type[KeyedForm]
    work: Work
    done: str
    # Which section of the page its form stands in, where it has fields.
    shown_as: str = ""


def _prefer(who: Viewer, person: uuid.UUID, data: Mapping[str, Any], now: datetime) -> object:
    return acts.prefer(viewer=who, person=person, medium=data["tell_by"], now=now)


def _need(who: Viewer, person: uuid.UUID, data: Mapping[str, Any], now: datetime) -> object:
    return acts.record_need(
        viewer=who, person=person, kind=data["kind"], words=data["words"], now=now
    )


def _still(who: Viewer, person: uuid.UUID, data: Mapping[str, Any], now: datetime) -> object:
    return acts.review_need(viewer=who, person=person, need=data["need"], now=now)


def _over(who: Viewer, person: uuid.UUID, data: Mapping[str, Any], now: datetime) -> object:
    return acts.end_need(viewer=who, person=person, need=data["need"], now=now)


def _texts(*, is_stop: bool) -> Work:
    def work(who: Viewer, person: uuid.UUID, data: Mapping[str, Any], now: datetime) -> object:
        return acts.texts_by_staff(
            viewer=who, person=person, point_id=data["point"], is_stop=is_stop, now=now
        )

    return work


def _again(who: Viewer, person: uuid.UUID, data: Mapping[str, Any], now: datetime) -> object:
    return acts.try_again(viewer=who, person=person, point_id=data["point"], now=now)


def _post(who: Viewer, person: uuid.UUID, data: Mapping[str, Any], now: datetime) -> object:
    return acts.set_post(
        viewer=who, person=person, address=data["address"], postcode=data["postcode"], now=now
    )


def _news(who: Viewer, person: uuid.UUID, data: Mapping[str, Any], now: datetime) -> object:
    return acts.say_of_news(
        viewer=who,
        person=person,
        medium=data["medium"],
        is_yes=data["answer"] == "yes",
        asked=data["words"],
        now=now,
    )


ACTS: dict[str, Act] = {
    "prefer": Act(forms.PreferForm, _prefer, "Their choice is kept", "prefer"),
    "need": Act(forms.NeedForm, _need, "What they need is written down", "need"),
    "still": Act(forms.NeedOneForm, _still, "They still need it: asked again in a year"),
    "over": Act(forms.NeedOneForm, _over, "They need it no longer"),
    "stop": Act(forms.NumberForm, _texts(is_stop=True), "No texts go to this number"),
    "start": Act(forms.NumberForm, _texts(is_stop=False), "Texts may go to this number again"),
    "again": Act(forms.PointForm, _again, "We write there again"),
    "post": Act(forms.PostForm, _post, "Where letters go is changed", "post"),
    "news": Act(forms.NewsForm, _news, "What they said of news is kept", "news"),
}


@requires(Permission.SEE_PEOPLE)
def telling(request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
    """How one person is told. Looking is written down."""
    return _show(request, public_id)


@requires(Permission.SEE_PEOPLE)
@sent
def act(request: HttpRequest, public_id: uuid.UUID, act: str) -> HttpResponse:
    """Changes one thing of it, once. A refusal comes back with every word kept."""
    who, chosen = viewer(request), ACTS.get(act)
    if chosen is None:
        raise Http404
    with found():
        customers.queries_telling.how_told(who, public_id)
    form = chosen.form(request.POST, auto_id=f"{act}_%s")
    page = f"/desk/people/{public_id}/telling/"
    if not person_acts.is_done(
        request,
        public_id,
        form,
        chosen.work,
        act=f"telling:{act}",
        words=chosen.done,
        about=f"tell:{public_id}",
        page=page,
    ):
        return _show(request, public_id, refused=(act, form))
    return go(page)


def _show(
    request: HttpRequest, public_id: uuid.UUID, refused: tuple[str, KeyedForm] | None = None
) -> HttpResponse:
    who = viewer(request)
    with found():
        shown = customers.queries_telling.how_told(who, public_id)
    looked_at(who, public_id)
    name, bad = refused or ("", None)
    context = {
        "nav_here": "people",
        "how": shown,
        "today": timezone.localdate(),
        "needs": [
            (one, forms.NeedOneForm(initial={"need": one.public_id}, auto_id=False))
            for one in shown.needs
        ],
        "addresses": [
            (one, forms.PointForm(initial={"point": one.id}, auto_id=False))
            for one in shown.addresses
        ],
        "post_form": forms.PointForm(auto_id=False),
        "forms": {**_forms(shown), **({name: bad} if bad and ACTS[name].shown_as else {})},
        "refused": bad,
        "open": name,
    }
    return render(request, "desk/person_telling.html", context)


def _forms(shown: HowTold) -> dict[str, KeyedForm]:
    initial = {
        "prefer": {"tell_by": shown.tell_by},
        "post": {"address": shown.address.replace(", ", "\n"), "postcode": shown.postcode},
    }
    return {
        name: one.form(auto_id=f"{name}_%s", initial=initial.get(name, {}))
        for name, one in ACTS.items()
        if one.shown_as
    }


@requires(Permission.HANDLE_CONTACTS)
@sent
def rung(request: HttpRequest, reference: str, public_id: uuid.UUID) -> HttpResponse:
    """Somebody rang the citizen of a case and said what could not be sent."""
    who, form = viewer(request), forms.RungForm(request.POST)
    with found():
        if cases.case(who, reference, now=timezone.now()).is_hidden:
            raise Http404
    done, left, words = False, None, "It is written down that they were rung"

    def work(data: Mapping[str, Any], now: datetime) -> None:
        nonlocal done, left
        page, calls = f"/desk/cases/{reference}/", [Asked("calls", reference)]
        with actions_undo.cases(
            who, reference, words=words, about=page, now=now, beside=calls
        ) as undo:
            telling_ways.rung(
                reference=reference, call=public_id, words=data["words"], viewer=who, now=now
            )
        done, left = True, undo.left

    if carried_out(form, work, about=f"call:{public_id}"):
        if done:
            undone.said(request, words, left)
    else:
        said = [str(error) for errors in form.errors.values() for error in errors]
        messages.warning(request, f"{said[0]}. Nothing was changed")
    return go(f"/desk/cases/{reference}/")
