"""A contact on the phone or at the counter: who it is, what they need, and what was raised."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

import customers.queries
import inbox.queries_calls
import kb.queries
from accounts.decorators import requires, viewer
from accounts.permissions import Permission, Viewer
from core.errors import DomainError
from desk import callers, choices, forms_questions, sitting
from desk.answers import found, go, refuse, sent
from desk.forms import AboutForm, OpenContactForm, PersonForm, RaiseForm, WrapUpForm
from desk.forms_calls import CallerForm
from desk.views.people import looked_at
from enquiries import intake
from enquiries.actions import contacts as acts
from enquiries.channels import Channel
from enquiries.inbound import InboundContact, Need, Place, Sender
from enquiries.queries import contacts as reading
from enquiries.queries.contacts import OpenContact


def held(who: Viewer, public_id: uuid.UUID) -> OpenContact:
    """A contact of this viewer's desk. Raises Http404."""
    contact = reading.contact(who, public_id)
    if contact is None:
        raise Http404
    return contact


def _back(request: HttpRequest, public_id: uuid.UUID, *kept: str) -> HttpResponse:
    """To the contact again, with those parts of its address that still matter."""
    query = {key: request.GET[key] for key in kept if request.GET.get(key)}
    return go(f"/desk/contact/{public_id}/", **query)


@requires(Permission.HANDLE_CONTACTS)
def start(request: HttpRequest) -> HttpResponse:
    """Opens a contact; shows those that are not wrapped up."""
    who = viewer(request)
    form = OpenContactForm(request.POST or None, sites=choices.sites(kiosks=False))
    if request.method == "POST" and form.is_valid():
        public_id = acts.open_contact(
            channel=Channel(form.cleaned_data["channel"]),
            key=str(form.cleaned_data["key"]),
            viewer=who,
            site=form.cleaned_data["site"] or None,
            now=timezone.now(),
        )
        return go(f"/desk/contact/{public_id}/")
    context = {
        "nav_here": "contact",
        "form": form,
        "open_contacts": reading.open_contacts(who),
        "usual_place": who.site_name,
        "on_the_line": callers.on_the_line(who, now=timezone.now()),
        "to_ring_back": inbox.queries_calls.how_many_wait(who),
    }
    return render(request, "desk/contact_start.html", context)


def show(request: HttpRequest, contact: OpenContact, **forms: object) -> HttpResponse:
    """The page of a contact; `forms` are those that were sent and refused."""
    who, now = viewer(request), timezone.now()
    sent_form = forms.pop("caller_form", None)
    caller_form = sent_form if isinstance(sent_form, CallerForm) else None
    context = {
        **sitting.page(request, who, contact, forms, now=now),
        **callers.context(who, contact, caller_form, now=now),
    }
    person_form = context["person_form"]
    if context["number"] and isinstance(person_form, PersonForm):
        person_form.initial.setdefault("phone", context["number"])
    return render(request, "desk/contact.html", context)


@requires(Permission.HANDLE_CONTACTS)
def contact(request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
    """The contact at work."""
    return show(request, held(viewer(request), public_id))


@requires(Permission.HANDLE_CONTACTS)
@sent
def choose_person(request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
    """Says who it is, of those found."""
    who, now = viewer(request), timezone.now()
    try:
        person = uuid.UUID(request.POST.get("person", ""))
    except ValueError as error:
        raise Http404 from error
    with found():
        chosen = customers.queries.person(who, person)
        try:
            acts.set_person(public_id=public_id, viewer=who, person=person, now=now)
        except acts.ContactClosed as error:
            messages.warning(request, error.message)
            return _back(request, public_id)
    looked_at(who, chosen.public_id)
    return _back(request, public_id, *sitting.NEED)


@requires(Permission.HANDLE_CONTACTS)
@sent
def add_person(request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
    """Adds who it is, in three fields; somebody known with the same details is found instead."""
    who, form = viewer(request), PersonForm(request.POST, auto_id="person_%s")
    open_contact = held(who, public_id)
    if form.is_valid():
        try:
            acts.add_person(
                public_id=public_id,
                viewer=who,
                sender=Sender(**form.cleaned_data),
                now=timezone.now(),
            )
            return _back(request, public_id, *sitting.NEED)
        except DomainError as error:
            refuse(form, error)
    return show(request, open_contact, person_form=form)


def _fresh(data: dict[str, Any]) -> Need:
    how, place = data["how"], Place(postcode=data["postcode"], address=data["address"])
    service = kb.queries.service(data["service"])
    given = forms_questions.answers(data, service)
    return Need(
        description=data["description"] or forms_questions.described(service, given),
        service=data["service"] or None,
        place=place if any((place.postcode, place.address)) else None,
        answer=data["answer"] if how == RaiseForm.ANSWER else None,
        outcome=data["outcome"] or "answered",
        send_to=data["send_to"] if how == RaiseForm.BY_HAND else None,
        answers=given,
    )


def _of_before(data: dict[str, Any]) -> Need:
    return Need(
        description=data["words"],
        kind=data["kind"],
        about=data["about"],
        avoidable=data["avoidable"],
        evidence=("agent_chose",),
    )


def _taken(
    contact: OpenContact,
    form: RaiseForm | AboutForm,
    need: Callable[[dict[str, Any]], Need],
    who: Viewer,
) -> str:
    """The reference of what was taken; "" when the form has to come back and say why not."""
    if not form.is_valid():
        return ""
    now = timezone.now()
    inbound = InboundContact(
        channel=Channel(contact.channel),
        external_id=f"{contact.public_id}:{form.cleaned_data['key']}",
        received_at=now,
        started_at=contact.started_at,
        needs=(need(form.cleaned_data),),
        contact_id=contact.id,
        person_id=contact.person.id if contact.person else None,
        agent=who,
        actor=who.actor,
    )
    try:
        return intake.receive(inbound, now=now).enquiries[0].reference
    except DomainError as error:
        _explain(form, error)
        return ""


def _too_late(request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
    messages.warning(request, "This contact has been wrapped up. Open a new one")
    return _back(request, public_id)


@requires(Permission.HANDLE_CONTACTS)
@sent
def raise_enquiry(request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
    """One more need in this contact: answered now, or sent on."""
    who, contact = viewer(request), held(viewer(request), public_id)
    if contact.ended_at is not None:
        return _too_late(request, public_id)
    now = timezone.now()
    first = "look" not in request.POST and sitting.asks_first(request.POST, now)
    if first or "look" in request.POST:
        # Nothing is written: the same words again, with who would deal with them.
        typed = {
            name: values if len(values) > 1 else values[0]
            for name, values in request.POST.lists()
            if name != "key"
        }
        return show(request, contact, raise_form=sitting.raise_form(None, typed), asks_first=first)
    form = sitting.raise_form(request.POST)
    reference = _taken(contact, form, _fresh, who)
    if not reference:
        return show(request, contact, raise_form=form)
    ended = form.cleaned_data["how"] == RaiseForm.ANSWER
    words = "is answered" if ended else "is on its way"
    messages.success(request, f"{reference} {words}. Is there anything else?")
    return _back(request, public_id)


def _explain(form: RaiseForm | AboutForm, error: DomainError) -> None:
    """Beside the field that it is about. A used key is renewed: the words may be sent after all."""
    if error.code.startswith("postcode"):
        error.field = "postcode"
    elif error.code == "enquiry_unknown":
        error.field = "about"
    elif isinstance(error, intake.SameKeyOtherBody):
        form.renew()
    refuse(form, error)


def _written(about: str, reference: str) -> str:
    if reference == about:
        return f"Written down on {about}. Is there anything else?"
    return f"{about} was closed: {reference} follows it, and is on its way. Anything else?"


@requires(Permission.HANDLE_CONTACTS)
@sent
def about_earlier(request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
    """The contact is about an enquiry of before: one more thing said about it."""
    who, contact = viewer(request), held(viewer(request), public_id)
    form = AboutForm(request.POST, auto_id="about_%s")
    if contact.ended_at is not None:
        return _too_late(request, public_id)
    reference = _taken(contact, form, _of_before, who)
    if not reference:
        return show(request, contact, about_form=form)
    messages.success(request, _written(form.cleaned_data["about"], reference))
    return _back(request, public_id)


@requires(Permission.HANDLE_CONTACTS)
@sent
def wrap_up(request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
    """Ends the contact, with a last line for colleagues."""
    form = WrapUpForm(request.POST, auto_id="wrap_%s")
    contact = held(viewer(request), public_id)
    if not form.is_valid():
        return show(request, contact, wrap_form=form)
    with found():
        acts.close(
            public_id=public_id,
            viewer=viewer(request),
            now=timezone.now(),
            note=form.cleaned_data["note"],
        )
    messages.success(request, "Contact wrapped up")
    return go("/desk/contact/")
