"""A contact as a whole: what it is about, how it ends, and who goes on with it."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterable
from contextlib import AbstractContextManager
from datetime import datetime

from django.contrib import messages
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils import timezone

import inbox.actions_wanted
import inbox.queries_calls
import teamwork.queries_scripts
from accounts.decorators import requires, viewer
from accounts.permissions import Permission, Viewer
from core.errors import DomainError
from desk import sitting_whole, undone
from desk.answers import carried_out, found, go, refuse, sent
from desk.forms import OLD_PAGE
from desk.forms_sitting import SAID, HandOverForm, LinkForm, OfferedForm, WrapUpForm
from desk.views.contacts import held, of_another, show
from enquiries import joining
from enquiries.actions import about_this as about_acts
from enquiries.actions import callbacks, contacts, hand_overs, wrapping_up
from enquiries.channels import Channel, ItemKind
from enquiries.inbound import InboundContact, Need
from enquiries.queries import contacts as reading
from enquiries.queries.about_this import TOO
from enquiries.queries.contacts import OpenContact
from teamwork import actions_undo, queries_undo
from teamwork.scopes import Asked

START = "/desk/contact/"


def _back(public_id: uuid.UUID) -> HttpResponse:
    return go(f"{START}{public_id}/")


@requires(Permission.HANDLE_CONTACTS)
@sent
def link(request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
    """ "It is about this": one key, one item, and what was offered beside it."""
    who, contact = viewer(request), held(viewer(request), public_id)
    if refused := of_another(request, contact):
        return refused
    form, now = LinkForm(request.POST), timezone.now()
    if not form.is_valid():
        messages.warning(request, OLD_PAGE)
        return _back(public_id)
    chosen, kind = form.cleaned_data["about"], form.cleaned_data["kind"]
    too = kind == TOO
    need = Need(
        SAID[kind],
        kind=ItemKind.NEW.value if too else kind,
        about=None if too else chosen,
        evidence=() if too else ("agent_chose",),
        desk_answer="yes",
    )
    inbound = InboundContact(
        channel=Channel(contact.channel),
        external_id=f"{contact.public_id}:{form.cleaned_data['key']}",
        received_at=now,
        started_at=contact.started_at,
        needs=(need,),
        contact_id=contact.id,
        person_id=contact.person.id if contact.person else None,
        agent=who,
        actor=who.actor,
    )
    try:
        with found(), _undoable(who, public_id, f"Linked to {chosen}", now, chosen) as undo:
            taken = joining.about_within(
                inbound, offered=form.offered, chosen=chosen, too=too, now=now
            )
    except DomainError as error:
        messages.warning(request, error.message)
        return _back(public_id)
    said = taken.enquiries[0].reference
    undone.said(request, _linked(chosen, said, too=too), undo.left)
    return _back(public_id)


def _undoable(
    who: Viewer,
    public_id: uuid.UUID,
    words: str,
    now: datetime,
    *references: str,
    beside: Iterable[Asked] = (),
) -> AbstractContextManager[actions_undo.Act]:
    page = f"/desk/contact/{public_id}/"
    return actions_undo.contact(
        who, public_id, *references, words=words, about=page, now=now, beside=beside
    )


def _linked(chosen: str, said: str, *, too: bool) -> str:
    if too:
        return f"{said} is theirs, and joined to {chosen}: they hear what comes of it"
    if said == chosen:
        return f"Written down on {chosen}. Is there anything else?"
    return f"{chosen} goes on in {said}: written down there. Anything else?"


@requires(Permission.HANDLE_CONTACTS)
@sent
def none_of_these(request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
    """It is about none of those that were shown."""
    offered = OfferedForm(request.POST).offered

    def work(who: Viewer, now: datetime) -> None:
        about_acts.none_of_these(public_id=public_id, offered=offered, viewer=who, now=now)

    return _done(request, public_id, work, "Written down: it is about none of these")


def _others(public_id: uuid.UUID) -> Asked:
    """What else the agent has open: it is parked by some of these acts."""
    return Asked("sitting", str(public_id))


def _done(
    request: HttpRequest,
    public_id: uuid.UUID,
    work: Callable[[Viewer, datetime], object],
    words: str,
    *beside: Asked,
) -> HttpResponse:
    """Does an act that has no form of its own, and says so; what may not be is said instead."""
    who, now = viewer(request), timezone.now()
    try:
        with found(), _undoable(who, public_id, words, now, beside=beside) as undo:
            work(who, now)
        undone.said(request, words, undo.left)
    except DomainError as error:
        messages.warning(request, error.message)
    return _back(public_id)


@requires(Permission.HANDLE_CONTACTS)
@sent
def wrap_up(request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
    """Ends the contact: how, why it need not have been, a last line. What is clear is proposed."""
    who, now = viewer(request), timezone.now()
    contact = held(who, public_id)
    if refused := of_another(request, contact):
        return refused
    form = WrapUpForm(request.POST, auto_id="wrap_%s")
    scripts = teamwork.queries_scripts.unsent(contact.id)
    unsent = sitting_whole.unsent(who, contact, scripts)
    if form.is_valid():
        data = form.cleaned_data
        try:
            with found(), _undoable(who, public_id, "Contact wrapped up", now) as undo:
                wrapping_up.wrap_up(
                    public_id=public_id,
                    viewer=who,
                    outcome=data["outcome"] or _likely(contact),
                    avoidable=_reason(request, data["avoidable"], contact),
                    note=data["note"],
                    now=now,
                )
            # Sent twice, it is wrapped up once: the way back is the first one's.
            back = undo.left or queries_undo.last(who, f"{START}{public_id}/", now=now)
            undone.said(request, "Contact wrapped up", back)
            if left := "; ".join(unsent):
                messages.warning(request, f"Not sent in it: {left}. Taken back, it can still be")
            return go(START)
        except DomainError as error:
            refuse(form, error)
    return show(request, contact, wrap_form=form)


def _likely(contact: OpenContact) -> str:
    rung = sitting_whole.rung_at(contact) is not None
    return wrapping_up.likely_outcome(contact.items, is_rung_back=rung).value


def _reason(request: HttpRequest, chosen: str, contact: OpenContact) -> str:
    """What was chosen; what is clear where the page did not ask."""
    return chosen if "avoidable" in request.POST else wrapping_up.likely_reason(contact.items)


@requires(Permission.HANDLE_CONTACTS)
@sent
def park(request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
    """Leaves a contact unfinished; it waits among the viewer's own."""
    who, now = viewer(request), timezone.now()
    try:
        with found(), _undoable(who, public_id, "Parked", now) as undo:
            contacts.park(public_id=public_id, viewer=who, now=now)
        undone.said(request, "Parked. It waits here until it is wrapped up", undo.left)
    except contacts.ContactClosed as error:
        messages.warning(request, error.message)
    except contacts.OfAnother as error:
        messages.warning(request, error.message)
        return _back(public_id)
    return go(START)


@requires(Permission.HANDLE_CONTACTS)
@sent
def take_over(request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
    """Goes on with a colleague's contact; they hear so, and can do the same."""
    try:
        with found():
            hand_overs.take_over(public_id=public_id, viewer=viewer(request), now=timezone.now())
        messages.success(request, "This contact is yours now")
    except DomainError as error:
        messages.warning(request, error.message)
    return _back(public_id)


@requires(Permission.HANDLE_CONTACTS)
@sent
def go_on(request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
    """Takes a parked contact up again."""

    def work(who: Viewer, now: datetime) -> None:
        contacts.go_on(public_id=public_id, viewer=who, now=now)

    words = "You are on this contact again"
    return _done(request, public_id, work, words, _others(public_id))


@requires(Permission.HANDLE_CONTACTS)
@sent
def hand_over(request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
    """Offers the contact to a colleague or a team."""
    who, contact = viewer(request), held(viewer(request), public_id)
    form, left = sitting_whole.hand_form(who, request.POST), None

    def work(data: object, now: datetime) -> None:
        nonlocal left
        with _undoable(who, public_id, "Offered to a colleague", now) as undo:
            hand_overs.offer(
                public_id=public_id,
                viewer=who,
                to=form.cleaned_data["to"],
                words=form.cleaned_data["words"],
                is_cold=form.cleaned_data["how"] == HandOverForm.COLD,
                now=now,
            )
        left = undo.left

    if not carried_out(form, work, about=f"hand:{public_id}"):
        return show(request, contact, hand_form=form)
    is_cold = form.cleaned_data["how"] == HandOverForm.COLD
    undone.said(request, _offered_words(is_cold=is_cold), left)
    return _back(public_id)


def _offered_words(*, is_cold: bool) -> str:
    if is_cold:
        return "Put through. What is left is your wrap-up"
    return "Offered. Stay with them until it is taken: this page says so"


@requires(Permission.HANDLE_CONTACTS)
@sent
def take_back(request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
    """The viewer goes on with the contact themselves."""

    def work(who: Viewer, now: datetime) -> None:
        hand_overs.take_back(public_id=public_id, viewer=who, now=now)

    return _done(request, public_id, work, "Taken back: it stays with you")


@requires(Permission.HANDLE_CONTACTS)
def offered(request: HttpRequest, public_id: uuid.UUID, act: str) -> HttpResponse:
    """Takes over what a colleague offers, or says that one cannot."""
    if act not in ("accept", "refuse"):
        raise Http404
    if request.method != "POST":
        return HttpResponseRedirect(START)
    who, now = viewer(request), timezone.now()
    try:
        with found():
            if act == "refuse":
                hand_overs.refuse(public_id=public_id, viewer=who, now=now)
                messages.success(request, "They read that you cannot take it")
                return go(START)
            contact = hand_overs.accept(public_id=public_id, viewer=who, now=now)
    except DomainError as error:
        messages.warning(request, error.message)
        return go(START)
    messages.success(request, "This contact is yours now")
    return _back(contact)


@requires(Permission.HANDLE_CONTACTS)
@sent
def ring_back(request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
    """Puts them on the list of callbacks, for a time that they choose."""
    who, contact, now = viewer(request), held(viewer(request), public_id), timezone.now()
    call = inbox.queries_calls.of_contact(who, public_id)
    number = call.number if call else ""
    form = sitting_whole.ring_form(contact, number, request.POST, now=now)

    left = None

    def work(data: object, at: datetime) -> None:
        nonlocal left
        dialled = form.cleaned_data["phone"]
        beside = [Asked("callback", callbacks.caller(dialled))]
        with _undoable(who, public_id, "To be rung back", at, beside=beside) as undo:
            callbacks.ask(public_id=public_id, viewer=who, number=dialled, at=form.moment, now=at)
        left = undo.left

    if not carried_out(form, _named(form, work), about=f"ring:{public_id}"):
        return show(request, contact, ring_form=form)
    undone.said(request, "They stand on the list of callbacks for that time", left)
    return _back(public_id)


def _named(
    form: Form, work: Callable[[object, datetime], None]
) -> Callable[[object, datetime], None]:
    """What is wrong with a number is said beside the number."""

    def named(data: object, at: datetime) -> None:
        try:
            work(data, at)
        except DomainError as error:
            if error.field not in form.fields:
                error.field = "phone"
            raise

    return named


@requires(Permission.HANDLE_CONTACTS)
@sent
def ring_back_off(request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
    """They need not be rung after all."""

    def work(who: Viewer, now: datetime) -> None:
        callbacks.take_back(public_id=public_id, viewer=who, now=now)

    line = Asked("callback", inbox.actions_wanted.caller_of(asked_in=public_id))
    return _done(request, public_id, work, "Nobody rings them about this", line)


@requires(Permission.SEE_QUEUE)
def unfinished(request: HttpRequest) -> HttpResponse:
    """What nobody has wrapped up: of everybody, the oldest first, for who leads them."""
    who, now = viewer(request), timezone.now()
    if not sitting_whole.leads(who):
        raise Http404
    rows = sitting_whole.waits(reading.unfinished_of_all(who), now=now)
    context = {
        "nav_here": "contact",
        "rows": rows,
        "may_open": who.may(Permission.HANDLE_CONTACTS),
    }
    return render(request, "desk/contact_unfinished.html", context)
