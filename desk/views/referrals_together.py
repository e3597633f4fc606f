"""The same answer to several referrals: choose, look again, do it, and read what came of it."""

from __future__ import annotations

import uuid
from collections.abc import Sequence

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from accounts.decorators import requires, viewer
from accounts.permissions import Permission, Viewer
from core.errors import DomainError
from desk import addresses, referral_bulk, referral_rows
from desk.answers import go, refuse, sent
from desk.forms import KeyedForm
from desk.referral_bulk import BulkAct, bulk_form, counted, read_ids
from desk.views import referrals
from enquiries.actions.referral_bulk import MOST, Bulk, many
from enquiries.queries import referral_finds

# What came of the last few is kept with the sign-in, for who comes back to the page.
KEPT, MOST_KEPT = "referrals_together", 5
NOTHING_CHOSEN = "Choose at least one referral"


@requires(Permission.ANSWER_REFERRALS)
@sent
def together(request: HttpRequest) -> HttpResponse:
    """Those chosen in a list, once more, with the words that are for all of them."""
    who = viewer(request)
    act = referral_bulk.bulk_act(request.POST.get("do", ""))
    if act is None:
        raise Http404
    chosen = read_ids(request.POST.getlist("chosen"))
    if not referral_finds.some(who, chosen):
        return _back_to_list(request, who)
    return _ask(request, who, act, bulk_form(act, who), chosen, chosen)


def _back_to_list(request: HttpRequest, who: Viewer) -> HttpResponse:
    wrong = [{"text": NOTHING_CHOSEN, "href": "#choose"}]
    return referrals.show_list(request, who, wrong=wrong)


def _ask(
    request: HttpRequest,
    who: Viewer,
    act: BulkAct,
    form: KeyedForm,
    listed: Sequence[uuid.UUID],
    chosen: Sequence[uuid.UUID],
) -> HttpResponse:
    shown = referral_finds.some(who, listed)
    rows = referral_rows.rows(shown, now=timezone.now(), chosen=set(chosen))
    number = sum(row.is_chosen for row in rows)
    context = {
        "nav_here": "referrals",
        "act": act,
        "form": form,
        "rows": rows,
        "title": act.title.format(counted(number)),
        "button": act.button.format("those chosen"),
        "caption": "Chosen",
        "tab": "offered" if act.name == "accept" else "",
        "left_out": max(len(listed) - len(rows), 0) if len(listed) > MOST else 0,
        "query": _query(request),
    }
    return render(request, "desk/referrals/together.html", context)


def _query(request: HttpRequest) -> str:
    return str(request.META.get("QUERY_STRING", ""))


@requires(Permission.ANSWER_REFERRALS)
@sent
def act(request: HttpRequest, act: str) -> HttpResponse:
    """Does it to each of them, once, however often it is sent."""
    who, known = viewer(request), referral_bulk.bulk_act(act)
    if known is None:
        raise Http404
    listed = read_ids(request.POST.getlist("listed"))
    chosen = read_ids(request.POST.getlist("chosen"))
    form = bulk_form(known, who, request.POST)
    if form.is_valid() and not chosen:
        form.add_error(None, NOTHING_CHOSEN)
    if form.is_valid():
        try:
            bulk = many(
                known.domain,
                chosen,
                who,
                timezone.now(),
                key=str(form.cleaned_data["key"]),
                **known.data(form.cleaned_data),
            )
        except DomainError as error:
            refuse(form, error)
        else:
            _keep(request, known, form, chosen, bulk)
            here = f"/desk/referrals/together/done/{form.cleaned_data['key']}/"
            return go(here, **addresses.query_of(request))
    return _ask(request, who, known, form, listed or chosen, chosen)


def _keep(
    request: HttpRequest, act: BulkAct, form: KeyedForm, chosen: Sequence[uuid.UUID], bulk: Bulk
) -> None:
    refused = {str(one.public_id): one.words for one in bulk.refused}
    came_of = {
        "act": act.name,
        "done": [str(one) for one in chosen if str(one) not in refused],
        "refused": refused,
    }
    kept = request.session.get(KEPT, {})
    kept.pop(str(form.cleaned_data["key"]), None)
    kept[str(form.cleaned_data["key"])] = came_of
    request.session[KEPT] = dict(list(kept.items())[-MOST_KEPT:])


@requires(Permission.ANSWER_REFERRALS)
def came_of(request: HttpRequest, key: uuid.UUID) -> HttpResponse:
    """Which were done, and which were refused and why."""
    who, kept = viewer(request), request.session.get(KEPT, {}).get(str(key))
    known = referral_bulk.bulk_act(kept["act"]) if kept else None
    if kept is None or known is None:
        raise Http404
    listed = read_ids([*kept["done"], *kept["refused"]])
    rows = {row.public_id: row for row in _rows(who, listed)}
    done = [rows[one] for one in read_ids(kept["done"]) if one in rows]
    refused = [
        {"row": rows[one], "words": kept["refused"][str(one)]}
        for one in read_ids(list(kept["refused"]))
        if one in rows
    ]
    context = {
        "nav_here": "referrals",
        "title": _title(known, len(done), len(refused)),
        "done_words": known.done,
        "done": done,
        "refused": refused,
        "back": f"/desk/referrals/?{_query(request)}",
    }
    return render(request, "desk/referrals/came_of.html", context)


def _rows(who: Viewer, ids: Sequence[uuid.UUID]) -> list[referral_rows.Row]:
    return referral_rows.rows(referral_finds.some(who, ids), now=timezone.now())


def _title(act: BulkAct, done: int, refused: int) -> str:
    if not refused:
        return f"{counted(done)} {act.done}"
    if not done:
        return f"None {act.done}"
    return f"{done} of {counted(done + refused)} {act.done}"
