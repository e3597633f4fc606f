"""E-mails that did not become part of a case by themselves: try again, make an enquiry, ignore."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils import timezone

from accounts.decorators import requires, viewer
from accounts.permissions import Permission, Viewer
from core import audit
from core.errors import DomainError
from desk import choices
from desk.answers import carried_out, found, go
from desk.forms_mail import MailForm
from enquiries import intake
from enquiries.channels import Channel
from enquiries.inbound import InboundContact, Need, Place, Sender
from inbox import actions_mail, queries_mail
from inbox.queries_mail import Letter

PAGE = "/desk/settings/messages/mail/"
ACTS: dict[str, tuple[Callable[..., None], str]] = {
    "again": (actions_mail.try_again, "We try again. Look here in a minute"),
    "ignore": (actions_mail.ignore, "Nothing is done with this email"),
}


@requires(Permission.HANDLE_CONTACTS)
def asides(request: HttpRequest) -> HttpResponse:
    """Those that wait for a person, the oldest first; and what was left alone lately."""
    who, now = viewer(request), timezone.now()
    context = {
        "nav_here": "queue",
        "waiting": queries_mail.set_aside(who),
        "left_alone": queries_mail.left_alone(who, now=now),
        "days": queries_mail.RECENT.days,
        "aside_days": settings.FORGET_ASIDE_DAYS,
        "mailbox": settings.HUB_MAIL_ADDRESS,
        "look": queries_mail.look(settings.HUB_MAIL_ADDRESS) if settings.IMAP_URL else None,
    }
    return render(request, "desk/messages/mail.html", context)


@requires(Permission.HANDLE_CONTACTS)
def one(request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
    """One of them with its words, and the form that makes an enquiry of it."""
    who, now = viewer(request), timezone.now()
    letter = queries_mail.one(who, public_id)
    if letter is None:
        # Whoever sends a form twice, or was slower than a colleague, sees what became of it.
        if case := queries_mail.case_of(who, public_id):
            return go(f"/desk/cases/{case}/")
        raise Http404
    form = MailForm(request.POST or None, initial=_as_read(letter), services=choices.services())
    if request.method == "POST":
        made: list[str] = []
        if carried_out(
            form,
            lambda data, at: made.append(_make(who, letter, data, now=at)),
            about=f"mail:{public_id}",
        ):
            if made:
                messages.success(request, f"The email has become {made[0]}")
            return go(f"/desk/cases/{made[0]}/" if made else PAGE)
    else:
        audit.record("mail.seen", actor=who.actor, target=f"mail:{public_id}", at=now)
    context = {"nav_here": "queue", "letter": letter, "form": form}
    return render(request, "desk/messages/mail_one.html", context)


@requires(Permission.HANDLE_CONTACTS)
def act(request: HttpRequest, public_id: uuid.UUID, act: str) -> HttpResponse:
    """Has it tried again, or lets it be. Whoever was quicker is not overruled."""
    chosen = ACTS.get(act)
    if chosen is None:
        raise Http404
    if request.method != "POST":
        return HttpResponseRedirect(PAGE)
    work, words = chosen
    try:
        with found():
            work(public_id=public_id, actor=viewer(request).actor, now=timezone.now())
    except DomainError as error:
        messages.warning(request, error.message)
    else:
        messages.success(request, words)
    return go(PAGE)


def _as_read(letter: Letter) -> dict[str, str]:
    words = f"{letter.subject}\n\n{letter.words}".strip()[:4_000]
    return {"description": words, "name": letter.sender_name, "email": letter.sender}


def _make(who: Viewer, letter: Letter, data: Mapping[str, Any], *, now: datetime) -> str:
    """The enquiry's reference. Where a try broke off after it was made, it is that one."""
    pk = actions_mail.hold_for_hand(public_id=letter.public_id)
    key = f"mail:{letter.public_id.hex}"
    received = intake.known(Channel.EMAIL, key)
    if received is None:
        postcode = data["postcode"].strip()
        need = Need(
            description=data["description"],
            service=data["service"] or None,
            place=Place(postcode=postcode) if postcode else None,
        )
        inbound = InboundContact(
            channel=Channel.EMAIL,
            external_id=key,
            received_at=letter.received_at,
            needs=(need,),
            sender=Sender(name=data["name"], email=data["email"]),
            thread=letter.public_id.hex,
            tell_by="email" if data["email"] else "",
            agent=who,
            actor=who.actor,
        )
        received = intake.receive_within(inbound, now=now)
    reference = received.enquiries[0].reference
    actions_mail.taken_by_hand(pk, reference=reference, by=who.name, now=now)
    audit.record("mail.made_enquiry", actor=who.actor, target=f"mail:{letter.public_id}", at=now,
                 data={"reference": reference})  # fmt: skip
    return reference
