"""Who a contact is with: looked for, chosen, or added when it is none of those who are alike."""

from __future__ import annotations

import uuid
from contextlib import AbstractContextManager
from datetime import datetime

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone

import customers.queries
from accounts.decorators import requires, viewer
from accounts.permissions import Permission, Viewer
from core.errors import DomainError
from desk import finding, looking, sitting, undone
from desk.answers import found, go, once_only, refuse, sent
from desk.finding import NewPersonForm
from desk.views.contacts import held, show
from desk.views.people import listed, looked_at
from enquiries.actions import contacts as acts
from enquiries.actions import contacts_acting
from enquiries.inbound import Sender
from teamwork import actions_undo

WHO = "Who they are is written down"


def _back(request: HttpRequest, public_id: uuid.UUID, **more: str) -> HttpResponse:
    query = {key: request.GET[key] for key in sitting.NEED if request.GET.get(key)}
    return go(f"/desk/contact/{public_id}/", **query, **more)


def _undoable(
    who: Viewer, public_id: uuid.UUID, words: str, now: datetime
) -> AbstractContextManager[actions_undo.Act]:
    page = f"/desk/contact/{public_id}/"
    return actions_undo.contact(who, public_id, words=words, about=page, now=now)


@requires(Permission.HANDLE_CONTACTS)
@sent
def find(request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
    """Looks somebody up. The words are sealed into the address that the answer stands at."""
    who = viewer(request)
    held(who, public_id)
    text = looking.sealed(who, request.POST.get("find", ""))
    return _back(request, public_id, find=text or " ")


@requires(Permission.HANDLE_CONTACTS)
@sent
def choose(request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
    """Says who it is, of those found."""
    who, now = viewer(request), timezone.now()
    try:
        person = uuid.UUID(request.POST.get("person", ""))
    except ValueError as error:
        raise Http404 from error
    with found():
        chosen = customers.queries.person(who, person)
        try:
            with _undoable(who, public_id, WHO, now) as undo:
                acts.set_person(public_id=public_id, viewer=who, person=person, now=now)
        except acts.ContactClosed as error:
            messages.warning(request, error.message)
            return go(f"/desk/contact/{public_id}/")
    looked_at(who, chosen.public_id)
    undone.said(request, WHO, undo.left)
    return _back(request, public_id, then="next")


@requires(Permission.HANDLE_CONTACTS)
@sent
def add(request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
    """Adds who it is, in three fields. Somebody known with the same details is found instead; who
    may be the same is shown first."""
    who, form = viewer(request), NewPersonForm(request.POST, auto_id="person_%s")
    contact = held(who, public_id)
    if not form.is_valid():
        return show(request, contact, person_form=form)
    in_doubt = finding.doubt(who, form, contact)
    if in_doubt is not None:
        listed(who, [one.person for one in in_doubt.likely])
        return show(request, contact, person_form=form, doubt=in_doubt)
    try:
        with _undoable(who, public_id, WHO, timezone.now()) as undo:
            _added(request, public_id, form)
    except DomainError as error:
        refuse(form, error)
        return show(request, contact, person_form=form)
    undone.said(request, WHO, undo.left)
    return _back(request, public_id, then="next")


def _added(request: HttpRequest, public_id: uuid.UUID, form: NewPersonForm) -> None:
    who, now, data = viewer(request), timezone.now(), form.cleaned_data
    sender = Sender(name=data["name"], phone=data["phone"], email=data["email"])
    if not data["somebody_else"]:
        # The same details find the same person, however often they are sent.
        with found():
            acts.add_person(public_id=public_id, viewer=who, sender=sender, now=now)
        return
    once_only(
        lambda: acts.add_person(
            public_id=public_id, viewer=who, sender=sender, is_none_of=form.shown, now=now
        ),
        key=f"person:{public_id}:{data['key']}",
        now=now,
    )


@requires(Permission.HANDLE_CONTACTS)
@sent
def act_for(request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
    """Says for whom they are in touch; nobody named: for themselves."""
    who, now, given = viewer(request), timezone.now(), request.POST.get("person", "")
    try:
        person = uuid.UUID(given) if given else None
    except ValueError as error:
        raise Http404 from error
    words = "They speak for themselves" if person is None else "They speak for somebody else"
    try:
        with found(), _undoable(who, public_id, words, now) as undo:
            if person is None:
                contacts_acting.for_themselves(public_id=public_id, viewer=who, now=now)
            else:
                contacts_acting.act_for(public_id=public_id, viewer=who, person=person, now=now)
        undone.said(request, words, undo.left)
    except DomainError as error:
        messages.warning(request, error.message)
    return _back(request, public_id)
