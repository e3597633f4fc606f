"""What the hub does to one referral of a case: takes the offer back, or follows a suggestion."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils import timezone

from accounts.decorators import requires, viewer
from accounts.permissions import Permission
from desk import addresses, referral_hub, undone
from desk.answers import carried_out, found, go
from desk.views import cases
from enquiries.queries import desk as reading
from teamwork import actions_undo

DONE = {
    referral_hub.WITHDRAW: "Taken back from {organisation}",
    referral_hub.SEND: "Sent on, as {organisation} suggests",
}


@requires(Permission.REFER)
def act(request: HttpRequest, reference: str, public_id: uuid.UUID, act: str) -> HttpResponse:
    """Does it once. A refusal comes back with every word kept, on the page of the case."""
    who, page = viewer(request), f"/desk/cases/{reference}/"
    if request.method != "POST":
        return HttpResponseRedirect(page)
    with found():
        case = reading.case(who, reference, now=timezone.now())
    row = next((one for one in case.referrals if one.public_id == public_id), None)
    if row is None or act not in referral_hub.FORMS:
        raise Http404
    form = referral_hub.form_of(act, public_id, request.POST)
    name, left = case.enquiry.reference, None
    words = f"{name}: {DONE[act].format(organisation=row.organisation.name)}"

    def work(data: Mapping[str, Any], now: datetime) -> None:
        nonlocal left
        with actions_undo.cases(who, name, words=words, about=page, now=now) as undo:
            referral_hub.CALLS[act](case, row, who, data, now)
        left = undo.left

    if not carried_out(form, work, about=str(public_id)):
        return cases.show_again(request, reference, (public_id, act, form))
    undone.said(request, words, left)
    return go(f"/desk/cases/{case.enquiry.reference}/", **addresses.query_of(request))
