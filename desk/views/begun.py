"""A form that somebody began elsewhere, finished with them on the phone or at the counter."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

import kb.queries
import kb.questions
from accounts.decorators import requires, viewer
from accounts.permissions import Permission, Viewer
from core import audit
from core.errors import DomainError
from desk import forms_questions
from desk.answers import go, refuse
from desk.forms_begun import CodeForm, FinishForm
from enquiries import intake
from enquiries.channels import CHANNEL_WORDS, Channel
from enquiries.inbound import LANGUAGE, InboundContact, Need, Place, Sender
from enquiries.queries import begun as reading
from enquiries.queries import contacts
from enquiries.queries.begun import Begun
from enquiries.queries.contacts import OpenContact

if TYPE_CHECKING:
    from kb.models import Service

_NOT_FOUND = (
    "That code opens no form. Check it with them: a form is kept for 7 days, and until it is sent"
)
_PLAIN = ("description", "postcode", "address", "name", "email", "phone", "tell_by")


@requires(Permission.HANDLE_CONTACTS)
def finish(request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
    """Their code opens the form; what is missing is asked; then it goes, once."""
    who = viewer(request)
    contact = contacts.contact(who, public_id)
    if contact is None:
        raise Http404
    if contact.ended_at is not None:
        messages.warning(request, "This contact has been wrapped up. Open a new one")
        return go(f"/desk/contact/{public_id}/")
    code_form = CodeForm(request.POST if request.method == "POST" else None)
    if not code_form.is_valid():
        return _page(request, contact, code_form=code_form)
    now = timezone.now()
    found = reading.by_code(code_form.cleaned_data["code"], now=now)
    if found is None:
        code_form.add_error("code", _NOT_FOUND)
        return _page(request, contact, code_form=code_form)
    service = kb.queries.service(found.need["service"] or "")
    if "send" not in request.POST:
        audit.record("form.opened", actor=who.actor, target=f"contact:{public_id}", at=now, data={})
        form = _form(found, service, initial=_said(found, code_form))
        return _page(request, contact, begun=found, service=service, form=form)
    form = _form(found, service, request.POST)
    reference = _sent(form, found, service, contact, who) if form.is_valid() else ""
    if not reference:
        return _page(request, contact, begun=found, service=service, form=form)
    messages.success(request, f"{reference} is on its way. Is there anything else?")
    return go(f"/desk/contact/{public_id}/")


def _form(found: Begun, service: Service | None, data: Any = None, **more: Any) -> FinishForm:
    form_id = found.need["form_id"]
    return FinishForm(data, service=service, form_id=form_id, auto_id="begun_%s", **more)


def _said(found: Begun, code_form: CodeForm) -> dict[str, Any]:
    said = {name: found.need[name] or "" for name in _PLAIN}
    said["tell_by"] = said["tell_by"] if said["tell_by"] in ("email", "sms") else ""
    code = code_form.cleaned_data["code"]
    return {**said, **forms_questions.initial(found.need["answers"] or {}), "code": code}


def _sent(
    form: FinishForm, found: Begun, service: Service | None, contact: OpenContact, who: Viewer
) -> str:
    """The reference; "" when the form has to come back and say why not."""
    data, now = form.cleaned_data, timezone.now()
    point = _point(found, data)
    place = Place(postcode=data["postcode"], address=data["address"], **point)
    is_known = contact.person is not None
    sender = Sender(**{name: data[name] for name in ("name", "email", "phone")})
    answers = forms_questions.answers(data)
    need = Need(
        description=data["description"]
        or _in_words(service, answers, found.need["form_id"])
        or "Finished with an agent",
        service=service.slug if service is not None else None,
        place=place if any((place.postcode, place.address, place.latitude)) else None,
        answers=answers,
        form_id=found.need["form_id"],
        # They had read that it ends here, and asked a person all the same.
        send_to=found.need.get("send_to"),
    )
    inbound = InboundContact(
        channel=Channel(contact.channel),
        external_id=f"{contact.public_id}:{data['key']}",
        received_at=now,
        started_at=contact.started_at,
        needs=(need,),
        sender=Sender() if is_known else sender,
        tell_by=data["tell_by"],
        language=found.need.get("language") or LANGUAGE,
        contact_id=contact.id,
        person_id=contact.person.id if contact.person else None,
        agent=who,
        actor=who.actor,
        files_of=found.key,
        begun=found.key,
    )
    try:
        return intake.receive(inbound, now=now).enquiries[0].reference
    except DomainError as error:
        if error.code.startswith("postcode"):
            error.field = "postcode"
        refuse(form, error)
        return ""


def _point(found: Begun, data: dict[str, Any]) -> dict[str, Any]:
    """The pin that they put, while the place is still the one that it was put for."""
    same = all((found.need[name] or "") == data[name] for name in ("postcode", "address"))
    if not same:
        return {}
    return {
        "uprn": found.need["uprn"] or "",
        "latitude": found.need["latitude"],
        "longitude": found.need["longitude"],
    }


def _in_words(service: Service | None, answers: dict[str, Any], form_id: int | None) -> str:
    version = kb.questions.version_of(service, form_id)
    said = kb.questions.in_words(service, answers, version)
    return "\n".join(f"{one.question} {one.answer}" for one in said)


def _page(request: HttpRequest, contact: OpenContact, **context: Any) -> HttpResponse:
    found, form = context.get("begun"), context.get("form")
    shown = {
        "nav_here": "contact",
        "contact": contact,
        "own_questions": forms_questions.fields(form) if form is not None else [],
        "begun_at": CHANNEL_WORDS[Channel(found.channel)] if found is not None else "",
        **context,
    }
    return render(request, "desk/begun.html", shown)
