"""One case: all that is known of it, and what may be done to it now."""

from __future__ import annotations

from contextlib import AbstractContextManager
from datetime import datetime

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone

from accounts.decorators import requires, viewer
from accounts.permissions import Permission, Viewer
from core.errors import DomainError
from desk import acts, acts_writing, addresses, drawing, referral_hub, undone
from desk.answers import carried_out, found, go, sent
from desk.case_page import PARTS, CasePage, Refused
from desk.views.people import looked_at, looked_at_sensitive
from enquiries.actions import assignments
from enquiries.queries import desk as cases
from enquiries.queries.desk import Case
from teamwork import actions_undo


def _case(who: Viewer, reference: str) -> Case:
    with found():
        return cases.case(who, reference, now=timezone.now())


def _show(
    request: HttpRequest,
    who: Viewer,
    case: Case,
    refused: Refused | None = None,
    refused_referral: referral_hub.Refused | None = None,
    opened: Refused | None = None,
) -> HttpResponse:
    page = CasePage(
        request,
        who,
        case,
        now=timezone.now(),
        refused=refused,
        refused_referral=refused_referral,
        opened=opened,
    )
    context = {
        "nav_here": "queue",
        "live_topics": [f"case:{case.enquiry.reference}"],
        "page": page,
        "case": case,
        "enquiry": case.enquiry,
    }
    status = 422 if refused or refused_referral else 200
    return drawing.drawn(request, "desk/case.html", context, PARTS, status=status)


def show_again(request: HttpRequest, reference: str, refused: referral_hub.Refused) -> HttpResponse:
    """The page of a case, with what was refused about one of its referrals and its words."""
    who = viewer(request)
    return _show(request, who, _case(who, reference), refused_referral=refused)


@requires(Permission.SEE_QUEUE)
def case(request: HttpRequest, reference: str) -> HttpResponse:
    """The case page. Looking at a person is written down."""
    who = viewer(request)
    shown = _case(who, reference)
    if drawing.asked_for(request) != "beside":
        _looked(who, shown)
    return _show(request, who, shown)


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
    shown = _case(who, reference)
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
    shown = _case(who, reference)
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
    shown = _case(who, reference)
    if request.POST.get("do") in ("begin", "preview") and chosen.name in acts_writing.EVENTS:
        return _written(request, who, shown, chosen)
    form = acts.case_form(chosen, shown, request.POST)
    name, said, left = shown.enquiry.reference, acts.Done(), None

    def work(data: acts.Data, now: datetime) -> None:
        nonlocal said, left
        said, left = acts.do_undoable(chosen, name, who, data, now)

    if not carried_out(form, work, about=name):
        fresh = _case(who, name)
        acts.shown_now(form, fresh)
        return _show(request, who, fresh, (chosen, form))
    undone.said(request, f"{said.lands_at or name}: {said.words or chosen.done}", left)
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
    return _show(request, who, case, opened=(act, form))
