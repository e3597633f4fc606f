"""Links, checked: samples are drawn, marked by two who see nothing of each other, and decided."""

from __future__ import annotations

import re
import uuid
from datetime import timedelta

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from accounts.decorators import requires, viewer
from accounts.permissions import Permission, Viewer
from core import audit
from core.errors import DomainError
from desk import quality
from desk.answers import go, refuse, sent
from desk.forms_leading import DrawForm, MarkForm
from desk.views.leading import tabs
from enquiries.queries import likely
from teamwork import actions_quality, queries_quality
from teamwork.queries_quality import ToMark

DAY = timedelta(days=1)
_NUMBER = re.compile(r"[1-9][0-9]{0,6}")


def _page(request: HttpRequest, form: DrawForm, *, status: int = 200) -> HttpResponse:
    rounds = queries_quality.rounds(viewer(request))
    context = {
        "nav_here": "team",
        "tabs": tabs("quality"),
        "form": form,
        "rounds": [
            {"round": one, "last": one.until - DAY, "lines": quality.lines(one)} for one in rounds
        ],
    }
    return render(request, "desk/team/quality.html", context, status=status)


@requires(Permission.LEAD_TEAM)
def overview(request: HttpRequest) -> HttpResponse:
    """All samples with their figures, and a form for another."""
    return _page(request, DrawForm())


@requires(Permission.LEAD_TEAM)
@sent
def draw(request: HttpRequest) -> HttpResponse:
    """A new sample."""
    who, form = viewer(request), DrawForm(request.POST)
    if not form.is_valid():
        return _page(request, form, status=422)
    data = form.cleaned_data
    since, until, key = data["since"], data["until"] + DAY, str(data["key"])
    try:
        number = actions_quality.draw(
            who,
            quality.population(since, until, seed=key),
            since=since,
            until=until,
            size=data["size"],
            key=key,
            now=timezone.now(),
        )
    except DomainError as error:
        refuse(form, error)
        return _page(request, form, status=422)
    messages.success(request, f"Sample {number} is drawn. Two people mark each pair")
    return go("/desk/team/quality/")


def _shown(
    request: HttpRequest, number: int, found: ToMark | None, form: MarkForm, *, deciding: bool
) -> HttpResponse:
    if found is None:
        if not any(one.number == number for one in queries_quality.rounds(viewer(request), 1_000)):
            raise Http404
        words = (
            "Nothing is left for you to decide" if deciding else "Nothing is left for you to mark"
        )
        messages.success(request, f"{words} in sample {number}")
        return go("/desk/team/quality/")
    audit.record(
        "quality.read",
        actor=viewer(request).actor,
        target=f"pair:{found.public_id}",
        at=timezone.now(),
    )
    context = {
        "nav_here": "team",
        "number": number,
        "found": found,
        "pair": likely.pair(found.contact, found.earlier),
        "answers": [(quality.ANSWER_WORDS[answer], words) for answer, words in found.answers],
        "form": form,
        "deciding": deciding,
    }
    return render(request, "desk/team/mark.html", context, status=422 if form.errors else 200)


def _next(who: Viewer, number: int, *, deciding: bool) -> ToMark | None:
    ask = queries_quality.next_to_decide if deciding else queries_quality.next_to_mark
    return ask(who, number)


@requires(Permission.LEAD_TEAM)
def mark(request: HttpRequest, number: str, act: str) -> HttpResponse:
    """The next pair that this viewer has not seen: to be marked, or, where two differ, decided."""
    if act not in ("mark", "decide") or not _NUMBER.fullmatch(number):
        raise Http404
    who, deciding, sample = viewer(request), act == "decide", int(number)
    form = MarkForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            actions_quality.mark(
                who,
                pair=uuid.UUID(request.POST.get("pair", "")),
                answer=form.cleaned_data["answer"],
                words=form.cleaned_data["words"],
                now=timezone.now(),
            )
            return go(f"/desk/team/quality/{number}/{act}/")
        except ValueError as error:
            raise Http404 from error
        except DomainError as error:
            refuse(form, error)
    return _shown(request, sample, _next(who, sample, deciding=deciding), form, deciding=deciding)
