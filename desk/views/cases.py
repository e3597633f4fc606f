"""One case: all that is known of it, and what may be done to it now."""

from __future__ import annotations

from contextlib import AbstractContextManager
from datetime import datetime

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from accounts.decorators import requires, viewer
from accounts.permissions import Permission, Viewer
from core.errors import DomainError
from desk import (
    acts,
    acts_writing,
    addresses,
    case_story,
    drawing,
    merging,
    referral_hub,
    undone,
)
from desk.answers import carried_out, found, go, sent
from desk.case_page import PARTS, CasePage, Refused
from desk.forms_tasks import TaskForm
from desk.views.people import looked_at, looked_at_sensitive
from enquiries.actions import assignments
from enquiries.queries import desk as cases
from enquiries.queries.desk import Case
from teamwork import actions_undo


def case_of(who: Viewer, reference: str) -> Case:
    """One case of the viewer's; 404 for any other."""
    with found():
        return cases.case(who, reference, now=timezone.now())


def show(
    request: HttpRequest,
    who: Viewer,
    case: Case,
    refused: Refused | None = None,
    refused_referral: referral_hub.Refused | None = None,
    opened: Refused | None = None,
    task_form: TaskForm | None = None,
) -> HttpResponse:
    """The page of a case, or the part of it that is asked for, with what was refused."""
    page = CasePage(
        request,
        who,
        case,
        now=timezone.now(),
        refused=refused,
        refused_referral=refused_referral,
        opened=opened,
        task_form=task_form,
    )
    context = {
        "nav_here": "queue",
        "live_topics": [f"case:{case.enquiry.reference}"],
        "page": page,
        "case": case,
        "enquiry": case.enquiry,
    }
    status = 422 if refused or refused_referral or task_form else 200
    response = drawing.drawn(request, "desk/case.html", context, PARTS, status=status)
    if request.GET.get("order") in case_story.ORDERS:
        response.set_cookie(
            case_story.COOKIE,
            request.GET["order"],
            max_age=case_story.KEPT_SECONDS,
            path="/desk/",
            secure=request.is_secure(),
            httponly=True,
            samesite="Lax",
        )
    return response


def show_again(request: HttpRequest, reference: str, refused: referral_hub.Refused) -> HttpResponse:
    """The page of a case, with what was refused about one of its referrals and its words."""
    who = viewer(request)
    return show(request, who, case_of(who, reference), refused_referral=refused)


@requires(Permission.SEE_QUEUE)
def on_paper(request: HttpRequest, reference: str) -> HttpResponse:
    """A case to be printed. Who may not know the person prints no name."""
    who = viewer(request)
    shown = case_of(who, reference)
    _looked(who, shown)
    page = CasePage(request, who, shown, now=timezone.now())
    # Paper leaves the house: notes for us alone are on it for who asks for them.
    page.is_for_outside = request.GET.get("notes") != "ours"
    context = {"page": page, "case": shown, "enquiry": shown.enquiry, "printed_at": page.now}
    return render(request, "desk/case/print.html", context)


@requires(Permission.SEE_QUEUE)
def case(request: HttpRequest, reference: str) -> HttpResponse:
    """The case page. Looking at a person is written down."""
    who = viewer(request)
    shown = case_of(who, reference)
    if drawing.asked_for(request) != "beside":
        _looked(who, shown)
    return show(request, who, shown)


def _looked(who: Viewer, case: Case) -> None:
    if case.person is not None and who.may(Permission.SEE_PEOPLE):
        looked_at(who, case.person.public_id, reference=case.enquiry.reference)
    if case.is_sensitive and not case.is_hidden:
        looked_at_sensitive(who, case.enquiry.reference)


def _back(request: HttpRequest, case: Case) -> HttpResponse:
    return go(f"/desk/cases/{case.enquiry.reference}/", **addresses.query_of(request))


def _undoable(
    who: Viewer, name: str, words: str, now: datetime
) -> AbstractContextManager[actions_undo.Act]:
    page = f"/desk/cases/{name}/"
    return actions_undo.cases(who, name, words=words, about=page, now=now)


@requires(Permission.TRIAGE)
@sent
def take(request: HttpRequest, reference: str) -> HttpResponse:
    """Mine now; whoever was quicker is named."""
    who, now = viewer(request), timezone.now()
    shown = case_of(who, reference)
    name = shown.enquiry.reference
    try:
        with _undoable(who, name, f"{name} is yours", now) as undo:
            assignments.take(reference=name, viewer=who, now=now)
        undone.said(request, f"{name} is yours", undo.left)
    except DomainError as error:
        messages.warning(request, error.message)
    return _back(request, shown)


@requires(Permission.TRIAGE)
@sent
def put_back(request: HttpRequest, reference: str) -> HttpResponse:
    """For anybody to take again."""
    who, now = viewer(request), timezone.now()
    shown = case_of(who, reference)
    name = shown.enquiry.reference
    words = f"{name} is back in the queue"
    try:
        with _undoable(who, name, words, now) as undo:
            assignments.release(reference=name, viewer=who, now=now)
        undone.said(request, words, undo.left)
    except DomainError as error:
        messages.warning(request, error.message)
    return _back(request, shown)


@requires(Permission.TRIAGE, Permission.REFER, Permission.RESOLVE)
@sent
def act(request: HttpRequest, reference: str, act: str) -> HttpResponse:
    """Does one thing to the case, once. A refusal comes back with every word kept."""
    who, chosen = viewer(request), acts.case_act(act)
    if chosen is None or not who.may(chosen.permission):
        raise Http404
    shown = case_of(who, reference)
    if request.POST.get("do") in ("begin", "preview") and chosen.name in acts_writing.EVENTS:
        return _written(request, who, shown, chosen)
    form = acts.case_form(chosen, shown, request.POST, files=request.FILES)
    name, said, left = shown.enquiry.reference, acts.Done(), None

    def work(data: acts.Data, now: datetime) -> None:
        nonlocal said, left
        if merges:
            said, left = acts.do_merged(chosen, name, form, request.POST, who, data, now)
        else:
            said, left = acts.do_undoable(chosen, name, who, data, now)

    both: merging.BothChanged | None = None
    merges = chosen.merges is not None and merging.base_of(request.POST) is not None
    try:
        is_done = carried_out(form, work, about=name, tell=merging.BothChanged)
    except merging.BothChanged as error:
        is_done, both = False, error
        form.add_error(None, error.message)
    if not is_done:
        fresh = case_of(who, name)
        if both is not None:
            merging.shown(form, fresh, both)
        acts.shown_now(form, fresh)
        return show(request, who, fresh, (chosen, form))
    words = f"{said.lands_at or name}: {said.words or chosen.done}"
    undone.said(request, words, left, act=f"case:{chosen.name}")
    if said.lands_at and said.lands_at != name and drawing.asked_for(request):
        # Another case is another page, with its own address.
        there = HttpResponse(status=204)
        there["HX-Redirect"] = f"/desk/cases/{said.lands_at}/"
        return there
    name = said.lands_at or name
    return go(f"/desk/cases/{name}/", **addresses.query_of(request))


def _written(request: HttpRequest, who: Viewer, case: Case, act: acts.CaseAct) -> HttpResponse:
    """The box with kept words in it, or with what stands in it as it arrives. Sends nothing."""
    if case.is_hidden:
        raise Http404
    if request.POST.get("do") == "begin":
        form = acts.case_form(act, case, begun=acts_writing.begun(case, request.POST))
    else:
        form = acts.case_form(act, case, request.POST)
    return show(request, who, case, opened=(act, form))
