"""Calls at the desk: which one is mine, whether it is who the number says, and who is rung back."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Sequence
from datetime import date, datetime
from http import HTTPStatus
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import render
from django.utils import timezone

import customers.calling
import inbox.actions_wanted
import inbox.queries_calls
import inbox.queries_checks
from accounts.decorators import requires, viewer
from accounts.permissions import Permission, Viewer
from core.errors import DomainError
from desk import callers, undone, veil
from desk.answers import carried_out, found, go, sent
from desk.forms_calls import CallerForm
from desk.forms_sitting import WhenForm
from desk.views.contacts import held, show
from desk.views.people import looked_at
from enquiries.actions import callbacks as choosing
from enquiries.actions import calls as acts
from enquiries.actions import knowing
from enquiries.actions.contacts import ContactClosed
from enquiries.queries import calls_due
from enquiries.queries.contacts import OpenContact
from inbox import actions_calls
from inbox.actions_checks import TooManyTries
from inbox.queries_calls import CallOf, Waiting
from inbox.questions import EVERYBODY
from teamwork import actions_undo
from teamwork.scopes import Asked

PAGE = "/desk/callbacks/"
START = "/desk/contact/"
NOT_THEM = "That is not what we have for this number. Ask again, or look them up by name"


@requires(Permission.HANDLE_CONTACTS)
def callbacks(request: HttpRequest) -> HttpResponse:
    """Who rang in vain, the longest ago first: one line for each number."""
    return _list(request)


def _list(request: HttpRequest, refused: tuple[uuid.UUID, WhenForm] | None = None) -> HttpResponse:
    """The list; where another time was refused, with its form as it was typed."""
    who, now = viewer(request), timezone.now()
    days = choosing.days(now=now)
    typed = dict([refused] if refused else [])

    def when(one: Waiting) -> WhenForm | None:
        form = typed.get(one.public_id) or _when(one.public_id, days)
        return form if one.wanted_at and (one.is_mine or not one.taken_by) else None

    waiting = callers.waiting(who, now=now)
    later = inbox.queries_calls.later(who, now=now)
    context = {
        "nav_here": "contact",
        "waiting": [(row, when(row.call)) for row in waiting if isinstance(row.call, Waiting)],
        "later": [(one, when(one)) for one in later],
        "refused": refused[1] if refused else None,
        "to_tell": calls_due.waiting(who),
        "unreachable": callers.unreachable(who, now=now),
        "days": callers.COUNTED.days,
    }
    status = HTTPStatus.UNPROCESSABLE_ENTITY if refused else HTTPStatus.OK
    return render(request, "desk/callbacks.html", context, status=status)


def _when(line: uuid.UUID, days: Sequence[date], data: QueryDict | None = None) -> WhenForm:
    return WhenForm(data, days=days, auto_id=f"when_{line}_%s")


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


def _undoably(
    request: HttpRequest, public_id: uuid.UUID, words: str, work: Callable[..., Any]
) -> Any:
    """Does it so that it can be taken back, and says so; what came of it."""
    who, now = viewer(request), timezone.now()
    line = Asked("callback", inbox.actions_wanted.caller_of(line=public_id))
    with actions_undo.rows(who, line, words=words, about=PAGE, now=now) as undo:
        came_of = work(public_id=public_id, viewer=who, now=now)
    undone.said(request, words, undo.left)
    return came_of


def _take(request: HttpRequest, public_id: uuid.UUID, who: Viewer) -> HttpResponse:
    words = "This call is yours. The number is below: say how it went"
    _undoably(request, public_id, words, actions_calls.take)
    return go(f"{PAGE}#call-{public_id}")


def _put_back(request: HttpRequest, public_id: uuid.UUID, who: Viewer) -> HttpResponse:
    _undoably(request, public_id, "Put back: somebody else can ring them", actions_calls.put_back)
    return go(PAGE)


def _spoke(request: HttpRequest, public_id: uuid.UUID, who: Viewer) -> HttpResponse:
    contact = acts.spoke(public_id=public_id, viewer=who, now=timezone.now())
    return go(f"{START}{contact}/")


def _no_answer(request: HttpRequest, public_id: uuid.UUID, who: Viewer) -> HttpResponse:
    left = _undoably(request, public_id, "Written down: no answer", actions_calls.no_answer)
    if not left:
        messages.warning(request, "Nobody rings them again until they ring us")
    return go(PAGE)


def _wrong_number(request: HttpRequest, public_id: uuid.UUID, who: Viewer) -> HttpResponse:
    words = "Written down: wrong number. Nobody rings it again"
    _undoably(request, public_id, words, actions_calls.wrong_number)
    return go(PAGE)


def _call_off(request: HttpRequest, public_id: uuid.UUID, who: Viewer) -> HttpResponse:
    words = "Called off: nobody rings them at that time"
    _undoably(request, public_id, words, inbox.actions_wanted.call_off)
    return go(PAGE)


def _move(request: HttpRequest, public_id: uuid.UUID, who: Viewer) -> HttpResponse:
    form = _when(public_id, choosing.days(now=timezone.now()), request.POST)

    def work(_data: object, _now: datetime) -> None:
        _undoably(request, public_id, "They are rung at that time", moved)

    def moved(**at: Any) -> None:
        choosing.move(at=form.moment, **at)

    if not carried_out(form, work, about=f"ring:{public_id}"):
        return _list(request, (public_id, form))
    return go(PAGE)


_ACTS = {
    "take": _take,
    "call-off": _call_off,
    "move": _move,
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
            contact = acts.take(public_id=public_id, viewer=viewer(request), now=timezone.now())
    except DomainError as error:
        messages.warning(request, error.message)
        return go(START)
    return go(f"{START}{contact}/")


@requires(Permission.HANDLE_CONTACTS)
@sent
def caller(request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
    """Holds what a caller says of themselves against what they once gave us.

    Each try is written down, also one that fits nobody: which questions, never an answer.
    """
    who, now = viewer(request), timezone.now()
    contact = held(who, public_id)
    call = inbox.queries_calls.of_contact(who, public_id)
    asked = inbox.queries_checks.by_scope(request.POST.get("scope") or EVERYBODY)
    if asked is None or not (call or veil.of(contact)):
        raise Http404
    form = CallerForm(request.POST, auto_id="caller_%s", asked=asked)
    if not form.is_valid():
        return show(request, contact, caller_form=form)
    with found():
        try:
            person = knowing.check(
                contact=public_id,
                viewer=who,
                people=_meant(who, contact, call, form.cleaned_data["person"]),
                asked=asked,
                answers=form.said(),
                rings=call.number if call else "",
                now=now,
            )
        except ContactClosed as error:
            messages.warning(request, error.message)
            return go(f"{START}{public_id}/")
        except TooManyTries as error:
            form.add_error(None, error.message)
            return show(request, contact, caller_form=form)
    if person is None:
        form.add_error(None, NOT_THEM)
        return show(request, contact, caller_form=form)
    looked_at(who, person)
    messages.success(request, "They have said enough: you can tell them what is theirs")
    return go(f"{START}{public_id}/")


def _meant(
    who: Viewer, contact: OpenContact, call: CallOf | None, picked: uuid.UUID | None
) -> list[uuid.UUID]:
    """Whom a caller may turn out to be: who is chosen for the contact; else who has the number, or
    the one of them that was picked."""
    if contact.person is not None:
        return [contact.person.public_id]
    digest, today = call.caller_hash if call else "", timezone.localdate()
    known = [one.public_id for one in customers.calling.holders(who, digest, on=today)]
    return [one for one in known if picked in (None, one)]
