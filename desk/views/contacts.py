"""A contact on the phone or at the counter: who it is, what they need, and what was raised."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import datetime
from functools import partial
from typing import Any

from django.contrib import messages
from django.db import transaction
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone

import inbox.queries_calls
import kb.queries
from accounts.decorators import requires, viewer
from accounts.permissions import Permission, Viewer
from core.errors import DomainError
from desk import callers, choices, forms_questions, live, sitting, sitting_whole, undone, veil
from desk.answers import go, refuse, sent
from desk.drawing import asked_for, drawn
from desk.forms import AboutForm, OpenContactForm, PersonForm, RaiseForm
from desk.forms_calls import CallerForm
from enquiries import intake
from enquiries.actions import attachments
from enquiries.actions import contacts as acts
from enquiries.channels import Channel
from enquiries.inbound import InboundContact, Need, Place, Received
from enquiries.queries import contacts as reading
from enquiries.queries.contacts import OpenContact
from teamwork import actions_undo


def held(who: Viewer, public_id: uuid.UUID) -> OpenContact:
    """A contact of this viewer's desk, of its person no more than they proved. Raises Http404."""
    contact = reading.contact(who, public_id)
    if contact is None:
        raise Http404
    return veil.cover(who, contact)


def _back(public_id: uuid.UUID) -> HttpResponse:
    """To the contact again."""
    return go(f"/desk/contact/{public_id}/")


def of_another(request: HttpRequest, contact: OpenContact) -> HttpResponse | None:
    """The answer to who writes in a colleague's contact: they take it over first."""
    if contact.ended_at is not None or not acts.is_others(viewer(request), contact.agent_id):
        return None
    messages.warning(request, f"{contact.agent} has this contact. Take it over first")
    return _back(contact.public_id)


@requires(Permission.HANDLE_CONTACTS)
def start(request: HttpRequest) -> HttpResponse:
    """Opens a contact; shows those that are not wrapped up."""
    who, now = viewer(request), timezone.now()
    form = OpenContactForm(request.POST or None, sites=choices.sites(kiosks=False))
    if request.method == "POST" and form.is_valid():
        waited = form.cleaned_data["waited"]
        public_id = acts.open_contact(
            channel=Channel(form.cleaned_data["channel"]),
            key=str(form.cleaned_data["key"]),
            viewer=who,
            site=form.cleaned_data["site"] or None,
            waited=waited * 60 if waited is not None else None,
            now=now,
        )
        return go(f"/desk/contact/{public_id}/")
    context = {
        "nav_here": "contact",
        "form": form,
        "unfinished": sitting_whole.waits(reading.unfinished(who), now=now),
        "offered_to_me": reading.offered(who),
        "own_topic": live.own(who),
        "leads": sitting_whole.leads(who),
        "usual_place": who.site_name,
        "on_the_line": callers.on_the_line(who, now=now),
        "to_ring_back": inbox.queries_calls.how_many_wait(who, now=now),
    }
    offered = {"contacts-offered": "desk/parts/swap_offered.html"}
    return drawn(request, "desk/contact_start.html", context, offered)


# The parts of the page that an act of its own takes the place of; what else changed comes along.
PARTS = {
    "contact-about": "desk/parts/swap_about.html",
    "contact-need": "desk/parts/swap_need.html",
    "contact-end": "desk/parts/swap_end.html",
    "contact-news": "desk/parts/contact_news.html",
}


def show(request: HttpRequest, contact: OpenContact, **forms: object) -> HttpResponse:
    """The page of a contact, or a part of it; `forms` are those that were sent and refused."""
    who, now = viewer(request), timezone.now()
    sent_form = forms.pop("caller_form", None)
    caller_form = sent_form if isinstance(sent_form, CallerForm) else None
    context = {
        **sitting.page(request, who, contact, forms, now=now),
        **callers.context(
            who,
            contact,
            caller_form,
            picked=request.GET.get("caller", ""),
            scope=request.GET.get("scope", ""),
            now=now,
        ),
        "veil": veil.of(contact),
        "live_topics": [f"contact:{contact.public_id}"],
        # Said by screen readers all the same; the next thing has the focus.
        "focus_goes_on": asked_for(request) == "contact-need",
    }
    looked_for = context["people"] or context.get("doubt")
    if context["behind"] or (looked_for and veil.by_name_alone(contact)):
        context |= veil.found(context["people"], context.get("doubt"))
    number = str(context["number"])
    context["ring_form"] = forms.get("ring_form") or sitting_whole.ring_form(
        contact, number, now=now
    )
    person_form = context["person_form"]
    if number and isinstance(person_form, PersonForm):
        person_form.initial.setdefault("phone", number)
    refused = any(isinstance(one, Form) and one.errors for one in forms.values())
    status = 422 if refused else 200
    return drawn(request, "desk/contact.html", context, PARTS, status=status)


@requires(Permission.HANDLE_CONTACTS)
def contact(request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
    """The contact at work."""
    return show(request, held(viewer(request), public_id))


def _fresh(data: dict[str, Any], contact: OpenContact) -> Need:
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
        desk_answer="no" if contact.refused else "",
    )


def _with_file(form: RaiseForm, who: Viewer, inbound: InboundContact, *, now: datetime) -> Received:
    """The need and its file: both, or neither."""
    data = form.cleaned_data
    with transaction.atomic(durable=True):
        received = intake.receive_within(inbound, now=now)
        if file := data["file"]:
            attachments.attach_by_hub(
                reference=received.enquiries[0].reference,
                viewer=who,
                name=file.name or "",
                content=file.read(),
                seen_by=data["seen_by"],
                now=now,
            )
    return received


def _of_before(data: dict[str, Any], contact: OpenContact) -> Need:
    return Need(
        description=data["words"],
        kind=data["kind"],
        about=data["about"],
        avoidable=data["avoidable"],
        evidence=("agent_chose",),
        desk_answer="yes",
    )


def _taken(
    contact: OpenContact,
    form: RaiseForm | AboutForm,
    need: Callable[[dict[str, Any], OpenContact], Need],
    who: Viewer,
    *,
    receive: Callable[..., Received] = intake.receive,
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
        needs=(need(form.cleaned_data, contact),),
        contact_id=contact.id,
        person_id=contact.person.id if contact.person else None,
        agent=who,
        actor=who.actor,
    )
    try:
        return receive(inbound, now=now).enquiries[0].reference
    except DomainError as error:
        _explain(form, error)
        return ""


def _too_late(request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
    messages.warning(request, "This contact has been wrapped up. Open a new one")
    return _back(public_id)


@requires(Permission.HANDLE_CONTACTS)
@sent
def raise_enquiry(request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
    """One more need in this contact: answered now, or sent on."""
    who, contact = viewer(request), held(viewer(request), public_id)
    if contact.ended_at is not None:
        return _too_late(request, public_id)
    if refused := of_another(request, contact):
        return refused
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
    form = sitting.raise_form(request.POST, files=request.FILES)
    reference = _taken(contact, form, _fresh, who, receive=partial(_with_file, form, who))
    if not reference:
        return show(request, contact, raise_form=form)
    ended = form.cleaned_data["how"] == RaiseForm.ANSWER
    words = "is answered" if ended else "is on its way"
    messages.success(request, f"{reference} {words}. Is there anything else?")
    return _back(public_id)


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
    if refused := of_another(request, contact):
        return refused
    now, page = timezone.now(), f"/desk/contact/{public_id}/"
    about = (str(form.data.get("about", "")),)
    with actions_undo.contact(
        who, public_id, *about, words=f"Linked to {about[0]}", about=page, now=now
    ) as undo:
        # Part of what is taken back as a whole.
        within = transaction.atomic(intake.receive_within)
        reference = _taken(contact, form, _of_before, who, receive=within)
    if not reference:
        return show(request, contact, about_form=form)
    undone.said(request, _written(form.cleaned_data["about"], reference), undo.left)
    return _back(public_id)
