"""Texts with the citizen of a case, both ways; and the short texts that staff keep."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_POST

import customers.queries
import kb.queries_articles
from accounts.decorators import requires, viewer
from accounts.permissions import Permission, Viewer
from desk import undone
from desk.answers import carried_out, found, go
from desk.forms_texts import OWN_PAGE, CannedForm, FirstTextForm, TextForm, texts_of
from desk.views.people import looked_at, looked_at_sensitive
from enquiries.actions import texting_out
from enquiries.queries import desk as cases
from enquiries.queries import text_out
from enquiries.queries.desk import Case
from kb import actions_canned, queries_canned
from teamwork import actions_undo

if TYPE_CHECKING:
    from kb.models import CannedText

PAGE: Final = "/desk/texts/"
_OWN: Final = "The page of their enquiry, where they can add a photo"


def _case(who: Viewer, reference: str) -> Case:
    """A case of the viewer's desk. What is sensitive may be hidden from them."""
    with found():
        return cases.case(who, reference, now=timezone.now())


def _begins(who: Viewer, case: Case) -> list[tuple[str, str, str]]:
    """What a text can begin with: texts that are kept, then what answers say in short."""
    kept = [(f"kept:{one.public_id}", one.name, one.words) for one in queries_canned.own(who)]
    said = [(f"answer:{row.slug}", row.title, row.short) for row in _articles(case) if row.short]
    return [*kept, *said]


def _articles(case: Case) -> list[Any]:
    service = case.enquiry.service
    return list(kb.queries_articles.about(service.slug, limit=5)) if service is not None else []


def _form(who: Viewer, case: Case, data: Any = None) -> TextForm:
    links = [(OWN_PAGE, _OWN)]
    links += [(f"answer:{row.slug}", f"The answer “{row.title}”") for row in _articles(case)]
    return TextForm(data, canned=texts_of(_begins(who, case)), links=links)


def _composed(data: Mapping[str, Any]) -> tuple[str, bool]:
    """The words with the address of an answer after them, and whether their own link goes too."""
    words, link = data["words"].strip(), data["link"]
    kind, _, slug = link.partition(":")
    if kind == "answer" and slug:
        words = f"{words} {settings.HUB_BASE_URL}/answers/{slug}/"
    return words, link == OWN_PAGE


@requires(Permission.RESOLVE)
def conversation(request: HttpRequest, reference: str) -> HttpResponse:
    """What was said by text, and a form for the next. `do` says what is done with the form: its
    words begun with a kept text, checked for how they travel, or sent."""
    who = viewer(request)
    case = _case(who, reference)
    if case.is_hidden:
        return render(request, "desk/texts/hidden.html", {"nav_here": "queue", "case": case})
    if request.method != "POST":
        if case.person is not None:
            looked_at(who, case.person.public_id, reference=case.enquiry.reference)
        if case.is_sensitive:
            looked_at_sensitive(who, case.enquiry.reference)
        return _show(request, who, case, _form(who, case))
    form, do = _form(who, case, request.POST), request.POST.get("do", "send")
    if do == "begin":
        return _show(request, who, case, _begun(who, case, request))
    if do == "check":
        is_whole = form.is_valid()
        return _show(request, who, case, form, check=form.cleaned_data if is_whole else None)

    name, left = case.enquiry.reference, None

    def work(data: Mapping[str, Any], now: datetime) -> None:
        nonlocal left
        words, with_link = _composed(data)
        said, page = f"{name}: Your text is on its way", request.path
        with actions_undo.cases(who, name, words=said, about=page, now=now) as undo:
            texting_out.text(reference=name, viewer=who, words=words, with_link=with_link, now=now)
        left = undo.left

    if not carried_out(form, work, about=f"text:{name}"):
        return _show(request, who, case, form)
    undone.said(request, "Your text is on its way", left)
    return go(request.path)


def _begun(who: Viewer, case: Case, request: HttpRequest) -> TextForm:
    """The form with the chosen words put before what is there."""
    chosen = request.POST.get("canned", "")
    words = next((text for key, _name, text in _begins(who, case) if key == chosen), "")
    form = _form(who, case)
    form.initial["words"] = " ".join([words, request.POST.get("words", "")[:2_000]]).strip()
    form.initial["link"] = request.POST.get("link", "")
    return form


def _show(
    request: HttpRequest,
    who: Viewer,
    case: Case,
    form: TextForm,
    check: Mapping[str, Any] | None = None,
) -> HttpResponse:
    now, enquiry = timezone.now(), case.enquiry
    measured = None
    if check is not None:
        words, with_link = _composed(check)
        measured = text_out.measured(enquiry, words, with_link=with_link, now=now)
    before = text_out.measured(enquiry, "", with_link=False, now=now)
    own = text_out.measured(enquiry, "", with_link=True, now=now)
    context = {
        "nav_here": "queue",
        "case": case,
        "enquiry": enquiry,
        "number": text_out.number_of(enquiry),
        "lines": text_out.conversation(enquiry),
        "form": form,
        "measured": measured,
        "goes_at": before.goes_at,
        "pence": settings.SMS_PENCE,
        # For the count while somebody types: what stands before their words, and after them.
        "frame": before.words,
        "own_length": own.characters - before.characters,
        "answer_address": f"{settings.HUB_BASE_URL}/answers/",
        "may_edit": who.may(Permission.EDIT_ANSWERS),
    }
    return render(request, "desk/texts/conversation.html", context)


@requires(Permission.SEE_PEOPLE)
def first(request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
    """A text to somebody before there is a case; their answer opens one."""
    who = viewer(request)
    with found():
        person = customers.queries.person(who, public_id)
    looked_at(who, public_id)
    form = FirstTextForm(request.POST or None)
    if request.method == "POST" and carried_out(
        form,
        lambda data, now: texting_out.text_first(
            person=public_id, viewer=who, words=data["words"], now=now
        ),
        about=f"text:{public_id}",
    ):
        messages.success(request, "Your text is on its way. Their answer opens an enquiry")
        return go(f"/desk/people/{public_id}/")
    context = {
        "nav_here": "people",
        "person": person,
        "number": text_out.number_of_person(person.id),
        "form": form,
        "frame": f"{who.organisation_name}:",
        "pence": settings.SMS_PENCE,
    }
    return render(request, "desk/texts/first.html", context)


# -- Texts that are kept -------------------------------------------------------------------------


def _kept(who: Viewer, public_id: uuid.UUID) -> CannedText:
    try:
        return queries_canned.one(who, public_id)
    except queries_canned.NoSuchText as error:
        raise Http404 from error


@requires(Permission.EDIT_ANSWERS)
def kept(request: HttpRequest) -> HttpResponse:
    """The short texts of the viewer's organisation, and a form for one more."""
    who = viewer(request)
    form = CannedForm(request.POST or None)
    if request.method == "POST" and carried_out(
        form,
        lambda data, now: actions_canned.add(
            viewer=who, name=data["name"], words=data["words"], now=now
        ),
        about="canned:add",
    ):
        messages.success(request, f"“{form.cleaned_data['name']}” can be used now")
        return go(PAGE)
    context = {"nav_here": "answers", "form": form, "texts": queries_canned.own(who)}
    return render(request, "desk/texts/kept.html", context)


@requires(Permission.EDIT_ANSWERS)
def change(request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
    """One of them, to be changed."""
    who = viewer(request)
    text = _kept(who, public_id)
    shown = {"name": text.name, "words": text.words, "seen": text.version}
    form = CannedForm(request.POST or None, initial=shown)
    if request.method == "POST" and carried_out(
        form,
        lambda data, now: actions_canned.change(
            public_id=public_id, seen=data["seen"] or 0, viewer=who, name=data["name"],
            words=data["words"], now=now,
        ),
        about=f"canned:{public_id}",
    ):  # fmt: skip
        messages.success(request, f"“{form.cleaned_data['name']}” is changed")
        return go(PAGE)
    context = {"nav_here": "answers", "form": form, "text": text}
    return render(request, "desk/texts/kept_one.html", context)


@requires(Permission.EDIT_ANSWERS)
@require_POST
def end(request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
    """Nobody is offered it any more."""
    who = viewer(request)
    text = _kept(who, public_id)
    actions_canned.end(public_id=public_id, viewer=who, now=timezone.now())
    messages.success(request, f"“{text.name}” is gone")
    return go(PAGE)
