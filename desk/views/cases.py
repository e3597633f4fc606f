"""One case: all that is known of it, and what may be done to it now."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.http import urlencode

import inbox.queries_mail
import kb.queries_articles
import notifications.queries
from accounts import boundaries
from accounts.decorators import requires, viewer
from accounts.permissions import Permission, Viewer
from core.errors import DomainError
from desk import acts, acts_links, acts_triage, addresses, days, referral_facts, referral_hub
from desk.answers import carried_out, found, go, sent
from desk.forms import KeyedForm
from desk.forms_telling import RungForm
from desk.views.people import looked_at, looked_at_sensitive
from desk.views.queue import filters_of, form_of, page_of
from enquiries.actions import assignments
from enquiries.queries import answers, calls_due, deadlines, holding
from enquiries.queries import desk as cases
from enquiries.queries.calls_due import CallToMake
from enquiries.queries.desk import Case

if TYPE_CHECKING:
    from kb.models import Article


def _case(who: Viewer, reference: str) -> Case:
    with found():
        return cases.case(who, reference, now=timezone.now())


def _context(request: HttpRequest) -> str:
    """The list that the viewer came from, as a query string."""
    return urlencode(addresses.query_of(request))


def _in_hand(case: Case) -> str:
    """Who works on it: one of the hub, or whoever accepted it for a partner."""
    if case.enquiry.assignee is not None:
        return str(case.enquiry.assignee)
    return next((row.accepted_by for row in case.referrals if row.status == "accepted"), "")


def _answers_to_say(case: Case) -> Sequence[Article]:
    """What can be said at once about what the case is about."""
    service = case.enquiry.service
    return kb.queries_articles.about(service.slug, limit=3) if service is not None else []


def _calls_due(who: Viewer, case: Case) -> list[CallToMake]:
    """What is to be told by telephone, for who may know the person."""
    may = who.may(Permission.SEE_PEOPLE) and not case.is_hidden
    return calls_due.of_case(case.enquiry.reference) if may else []


def _points(case: Case) -> list[dict[str, object]]:
    """The place of a case for a small map, where it has one that the viewer reads."""
    enquiry = case.enquiry
    if case.is_hidden or enquiry.latitude is None:
        return []
    words = enquiry.address or enquiry.postcode
    return [{"number": 1, "lat": enquiry.latitude, "lon": enquiry.longitude, "words": words}]


def _said_both_ways(who: Viewer, case: Case) -> dict[str, object]:
    """What was and is to be said, by which way: e-mails, calls that are due, messages, texts."""
    reference = case.enquiry.reference
    return {
        "mails": [] if case.is_hidden else inbox.queries_mail.of_case(reference),
        "calls_due": [
            {
                "public_id": one.public_id,
                "why": one.why,
                "words": one.words,
                "form": RungForm(auto_id=f"call_{number}_%s"),
            }
            for number, one in enumerate(_calls_due(who, case))
        ],
        "told": notifications.queries.about(reference),
        "texts_them": case.person is not None
        and not case.is_hidden
        and who.may(Permission.RESOLVE),
    }


def _show(
    request: HttpRequest,
    who: Viewer,
    case: Case,
    refused: tuple[acts.CaseAct, KeyedForm] | None = None,
    refused_referral: referral_hub.Refused | None = None,
) -> HttpResponse:
    now = timezone.now()
    beside = cases.inbox(who, filters_of(form_of(request)), page=page_of(request), now=now)
    context = {
        "nav_here": "queue",
        "case": case,
        "enquiry": case.enquiry,
        "in_hand": _in_hand(case),
        "is_held": holding.is_held(case.enquiry),
        "answers": [] if case.is_hidden else answers.in_words(case.enquiry),
        "clocks": deadlines.of_case(who, case.enquiry, now=now),
        "points": _points(case),
        "map": {
            "tiles": settings.MAP_TILE_URL,
            "attribution": settings.MAP_ATTRIBUTION,
            "is_of_use": bool(settings.MAP_TILE_URL) or boundaries.is_drawable(),
        },
        "clock": {"urgency": case.urgency, "due_at": case.enquiry.due_at},
        "days": days.by_day(case.lines, referral_facts.HUB_SEEN_BY),
        "acts": acts.laid_out(
            acts.open_to(who, case), lambda act: acts.case_form(act, case), refused
        ),
        "refused": refused[1] if refused else None,
        "suggested": acts_links.suggested(case) if case.can_join else [],
        "triage": acts_triage.of_case(who, case),
        "tied": acts_links.tied(case),
        "may_join": who.may(Permission.RESOLVE),
        "answers_to_say": _answers_to_say(case),
        "files": referral_facts.files_of_case(who, case.enquiry.reference),
        "sent_to": referral_hub.sent_to(who, case, now=now, refused=refused_referral),
        "beside": beside.rows,
        "is_beside": any(row.reference == case.enquiry.reference for row in beside.rows),
        "context": _context(request),
        **_said_both_ways(who, case),
        "sees_people": who.may(Permission.SEE_PEOPLE),
        "takes_contacts": who.may(Permission.HANDLE_CONTACTS),
    }
    return render(request, "desk/case.html", context)


def show_again(request: HttpRequest, reference: str, refused: referral_hub.Refused) -> HttpResponse:
    """The page of a case, with what was refused about one of its referrals and its words."""
    who = viewer(request)
    return _show(request, who, _case(who, reference), refused_referral=refused)


@requires(Permission.SEE_QUEUE)
def case(request: HttpRequest, reference: str) -> HttpResponse:
    """The case page. Looking at a person is written down."""
    who = viewer(request)
    shown = _case(who, reference)
    if shown.person is not None and who.may(Permission.SEE_PEOPLE):
        looked_at(who, shown.person.public_id, reference=shown.enquiry.reference)
    if shown.is_sensitive and not shown.is_hidden:
        looked_at_sensitive(who, shown.enquiry.reference)
    return _show(request, who, shown)


def _back(request: HttpRequest, case: Case) -> HttpResponse:
    return go(f"/desk/cases/{case.enquiry.reference}/", **addresses.query_of(request))


@requires(Permission.TRIAGE)
@sent
def take(request: HttpRequest, reference: str) -> HttpResponse:
    """Mine now; whoever was quicker is named."""
    who = viewer(request)
    shown = _case(who, reference)
    try:
        assignments.take(reference=reference, viewer=who, now=timezone.now())
        messages.success(request, f"{shown.enquiry.reference} is yours")
    except DomainError as error:
        messages.warning(request, error.message)
    return _back(request, shown)


@requires(Permission.TRIAGE)
@sent
def put_back(request: HttpRequest, reference: str) -> HttpResponse:
    """For anybody to take again."""
    who = viewer(request)
    shown = _case(who, reference)
    try:
        assignments.release(reference=reference, viewer=who, now=timezone.now())
        messages.success(request, f"{shown.enquiry.reference} is back in the queue")
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
    form = acts.case_form(chosen, shown, request.POST)
    name, said = shown.enquiry.reference, acts.Done()

    def work(data: acts.Data, now: datetime) -> None:
        nonlocal said
        said = acts.do(chosen, name, who, data, now)

    if not carried_out(form, work, about=name):
        fresh = _case(who, name)
        acts.shown_now(form, fresh)
        return _show(request, who, fresh, (chosen, form))
    name = said.lands_at or name
    messages.success(request, f"{name}: {said.words or chosen.done}")
    return go(f"/desk/cases/{name}/", **addresses.query_of(request))
