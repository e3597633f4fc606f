"""The command bar: where somebody wants to go, or what to do, in a few letters."""

from __future__ import annotations

import re
import uuid
from collections.abc import Iterable, Sequence
from dataclasses import asdict
from itertools import groupby

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone

from accounts.decorators import requires, viewer
from accounts.permissions import Permission, Viewer
from core import audit
from desk import acts, commands
from desk.commands import Command
from enquiries.queries import contacts
from enquiries.queries import desk as cases
from enquiries.queries.access import NoSuchCase
from teamwork import queries_macros

# Whoever is at a desk at all.
EVERYBODY = (
    Permission.ANSWER_REFERRALS,
    Permission.SEE_QUEUE,
    Permission.SEE_PERFORMANCE,
    Permission.READ_ANSWERS,
)
_CASE = re.compile(r"/desk/cases/([A-Z0-9-]{4,20})/")
_CONTACT = re.compile(r"/desk/contact/([0-9a-f-]{36})/")
HERE, MACROS = "On this page", "Macros"


@requires(*EVERYBODY)
def bar(request: HttpRequest) -> HttpResponse:
    """What fits the words. A page where no script runs; JSON for the bar over every page.

    Who is looked for by name is named in what is sent, never in an address.
    """
    who = viewer(request)
    sent = request.POST if request.method == "POST" else request.GET
    text, here = sent.get("q", "").strip()[:100], sent.get("from", "")
    found = [*_macros(who, here, text), *commands.found(who, text, contact=_contact(who, here))]
    if request.method == "POST" and text:
        found += _people(who, text)
    if request.headers.get("Accept") == "application/json":
        answer: HttpResponse = JsonResponse({"found": [asdict(one) for one in found]})
    else:
        acts_here = [one for one in _acts(who, here) if commands.fits(text, one)]
        context = {"q": text, "here": here, "groups": _grouped([*acts_here, *found])}
        answer = render(request, "desk/commands.html", context)
    answer["Cache-Control"] = "no-store"
    return answer


def _people(who: Viewer, text: str) -> Sequence[Command]:
    found = commands.people(who, text)
    if found:
        audit.record(
            "person.listed",
            actor=who.actor,
            target="people",
            at=timezone.now(),
            data={"people": [one.href.split("/")[-2] for one in found]},
        )
    return found


def _contact(who: Viewer, here: str) -> str:
    """The address of the contact in front, where it is the viewer's and still open."""
    match = _CONTACT.match(here)
    if match is None or not who.may(Permission.HANDLE_CONTACTS):
        return ""
    try:
        found = contacts.contact(who, uuid.UUID(match[1]))
    except ValueError:
        return ""
    return match[0] if found is not None and found.ended_at is None else ""


def _macros(who: Viewer, here: str, text: str) -> list[Command]:
    """What the viewer's team does in one go to the case in front: each shows first what it does."""
    match = _CASE.match(here)
    if match is None or not who.may(Permission.TRIAGE):
        return []
    rows = [
        Command(
            MACROS, one.name, reverse("desk-case-macro", args=[match[1], one.public_id]), one.key
        )
        for one in queries_macros.usable(who)
    ]
    return [one for one in rows if commands.fits(text, one)]


def _acts(who: Viewer, here: str) -> Iterable[Command]:
    """What may be done to the case in front, for who runs no script: the bar reads its page."""
    match = _CASE.match(here)
    if match is None:
        return
    try:
        case = cases.case(who, match[1], now=timezone.now())
    except NoSuchCase:
        return
    page = reverse("desk-case", args=[case.enquiry.reference])
    for act in acts.open_to(who, case):
        yield Command(HERE, act.words, f"{page}#act-{act.name}", case.enquiry.reference)


def _grouped(found: Iterable[Command]) -> list[tuple[str, list[Command]]]:
    return [(group, list(rows)) for group, rows in groupby(found, key=lambda one: one.group)]
