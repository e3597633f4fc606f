"""A partner's desk: what was offered to this organisation, and its answers. Nothing of others."""

from __future__ import annotations

import uuid

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from accounts.decorators import requires, viewer
from accounts.permissions import Permission
from desk import acts, days
from desk.answers import carried_out, found, go, sent
from desk.forms import KeyedForm
from desk.views.people import looked_at
from desk.views.queue import page_of, pages
from enquiries.queries import referrals as reading
from enquiries.queries.referrals import ReferralCase

TABS = (
    ("offered", "To answer"),
    ("accepted", "In hand"),
    ("waiting", "Waiting for the citizen"),
    ("done", "Done"),
)
EMPTY = {
    "offered": (
        "Nothing waits for your answer",
        "When the hub sends you work it comes here, and your team gets an email.",
    ),
    "accepted": ("You have nothing in hand", "Accept what is offered to you, and it comes here."),
    "waiting": (
        "No work waits for a citizen",
        "Ask a citizen something, and the work waits here for the answer.",
    ),
    "done": ("Nothing is done yet", "What you complete or hand back comes here."),
}


@requires(Permission.ANSWER_REFERRALS)
def inbox(request: HttpRequest) -> HttpResponse:
    """The referrals to the viewer's organisation, due first."""
    who = viewer(request)
    tab = request.GET.get("tab", "offered")
    tab = tab if tab in dict(TABS) else "offered"
    counts, page = reading.counts(who), reading.referrals(who, tab, page=page_of(request))
    title, words = EMPTY[tab]
    context = {
        "nav_here": "referrals",
        "organisation": who.organisation_name,
        "tab": tab,
        "tab_words": dict(TABS)[tab],
        "tabs": [
            {
                "text": text,
                "href": f"?tab={name}",
                "current": name == tab,
                "count": counts.get(name),
            }
            for name, text in TABS
        ],
        "page": page,
        "pages": pages(page.page, page.next_page),
        "empty_title": title,
        "empty_words": words,
    }
    return render(request, "desk/referrals.html", context)


def _show(
    request: HttpRequest,
    case: ReferralCase,
    refused: tuple[acts.ReferralAct, KeyedForm] | None = None,
) -> HttpResponse:
    forms = acts.laid_out(acts.answers_to(case), acts.referral_form, refused)
    referral = case.referral
    context = {
        "nav_here": "referrals",
        "case": case,
        "referral": referral,
        "enquiry": referral.enquiry,
        "accept": next((one for one in forms if one["act"] == acts.referral_act("accept")), None),
        "acts": [one for one in forms if one["act"] != acts.referral_act("accept")],
        "refused": refused[1] if refused else None,
        "days": days.by_day(case.lines),
        "due_at": referral.accept_due_at if referral.status == "offered" else referral.work_due_at,
        "is_live": referral.settled_at is None,
        "waits": referral.status == "accepted" and referral.enquiry.status == "waiting",
    }
    return render(request, "desk/referral.html", context)


@requires(Permission.ANSWER_REFERRALS)
def referral(request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
    """One referral. Looking at a person is written down."""
    who = viewer(request)
    with found():
        case = reading.referral(who, public_id)
    if case.person is not None:
        looked_at(who, case.person.public_id, referral=str(public_id))
    return _show(request, case)


@requires(Permission.ANSWER_REFERRALS)
@sent
def act(request: HttpRequest, public_id: uuid.UUID, act: str) -> HttpResponse:
    """Answers, once. A refusal comes back with every word kept."""
    who, chosen = viewer(request), acts.referral_act(act)
    if chosen is None:
        raise Http404
    with found():
        case = reading.referral(who, public_id)
    form = acts.referral_form(chosen, request.POST)
    if not carried_out(
        form, lambda data, now: chosen.call(public_id, who, data, now), about=str(public_id)
    ):
        with found():
            return _show(request, reading.referral(who, public_id), (chosen, form))
    messages.success(request, f"{case.referral.enquiry.reference}: {chosen.done}")
    return go(f"/desk/referrals/{public_id}/")
