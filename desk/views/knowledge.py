"""Answers beside a contact or a case: found while somebody types, said, doubted."""

from __future__ import annotations

import uuid
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

import kb.actions_articles_readers
import kb.queries_beside
import kb.search
import kb.search_log
from accounts.decorators import requires, viewer
from accounts.permissions import Permission, Viewer
from core.errors import DomainError
from desk import knowledge, undone
from desk.answers import carried_out, found, go, refuse, sent
from desk.drawing import asked_for, drawn
from desk.knowledge import SayForm
from desk.views.contacts import of_another
from enquiries import intake
from enquiries.actions import resolutions
from enquiries.channels import Channel
from enquiries.inbound import InboundContact, Need
from enquiries.lifecycle import Outcome
from enquiries.queries import beside, contacts
from enquiries.queries.beside import AtHand
from enquiries.queries.contacts import OpenContact
from kb.queries_beside import Answer
from teamwork import actions_undo


def _contact(who: Viewer, public_id: uuid.UUID) -> AtHand:
    at = beside.contact(who, public_id)
    if at is None:
        raise Http404
    return at


def _case(who: Viewer, reference: str) -> AtHand:
    with found():
        return beside.case(who, reference)


def _page(
    request: HttpRequest, who: Viewer, at: AtHand, text: str, refused: SayForm | None = None
) -> HttpResponse:
    board = knowledge.board(
        who, at, text, service=request.GET.get("service", "")[:80], refused=refused
    )
    nav = "contact" if board["is_contact"] else "queue"
    return drawn(
        request,
        "desk/knowledge/page.html",
        {"knowledge": board, "nav_here": nav},
        {"knowledge-found": "desk/knowledge/part.html"},
        status=422 if refused is not None else 200,
    )


@require_safe
@requires(Permission.HANDLE_CONTACTS)
def of_contact(request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
    """What fits the caller's words."""
    who = viewer(request)
    return _page(request, who, _contact(who, public_id), request.GET.get("q", ""))


@require_safe
@requires(Permission.SEE_QUEUE)
def of_case(request: HttpRequest, reference: str) -> HttpResponse:
    """The same beside a case."""
    who = viewer(request)
    return _page(request, who, _case(who, reference), request.GET.get("q", ""))


def _answer(who: Viewer, at: AtHand, request: HttpRequest) -> Answer | None:
    slug = request.POST.get("article", "")[:80]
    return kb.queries_beside.one(who, slug, codes=at.codes, today=timezone.localdate())


def _gone(request: HttpRequest, at: AtHand, answer: Answer | None = None) -> HttpResponse:
    words = "That answer is no longer there. Find another one"
    if answer is not None:
        words = f"Nobody has written words to say for “{answer.title}”: write down what you told"
    messages.warning(request, words)
    return go(at.here)


@requires(Permission.HANDLE_CONTACTS)
@sent
def said(request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
    """An answer was read out, and that was it: one need, answered in this contact."""
    who = viewer(request)
    contact, at = contacts.contact(who, public_id), _contact(who, public_id)
    if contact is None:
        raise Http404
    if contact.ended_at is not None:
        messages.warning(request, "This contact has been wrapped up. Open a new one")
        return go(at.here)
    if refused := of_another(request, contact):
        return refused
    answer = _answer(who, at, request)
    if answer is None or not answer.say:
        return _gone(request, at, answer)
    form = SayForm(request.POST, auto_id=f"say-{answer.slug}-%s")
    reference = _taken(contact, form, answer, who) if form.is_valid() else ""
    if not reference:
        return _page(request, who, at, request.POST.get("asked", ""), form)
    _learnt(form.cleaned_data["asked"], answer)
    messages.success(request, f"{reference} is answered. Is there anything else?")
    return go(at.here, then="next")


def _taken(contact: OpenContact, form: SayForm, answer: Answer, who: Viewer) -> str:
    """The reference of the need; "" when the form has to come back and say why not."""
    data, now = form.cleaned_data, timezone.now()
    need = Need(
        description=data["asked"] or f"“{answer.title}”",
        service=answer.service or None,
        answer=data["words"],
        outcome=Outcome.ANSWERED.value,
        article=answer.slug,
    )
    inbound = InboundContact(
        channel=Channel(contact.channel),
        external_id=f"{contact.public_id}:{data['key']}",
        received_at=now,
        started_at=contact.started_at,
        needs=(need,),
        contact_id=contact.id,
        person_id=contact.person.id if contact.person else None,
        agent=who,
        actor=who.actor,
    )
    try:
        return intake.receive(inbound, now=now).enquiries[0].reference
    except intake.SameKeyOtherBody as error:
        form.renew()
        refuse(form, error)
    except DomainError as error:
        refuse(form, error)
    return ""


def _learnt(asked: str, answer: Answer) -> None:
    """What solved it is found sooner by who uses the same words; nobody is in it."""
    if not asked:
        return
    now, mark = timezone.now(), uuid.uuid4()
    hits = kb.search.find(asked, limit=kb.search_log.SHOWN)
    kb.search_log.record(hits, public_id=mark, now=now)
    kb.search_log.went_on(str(mark), f"answer/{answer.slug}", now=now)
    kb.search_log.settled(str(mark), entry=f"answer/{answer.slug}", now=now)


@requires(Permission.RESOLVE)
@sent
def said_in_case(request: HttpRequest, reference: str) -> HttpResponse:
    """An answer is what the citizen of a case is told, and ends it."""
    who = viewer(request)
    at = _case(who, reference)
    answer, name = _answer(who, at, request), at.arose_in.partition(":")[2]
    if answer is None or not answer.say:
        return _gone(request, at, answer)
    form = SayForm(request.POST, auto_id=f"say-{answer.slug}-%s")

    words, left = f"{name}: Resolved. The citizen is being told", None

    def work(data: Any, now: Any) -> None:
        nonlocal left
        with actions_undo.cases(who, name, words=words, about=at.here, now=now) as undo:
            resolutions.resolve(
                reference=name,
                viewer=who,
                outcome=Outcome.ANSWERED,
                words=data["words"],
                article=answer.slug,
                now=now,
            )
        left = undo.left

    if not carried_out(form, work, about=name):
        return _page(request, who, at, request.POST.get("asked", ""), form)
    _learnt(form.cleaned_data["asked"], answer)
    undone.said(request, words, left)
    return go(at.here)


def _wrong(request: HttpRequest, who: Viewer, at: AtHand) -> HttpResponse:
    slug, words = request.POST.get("article", "")[:80], request.POST.get("words", "").strip()
    try:
        title = kb.actions_articles_readers.doubted(
            slug=slug,
            viewer=who,
            arose_in=at.arose_in,
            channel=at.channel,
            words=words,
            now=timezone.now(),
        )
    except DomainError:
        return _gone(request, at)
    if asked_for(request) == f"wrong-{slug}":
        context = {"slug": slug, "title": title, "at": at, "thanked": not words, "added": words}
        return render(request, "desk/knowledge/wrong.html", context)
    messages.success(request, f"Thank you. Those who look after “{title}” see it")
    return go(at.here)


@requires(Permission.HANDLE_CONTACTS)
@sent
def wrong(request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
    """An agent in a contact says that an answer is wrong."""
    who = viewer(request)
    return _wrong(request, who, _contact(who, public_id))


@requires(Permission.SEE_QUEUE)
@sent
def wrong_in_case(request: HttpRequest, reference: str) -> HttpResponse:
    """The same at a case."""
    who = viewer(request)
    return _wrong(request, who, _case(who, reference))
