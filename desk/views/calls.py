"""Calls at the desk: which one is mine, whether it is who the number says, and who is rung back."""

from __future__ import annotations

import uuid

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils import timezone

import customers.queries
import inbox.queries_calls
from accounts.decorators import requires, viewer
from accounts.permissions import Permission, Viewer
from core import audit
from core.errors import DomainError
from desk import callers
from desk.answers import found, go, sent
from desk.forms_calls import CallerForm
from desk.views.contacts import held, show
from desk.views.people import looked_at
from enquiries.actions import calls as acts
from enquiries.actions import contacts
from enquiries.queries import calls_due
from inbox import actions_calls

PAGE = "/desk/callbacks/"
START = "/desk/contact/"
NOT_THEM = "That is not what we have for this number. Ask again, or look them up by name"


@requires(Permission.HANDLE_CONTACTS)
def callbacks(request: HttpRequest) -> HttpResponse:
    """Who rang in vain, the longest ago first: one line for each number."""
    who, now = viewer(request), timezone.now()
    context = {
        "nav_here": "contact",
        "waiting": callers.waiting(who, now=now),
        "to_tell": calls_due.waiting(who),
        "unreachable": callers.unreachable(who, now=now),
        "days": callers.COUNTED.days,
    }
    return render(request, "desk/callbacks.html", context)


@requires(Permission.HANDLE_CONTACTS)
def act(request: HttpRequest, public_id: uuid.UUID, act: str) -> HttpResponse:
    """Takes a line of the list, or says how the call went. Whoever was quicker is not overruled."""
    if act not in _ACTS:
        raise Http404
    if request.method != "POST":
        return HttpResponseRedirect(PAGE)
    try:
        with found():
            return _ACTS[act](request, public_id, viewer(request))
    except DomainError as error:
        messages.warning(request, error.message)
    return go(PAGE)


def _take(request: HttpRequest, public_id: uuid.UUID, who: Viewer) -> HttpResponse:
    actions_calls.take(public_id=public_id, viewer=who, now=timezone.now())
    messages.success(request, "This call is yours. The number is below: say how it went")
    return go(f"{PAGE}#call-{public_id}")


def _put_back(request: HttpRequest, public_id: uuid.UUID, who: Viewer) -> HttpResponse:
    actions_calls.put_back(public_id=public_id, viewer=who, now=timezone.now())
    messages.success(request, "Put back: somebody else can ring them")
    return go(PAGE)


def _spoke(request: HttpRequest, public_id: uuid.UUID, who: Viewer) -> HttpResponse:
    contact = acts.spoke(public_id=public_id, viewer=who, now=timezone.now())
    return go(f"{START}{contact}/")


def _no_answer(request: HttpRequest, public_id: uuid.UUID, who: Viewer) -> HttpResponse:
    left = actions_calls.no_answer(public_id=public_id, viewer=who, now=timezone.now())
    said = "They stay on the list" if left else "Nobody rings them again until they ring us"
    messages.success(request, f"Written down: no answer. {said}")
    return go(PAGE)


def _wrong_number(request: HttpRequest, public_id: uuid.UUID, who: Viewer) -> HttpResponse:
    actions_calls.wrong_number(public_id=public_id, viewer=who, now=timezone.now())
    messages.success(request, "Written down: wrong number. Nobody rings it again")
    return go(PAGE)


_ACTS = {
    "take": _take,
    "put-back": _put_back,
    "spoke": _spoke,
    "no-answer": _no_answer,
    "wrong-number": _wrong_number,
}


@requires(Permission.HANDLE_CONTACTS)
def mine(request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
    """This call is the one that I am on: on to its contact."""
    if request.method != "POST":
        return HttpResponseRedirect(START)
    try:
        with found():
            contact = acts.take(public_id=public_id, viewer=viewer(request))
    except DomainError as error:
        messages.warning(request, error.message)
        return go(START)
    return go(f"{START}{contact}/")


@requires(Permission.HANDLE_CONTACTS)
@sent
def caller(request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
    """Holds what a caller says of themselves against whom the number may belong to.

    Each try is written down, also one that fits nobody.
    """
    who, now = viewer(request), timezone.now()
    contact = held(who, public_id)
    call = inbox.queries_calls.of_contact(who, public_id)
    form = CallerForm(request.POST, auto_id="caller_%s")
    if call is None:
        raise Http404
    if not form.is_valid():
        return show(request, contact, caller_form=form)
    person = customers.queries.confirmed(who, call.caller_hash, **form.cleaned_data)
    audit.record(
        "caller.known" if person else "caller.not_known",
        actor=who.actor,
        target=f"contact:{public_id}",
        at=now,
    )
    if person is None:
        form.add_error(None, NOT_THEM)
        return show(request, contact, caller_form=form)
    with found():
        try:
            contacts.set_person(public_id=public_id, viewer=who, person=person, now=now)
        except contacts.ContactClosed as error:
            messages.warning(request, error.message)
            return go(f"{START}{public_id}/")
    looked_at(who, person)
    return go(f"{START}{public_id}/")
