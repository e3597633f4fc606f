"""One referral: its facts first, how long there is, who has it, and what may be done to it."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from accounts.decorators import requires, viewer
from accounts.permissions import Permission, Viewer
from desk import acts_referrals as acts
from desk import days, referral_facts, referral_rows, undone
from desk.acts import laid_out
from desk.acts_referrals import Offers, ReferralAct, referral_form
from desk.answers import carried_out, found, go, sent
from desk.forms import KeyedForm
from desk.referral_bulk import acts_of
from desk.referral_facts import SEEN_BY
from desk.referral_forms import PUBLIC
from desk.views.people import looked_at, looked_at_sensitive
from enquiries.queries import deadlines, previews, referral_clocks
from enquiries.queries import referrals as reading
from enquiries.queries.fields import Field
from enquiries.queries.queue_rows import priority_words
from enquiries.queries.referrals import ReferralCase
from teamwork import actions_undo

Refused = tuple[ReferralAct, KeyedForm]


def _groups(who: Viewer, case: ReferralCase, refused: Refused | None) -> list[dict[str, Any]]:
    """What may be done, in the rows of the page; a refused one open with its words."""
    offers = Offers(who, case)
    open_now = [act for act in acts.open_to(who, case) if act.group != acts.PRIMARY]
    forms = laid_out(open_now, lambda act: referral_form(act, offers), refused)
    return [
        {"words": words, "acts": row}
        for group, words in acts.GROUPS
        if (row := [one for one in forms if one["act"].group == group])
    ]


def _primary(who: Viewer, case: ReferralCase) -> dict[str, Any] | None:
    """The one big button."""
    act = next((one for one in acts.open_to(who, case) if one.group == acts.PRIMARY), None)
    return {"act": act, "form": referral_form(act, Offers(who, case))} if act else None


def _tab(who: Viewer, case: ReferralCase) -> str:
    """The tab of the list in which it stands."""
    referral = case.referral
    if referral.settled_at is not None:
        return "done"
    if referral.status == "offered":
        return "offered"
    if referral_rows.is_waiting(referral):
        return "waiting"
    return "mine" if referral.assignee_id == who.id else "team"


def _written_down(who: Viewer, case: ReferralCase) -> None:
    """Who saw a person, or what is sensitive, stands in the audit trail."""
    if case.person is not None:
        looked_at(who, case.person.public_id, referral=str(case.referral.public_id))
    if case.sight.is_sensitive and case.sight.of(Field.WORDS):
        looked_at_sensitive(who, case.referral.enquiry.reference)


def _show(
    request: HttpRequest,
    who: Viewer,
    case: ReferralCase,
    *,
    refused: Refused | None = None,
    looking: dict[str, object] | None = None,
) -> HttpResponse:
    _written_down(who, case)
    referral, now = case.referral, timezone.now()
    clock = referral_clocks.running([referral], now=now).get(referral.pk)
    tab = _tab(who, case)
    same = reading.same_cause(who, referral.public_id) if referral.settled_at is None else ()
    context = {
        "nav_here": "referrals",
        "case": case,
        "referral": referral,
        "enquiry": referral.enquiry,
        "priority": priority_words(referral.enquiry.priority),
        "clock": clock,
        "clocks": deadlines.of_case(who, referral.enquiry, now=now),
        "primary": _primary(who, case),
        "groups": _groups(who, case, refused),
        "refused": refused[1] if refused else None,
        "looking": looking,
        "facts": referral_facts.rows(case),
        "files": referral_facts.files(who, case),
        "days": days.by_day(case.lines, referral_facts.SEEN_BY),
        "same": referral_rows.rows(same, now=now),
        "bulk": acts_of(tab),
        "is_live": referral.settled_at is None,
        "waits": referral_rows.is_waiting(referral),
        "back": f"/desk/referrals/?tab={tab}",
    }
    return render(request, "desk/referrals/one.html", context)


@requires(Permission.ANSWER_REFERRALS)
def referral(request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
    """One referral."""
    who = viewer(request)
    with found():
        case = reading.referral(who, public_id)
    return _show(request, who, case)


@requires(Permission.ANSWER_REFERRALS)
@sent
def act(request: HttpRequest, public_id: uuid.UUID, act: str) -> HttpResponse:
    """Does one thing, once. A refusal comes back with every word kept."""
    who, chosen = viewer(request), acts.referral_act(act)
    if chosen is None:
        raise Http404
    with found():
        case = reading.referral(who, public_id)
    form = referral_form(chosen, Offers(who, case), request.POST, request.FILES)
    if "preview" in request.POST and chosen.previews and form.is_valid():
        looking = _looking(case, chosen, form)
        return _show(request, who, case, refused=(chosen, form), looking=looking)
    reference, left = case.referral.enquiry.reference, None

    def work(data: Mapping[str, Any], now: datetime) -> None:
        nonlocal left
        page, words = f"/desk/referrals/{public_id}/", f"{reference}: {chosen.words}"
        with actions_undo.referral(who, public_id, words=words, about=page, now=now) as undo:
            chosen.call(public_id, who, data, now)
        left = undo.left

    if "preview" in request.POST or not carried_out(form, work, about=str(public_id)):
        with found():
            return _show(request, who, reading.referral(who, public_id), refused=(chosen, form))
    words = acts.done_words(chosen, form.cleaned_data)
    undone.said(request, f"{reference}: {words}", left)
    return go(f"/desk/referrals/{public_id}/")


def _looking(case: ReferralCase, chosen: ReferralAct, form: KeyedForm) -> dict[str, object]:
    """What the citizen would get, or who reads it where they would get nothing."""
    data = form.cleaned_data
    readers = data.get("seen_by", PUBLIC)
    if readers != PUBLIC:
        return {"act": chosen, "preview": None, "readers": SEEN_BY[readers]}
    preview = previews.preview(
        case.referral,
        event=chosen.previews,
        words=acts.public_words(chosen, data),
        outcome=data.get("outcome", ""),
    )
    return {"act": chosen, "preview": preview, "readers": SEEN_BY[readers]}
