"""A form that somebody began elsewhere, finished with them on the phone or at the counter."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

import kb.queries
import kb.questions
from accounts.decorators import requires, viewer
from accounts.permissions import Permission, Viewer
from core import audit, limits
from core.errors import DomainError
from customers.contact import read_address
from desk import begun_merging as merging
from desk import forms_questions, veil
from desk.answers import go, refuse
from desk.forms_begun import ChooseForm, CodeForm, FinishForm, picked
from enquiries import intake
from enquiries.actions import begun
from enquiries.channels import CHANNEL_WORDS, Channel
from enquiries.inbound import LANGUAGE, InboundContact, Need, Place, Sender
from enquiries.intake import FormMoved
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
    contact = veil.cover(who, contact)
    if contact.ended_at is not None:
        messages.warning(request, "This contact has been wrapped up. Open a new one")
        return go(f"/desk/contact/{public_id}/")
    code_form = CodeForm(request.POST if request.method == "POST" else None)
    if not code_form.is_valid():
        return _page(request, contact, code_form=code_form)
    now = timezone.now()
    found = reading.by_code(code_form.cleaned_data["code"], now=now)
    if found is None:
        known = intake.known(Channel(contact.channel), _key(contact, request.POST.get("key", "")))
        if known is not None:  # the second of two clicks
            return _on_its_way(request, contact, known.enquiries[0].reference)
        code_form.add_error("code", _NOT_FOUND)
        return _page(request, contact, code_form=code_form)
    if "send_code" in request.POST:
        return _send_code(request, contact, found, who)
    if "send" in request.POST or "choose" in request.POST:
        return _go_on(request, contact, found, who)
    audit.record("form.opened", actor=who.actor, target=f"contact:{public_id}", at=now, data={})
    return _page(
        request, contact, begun=found, form=_fresh(found, contact, code_form.cleaned_data["code"])
    )


def _go_on(request: HttpRequest, contact: OpenContact, found: Begun, who: Viewer) -> HttpResponse:
    """Sends what was read; what was answered elsewhere meanwhile is read first."""
    form = _form(found, contact, request.POST)
    seen = merging.opened(found.key, request.POST.get("seen", ""))
    if seen.revision != found.revision:
        together, changes = merging.changes(seen, form.said, _said(found, form))
        if changes:
            return _choice(request, contact, found, form, changes, together)
        if together != form.said or "choose" in request.POST:
            return _again(request, contact, found, form, together)
    try:
        reference = _sent(form, found, contact, who) if form.is_valid() else ""
    except FormMoved:
        newest = reading.by_code(form.cleaned_data["code"], now=timezone.now())
        if newest is None:
            raise Http404 from None
        return _go_on(request, contact, newest, who)
    if not reference:
        return _page(request, contact, begun=found, form=form)
    return _on_its_way(request, contact, reference)


def _choice(
    request: HttpRequest,
    contact: OpenContact,
    found: Begun,
    form: FinishForm,
    changes: Sequence[merging.Change],
    together: dict[str, Any],
) -> HttpResponse:
    """Both answers to each question that was answered elsewhere: one is chosen, nothing is sent."""
    # Chosen between what stood there then: where it has moved again, it is shown again.
    is_chosen = request.POST.get("at", "") == str(found.revision) and "choose" in request.POST
    choose = ChooseForm(request.POST if is_chosen else None, changes=changes, about=form)
    if choose.is_valid():
        chosen = picked(together, changes, choose.cleaned_data)
        return _again(request, contact, found, form, chosen)
    return _page(request, contact, begun=found, form=form, choose=choose)


def _send_code(
    request: HttpRequest, contact: OpenContact, found: Begun, who: Viewer
) -> HttpResponse:
    """Sends them their code, to go on themselves; what stands in the form stays."""
    now, typed = timezone.now(), _form(found, contact, request.POST)
    stays = {name: request.POST.get(name, "") for name in ("code", "seen", "code_to")}
    form = _form(found, contact, initial={**typed.said, **stays})
    code, told, refusal = stays["code"], "", ""
    try:
        kind, to = read_address(stays["code_to"].replace("\x00", "")[:254])
        if limits.allow(door="form_code", who={"to": to}, now=now):
            begun.send_code(
                code=code,
                kind=kind,
                to=to,
                language=found.need.get("language") or LANGUAGE,
                now=now,
            )
            target = f"contact:{contact.public_id}"
            audit.record("form.code_sent", actor=who.actor, target=target, at=now, data={})
            told = to
        else:
            refusal = "The code was sent there several times today. Read it out to them"
    except DomainError as error:
        refusal = error.message
    refusals = [{"text": refusal, "href": "#begun_code_to"}] if refusal else []
    return _page(request, contact, begun=found, form=form, told=told, refusals=refusals)


def _again(
    request: HttpRequest,
    contact: OpenContact,
    found: Begun,
    form: FinishForm,
    said: dict[str, Any],
) -> HttpResponse:
    """The form as it stands now, to be read before it is sent."""
    fresh = _fresh(found, contact, form.data.get("code", ""), said=said)
    return _page(request, contact, begun=found, form=fresh, moved=True)


def _on_its_way(request: HttpRequest, contact: OpenContact, reference: str) -> HttpResponse:
    messages.success(request, f"{reference} is on its way. Is there anything else?")
    return go(f"/desk/contact/{contact.public_id}/")


def _service(found: Begun) -> Service | None:
    return kb.queries.service(found.need["service"] or "")


def _form(found: Begun, contact: OpenContact, data: Any = None, **more: Any) -> FinishForm:
    return FinishForm(
        data,
        service=_service(found),
        form_id=found.need["form_id"],
        is_known=contact.person is not None,
        auto_id="begun_%s",
        **more,
    )


def _fresh(
    found: Begun, contact: OpenContact, code: str, said: dict[str, Any] | None = None
) -> FinishForm:
    """The form with the newest answers, or with what was chosen of them; it knows what it shows."""
    newest = _said(found, _form(found, contact))
    seen = merging.seal(found.key, merging.Seen(found.revision, newest))
    return _form(found, contact, initial={**newest, **(said or {}), "code": code, "seen": seen})


def _said(found: Begun, form: FinishForm) -> dict[str, Any]:
    """What was answered last, for each field of the form."""
    said = {name: found.need[name] or "" for name in _PLAIN}
    said["tell_by"] = said["tell_by"] if said["tell_by"] in ("email", "sms") else ""
    said |= forms_questions.initial(found.need["answers"] or {})
    return {name: said.get(name, "") for name in form.said}


def _sent(form: FinishForm, found: Begun, contact: OpenContact, who: Viewer) -> str:
    """The reference; "" when the form has to come back and say why not. Raises FormMoved."""
    data, now, service = form.cleaned_data, timezone.now(), _service(found)
    point = _point(found, data)
    place = Place(postcode=data["postcode"], address=data["address"], **point)
    said_who = {name: data.get(name, "") for name in ("name", "email", "phone")}
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
        external_id=_key(contact, str(data["key"])),
        received_at=now,
        started_at=contact.started_at,
        needs=(need,),
        sender=Sender(**said_who),
        tell_by=data["tell_by"],
        language=found.need.get("language") or LANGUAGE,
        contact_id=contact.id,
        person_id=contact.person.id if contact.person else None,
        agent=who,
        actor=who.actor,
        files_of=found.key,
        begun=found.key,
        begun_revision=found.revision,
    )
    try:
        return intake.receive(inbound, now=now).enquiries[0].reference
    except FormMoved:
        raise
    except DomainError as error:
        if error.code.startswith("postcode"):
            error.field = "postcode"
        refuse(form, error)
        return ""


def _key(contact: OpenContact, key: str) -> str:
    """Under which intake knows what this page sends."""
    return f"{contact.public_id}:{key[:40]}".replace("\x00", "")


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
        "service": _service(found) if found is not None else None,
        "nav_here": "contact",
        "contact": contact,
        "own_questions": forms_questions.fields(form) if form is not None else [],
        "begun_at": CHANNEL_WORDS[Channel(found.channel)] if found is not None else "",
        **context,
    }
    return render(request, "desk/begun.html", shown)
