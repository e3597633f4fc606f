"""What is known of somebody, changed: names, numbers, addresses, alerts, who speaks for them."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

import customers.queries
import customers.queries_lives
from accounts.decorators import requires, viewer
from accounts.permissions import Permission, Viewer
from customers import actions_lives as acts
from customers.actions_lives import Acting, Place, Warned
from desk import forms_people as forms
from desk import looking, person_acts, person_alerts
from desk.answers import found, go, sent
from desk.forms import KeyedForm
from desk.person_acts import Work
from desk.views.people import MOST, listed, looked_at
from enquiries.actions import moving, recounts


@dataclass(frozen=True, slots=True)
class Act:
    """One thing that is written down: its form, what does it, and what is said when it is done."""

    form: type[KeyedForm]
    work: Work
    done: str
    # Whether its form stands open to be filled in.
    is_written: bool = False


def _name(who: Viewer, person: uuid.UUID, data: Mapping[str, Any], now: datetime) -> object:
    return acts.add_name(viewer=who, person=person, name=data["name"], use=data["use"], now=now)


def _end_name(who: Viewer, person: uuid.UUID, data: Mapping[str, Any], now: datetime) -> object:
    return acts.end_name(viewer=who, person=person, name=data["which"], now=now)


def _reach(who: Viewer, person: uuid.UUID, data: Mapping[str, Any], now: datetime) -> object:
    return acts.add_point(
        viewer=who, person=person, phone=data["phone"], email=data["email"], now=now
    )


def _prefer(who: Viewer, person: uuid.UUID, data: Mapping[str, Any], now: datetime) -> object:
    return acts.prefer_point(viewer=who, person=person, point=data["point"], now=now)


def _bad(who: Viewer, person: uuid.UUID, data: Mapping[str, Any], now: datetime) -> object:
    return acts.mark_point(viewer=who, person=person, point=data["point"], now=now)


def _address(who: Viewer, person: uuid.UUID, data: Mapping[str, Any], now: datetime) -> object:
    place = Place(data["kind"], data["address"], data["postcode"], data["uprn"], data["is_seen"])
    return acts.add_address(viewer=who, person=person, place=place, now=now)


def _end_address(who: Viewer, person: uuid.UUID, data: Mapping[str, Any], now: datetime) -> object:
    return acts.end_address(viewer=who, person=person, address=data["which"], now=now)


def _alert(who: Viewer, person: uuid.UUID, data: Mapping[str, Any], now: datetime) -> object:
    alert = Warned(data["kind"], data["why"], data["seen_by"], data["review_on"])
    return recounts.record_alert(viewer=who, person=person, alert=alert, now=now)


def _still(who: Viewer, person: uuid.UUID, data: Mapping[str, Any], now: datetime) -> object:
    return acts.review_alert(viewer=who, person=person, alert=data["which"], now=now)


def _over(who: Viewer, person: uuid.UUID, data: Mapping[str, Any], now: datetime) -> object:
    return acts.end_alert(
        viewer=who, person=person, alert=data["which"], why=data["words"], now=now
    )


def _acts(who: Viewer, person: uuid.UUID, data: Mapping[str, Any], now: datetime) -> object:
    acting = Acting(data["relation"], data["basis"], data["may"], ends_on=data["ends_on"])
    return acts.record_proxy(viewer=who, person=person, acts=data["acts"], acting=acting, now=now)


def _end_acts(who: Viewer, person: uuid.UUID, data: Mapping[str, Any], now: datetime) -> object:
    return acts.end_proxy(viewer=who, person=person, proxy=data["which"], now=now)


def _move(who: Viewer, person: uuid.UUID, data: Mapping[str, Any], now: datetime) -> object:
    return moving.moved(
        viewer=who, person=person, address=data["address"], postcode=data["postcode"],
        uprn=data["uprn"], now=now,
    )  # fmt: skip


ACTS: dict[str, Act] = {
    "alert": Act(forms.AlertForm, _alert, "The alert is written down", True),
    "alert-still": Act(forms.WhichForm, _still, "It is still so: asked again in half a year"),
    "alert-over": Act(forms.EndAlertForm, _over, "The alert is over"),
    "name": Act(forms.NameForm, _name, "The name is kept", True),
    "name-over": Act(forms.WhichForm, _end_name, "The name is taken away"),
    "reach": Act(forms.ReachForm, _reach, "It is kept", True),
    "prefer": Act(forms.PointOfForm, _prefer, "They are reached there first"),
    "bad": Act(forms.PointOfForm, _bad, "Nothing is sent there any more"),
    "address": Act(forms.AddressForm, _address, "The address is kept", True),
    "address-over": Act(forms.WhichForm, _end_address, "The address is taken away"),
    "move": Act(
        forms.MoveForm, _move, "The new address is kept, and whom it touches is told", True
    ),
    "acts": Act(forms.ActsForm, _acts, "Who speaks for them is written down"),
    "acts-over": Act(forms.WhichForm, _end_acts, "They do not speak for them any more"),
}


@requires(Permission.SEE_PEOPLE)
def details(request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
    """Everything that may be changed of somebody; who speaks for them is looked for here."""
    if request.method == "POST":
        text = looking.sealed(viewer(request), request.POST.get("q", ""))
        return go(f"/desk/people/{public_id}/details/", q=text)
    return _show(request, public_id)


@requires(Permission.SEE_PEOPLE)
@sent
def act(request: HttpRequest, public_id: uuid.UUID, act: str) -> HttpResponse:
    """Changes one thing of it, once. A refusal comes back with every word kept."""
    who, chosen = viewer(request), ACTS.get(act)
    if chosen is None:
        raise Http404
    with found():
        customers.queries.person(who, public_id)
    form = chosen.form(request.POST, auto_id=f"{act}_%s")
    page = f"/desk/people/{public_id}/details/"
    if not person_acts.is_done(
        request,
        public_id,
        form,
        chosen.work,
        act=f"person:{act}",
        words=chosen.done,
        about=f"known:{act}",
        page=page,
    ):
        return _show(request, public_id, refused=(act, form))
    return go(page)


def _show(
    request: HttpRequest, public_id: uuid.UUID, refused: tuple[str, KeyedForm] | None = None
) -> HttpResponse:
    who, now = viewer(request), timezone.now()
    with found():
        shown = customers.queries.person(who, public_id)
    looked_at(who, public_id)
    name, bad = refused or ("", None)
    text = looking.opened(who, request.GET.get("q", ""))
    people = [one for one in looking.people(who, text, MOST) if one.id != shown.id]
    listed(who, people)
    written = {
        key: bad if bad and key == name else one.form(auto_id=f"{key}_%s")
        for key, one in ACTS.items()
        if one.is_written
    }
    context = {
        "nav_here": "people",
        "person": shown,
        "today": timezone.localdate(),
        "alerts": person_alerts.read(who, shown, now),
        "names": customers.queries_lives.names(shown.id),
        "points": customers.queries_lives.points(shown.id),
        "addresses": customers.queries_lives.addresses(shown.id),
        "acting": customers.queries_lives.who_acts_for(who, shown.id, on=now.date()),
        "forms": written,
        "acts_form": bad if bad and name == "acts" else forms.ActsForm(auto_id="acts_%s"),
        "acts_who": _chosen(who, name, bad, request),
        "q": text,
        "too_short": looking.too_short(text),
        "people": people,
        "key": KeyedForm(),
        "refused": bad,
        "open": name,
    }
    status = 422 if bad else 200
    return render(request, "desk/person_details.html", context, status=status)


def _chosen(who: Viewer, name: str, bad: KeyedForm | None, request: HttpRequest) -> object:
    """Who is to speak for them, where somebody is chosen."""
    given = bad.data.get("acts", "") if bad and name == "acts" else request.GET.get("acts", "")
    try:
        return customers.queries.person(who, uuid.UUID(given)) if given else None
    except (ValueError, customers.queries.NoSuchPerson):
        return None
