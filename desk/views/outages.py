"""A caller tells us of what is known: they are told of its end, and their need ends in one stop."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import datetime

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils import timezone

import kb.queries
from accounts.decorators import requires, viewer
from accounts.permissions import Permission, Viewer
from core.errors import DomainError
from desk import undone
from desk.answers import found, go, sent
from desk.forms_outages import OutageForm
from desk.views.contacts import held, of_another
from enquiries import joining
from enquiries.actions import links, notices
from enquiries.channels import Channel
from enquiries.inbound import InboundContact, Need, Place, Received
from enquiries.queries import contacts, outages
from enquiries.queries.access import desk_id
from enquiries.queries.contacts import OpenContact
from kb.queries_notices import Spot

START = "/desk/contact/"
GONE = "That has ended or changed meanwhile. Nothing was written down: look again"
UNPLACED = "Ask for the postcode first: that is not known everywhere. Nothing was written down"
NOBODY = "Without a name nobody can be told how it ends"


@requires(Permission.HANDLE_CONTACTS)
@sent
def join(request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
    """It is one of the known things: told of its end, the need ends here."""
    who, contact = viewer(request), held(viewer(request), public_id)
    form = OutageForm(request.POST)
    page = f"{START}{public_id}/"
    if contact.ended_at is not None or not form.is_valid():
        messages.warning(request, "This page is too old. Reload it and try again")
        return go(page)
    if refused := of_another(request, contact):
        return refused
    data, now = form.cleaned_data, timezone.now()
    place = Place(postcode=data["postcode"])
    where = outages.spot(place)
    try:
        if data["notice"] is not None:
            inbound = _inbound(who, contact, data, place, data["words"] or "As the notice says")
            received = joining.known(
                inbound, notice=data["notice"], place=where or Spot(),
                tell=contact.person is not None, now=now,
            )  # fmt: skip
        else:
            received = _too(who, contact, data, place, now)
    except DomainError as error:
        unplaced = isinstance(error, joining.NoticeOver) and where is None
        messages.warning(request, UNPLACED if unplaced else error.message)
        return go(page)
    _said(request, contact, received)
    return go(page)


def _too(
    who: Viewer, contact: OpenContact, data: dict[str, str], place: Place, now: datetime
) -> Received:
    """Ends a report in what others told us of, if that is still one of those listed."""
    service = kb.queries.service(data["service"])
    own = contact.person.id if contact.person else None
    listed = outages.reports(who, service, place, apart_from=own, now=now)
    if data["report"] not in {one.reference for one in listed}:
        raise joining.NoticeOver(GONE)
    target = outages.target(data["report"])
    inbound = _inbound(who, contact, data, place, data["words"] or "The same as somebody told us")
    return joining.join(inbound, target_id=target.pk, now=now)


def _inbound(
    who: Viewer, contact: OpenContact, data: dict[str, str], place: Place, words: str
) -> InboundContact:
    need = Need(
        description=words,
        service=data["service"] or None,
        place=place if place.postcode.strip() else None,
        evidence=("agent_chose",),
    )
    return InboundContact(
        channel=Channel(contact.channel),
        external_id=f"{contact.public_id}:{data['key']}",
        received_at=timezone.now(),
        started_at=contact.started_at,
        needs=(need,),
        contact_id=contact.id,
        person_id=contact.person.id if contact.person else None,
        agent=who,
        actor=who.actor,
    )


def _said(request: HttpRequest, contact: OpenContact, received: Received) -> None:
    reference = received.enquiries[0].reference
    told = "They are told when it is done" if contact.person else NOBODY
    messages.success(request, f"{reference}: written down with what is known. {told}")


@requires(Permission.HANDLE_CONTACTS)
@sent
def undo(request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
    """It was not that: the report goes on by itself."""
    who, contact = viewer(request), held(viewer(request), public_id)
    reference = request.POST.get("reference", "")
    known = {one.enquiry.reference: one.enquiry.pk for one in contact.items}
    if reference not in known:
        messages.warning(request, "That is not of this contact. Nothing was changed")
        return go(f"{START}{public_id}/")
    take_back: Callable[..., object] = notices.unfollow
    if any(not one.is_notice for one in outages.joined([known[reference]])):
        take_back = links.unlink
    try:
        with found():
            take_back(reference=reference, viewer=who, now=timezone.now())
        undone.said(request, f"{reference} goes on by itself", None, act="contact:outage-undo")
    except DomainError as error:
        messages.warning(request, error.message)
    return go(f"{START}{public_id}/")


@requires(Permission.HANDLE_CONTACTS)
def of_case(request: HttpRequest, reference: str) -> HttpResponse:
    """How many told us of a case, and the agent's open contacts whose caller tells us of it too."""
    who, now = viewer(request), timezone.now()
    with found():
        desk_id(who, reference)
    report = outages.of_case(who, reference, now=now)
    if report is None:
        messages.warning(request, f"{reference} is nothing that several people report")
        return go(f"/desk/cases/{reference}/")
    mine = contacts.unfinished(who)
    if request.method == "POST":
        form = OutageForm(request.POST)
        chosen = request.POST.get("contact", "")
        opened = next((one for one in mine if str(one.public_id) == chosen), None)
        if opened is None or not form.is_valid():
            messages.warning(request, "This page is too old. Reload it and try again")
            return HttpResponseRedirect(request.path)
        contact = held(who, opened.public_id)
        return _join_case(request, who, contact, reference, form.cleaned_data, now)
    context = {
        "nav_here": "queue",
        "report": report,
        "reference": reference,
        "contacts": mine,
        "form": OutageForm(auto_id=False),
    }
    return render(request, "desk/outage.html", context)


def _join_case(
    request: HttpRequest,
    who: Viewer,
    contact: OpenContact,
    reference: str,
    data: dict[str, str],
    now: datetime,
) -> HttpResponse:
    target = outages.target(reference)
    if contact.person is not None and contact.person.id == target.person_id:
        messages.warning(request, "It is their own report: link the contact to it instead")
        return go(f"{START}{contact.public_id}/", about=reference)
    place = Place(postcode=target.postcode, latitude=target.latitude, longitude=target.longitude)
    data = {**data, "service": target.service.slug if target.service else ""}
    inbound = _inbound(who, contact, data, place, "The same as somebody told us")
    try:
        _said(request, contact, joining.join(inbound, target_id=target.pk, now=now))
    except DomainError as error:
        messages.warning(request, error.message)
    return go(f"{START}{contact.public_id}/")
