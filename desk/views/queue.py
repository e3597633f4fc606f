"""The shared queue: due first, narrowed by what stands in the address."""

from __future__ import annotations

from datetime import datetime

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils import timezone
from django.utils.http import urlencode

import inbox.queries_calls
import inbox.queries_mail
from accounts.decorators import requires, viewer
from accounts.permissions import Permission, Viewer
from core import references
from desk import addresses, choices, next_step
from desk.forms import QueueForm
from desk.views.people import looked_at_sensitive
from desk.views.sign_in import start_of
from enquiries.queries import desk as cases
from enquiries.queries import holding
from enquiries.queries.access import NoSuchCase
from enquiries.queries.desk import Filters

TABS = (
    ("unassigned", "Nobody has it"),
    ("mine", "Mine"),
    ("team", "My team"),
    ("disputed", "Disputed"),
    ("all", "All live"),
    ("ended", "Ended"),
)
EMPTY = {
    "unassigned": (
        "Nothing waits for somebody to take it",
        "New enquiries that the rules cannot send on by themselves come here.",
    ),
    "mine": ("You have nothing in hand", "Take the first one that nobody has."),
    "team": ("Your team has nothing in hand", "Look at what nobody has taken yet."),
    "disputed": (
        "No organisations disagree about a case",
        "When two of them say that it is the other’s, it comes here with both reasons.",
    ),
    "all": ("No enquiry is live", "Take a contact, and raise the first one."),
    "ended": ("No enquiry has ended yet", "What is resolved comes here."),
}


def filters_of(form: QueueForm) -> Filters:
    """What the address asks for; what it asks wrongly is left out."""
    data = form.cleaned_data if form.is_valid() else getattr(form, "cleaned_data", {})
    view = data.get("view") or "unassigned"
    return Filters(
        view=view if view in dict(TABS) else "unassigned",
        service=data.get("service", ""),
        organisation=data.get("organisation", ""),
        channel=data.get("channel", ""),
        status=data.get("status", ""),
        text=data.get("text", ""),
        late=bool(data.get("late")),
        priority=data.get("priority", ""),
    )


def page_of(request: HttpRequest) -> int:
    """The number of the page; 1 for anything odd."""
    text = request.GET.get("page", "1")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 5 else 1


def pages(page: int, next_page: int) -> dict[str, object]:
    """Where the pages before and after are; nothing counts how many there are."""
    return {"back": page - 1 or None, "onward": next_page or None, "words": f"Page {page}"}


def form_of(request: HttpRequest) -> QueueForm:
    """The filter as the address fills it."""
    return QueueForm(
        request.GET, services=choices.services(), organisations=choices.organisations()
    )


def _tabs(who: Viewer, filters: Filters, query: dict[str, str]) -> list[dict[str, object]]:
    kept = {key: value for key, value in query.items() if key not in ("view", "page")}
    tabs: list[dict[str, object]] = [
        {
            "text": words,
            "href": f"?{urlencode({'view': view, **kept})}",
            "current": view == filters.view,
        }
        for view, words in TABS
    ]
    if who.may(Permission.TRIAGE):
        tabs.append({"text": "Held", "href": "/desk/holding/", "count": holding.count(who)})
    if who.may(Permission.HANDLE_CONTACTS):
        waiting = inbox.queries_calls.how_many_wait(who)
        tabs.append({"text": "Callbacks", "href": "/desk/callbacks/", "count": waiting})
        aside = inbox.queries_mail.count_aside(who)
        if aside or inbox.queries_mail.is_unread(now=timezone.now()):
            page = "/desk/settings/messages/mail/"
            tabs.append({"text": "Emails", "href": page, "count": aside})
    return tabs


def _chosen(form: QueueForm, query: dict[str, str]) -> list[dict[str, str]]:
    """Each filter in force, with the address of the queue without it."""
    names = ("text", "service", "organisation", "channel", "status", "priority", "late")
    return [
        {"text": f"{label}: {words}", "href": href}
        for label, words, href in addresses.in_force(form, query, names)
    ]


def _next(who: Viewer, now: datetime) -> next_step.NextStep | None:
    """Two statements, whatever the tab: the first of mine and the first that nobody has."""
    mine = cases.inbox(who, Filters(view="mine"), page=1, now=now)
    free = cases.inbox(who, Filters(view="unassigned"), page=1, now=now)
    return next_step.choose(
        mine.rows[0] if mine.rows else None,
        next((row for row in free.rows if not row.is_hidden), None),
    )


def _straight_to(who: Viewer, text: str) -> str:
    """The case whose reference was typed, in whatever tab it stands; else nothing."""
    try:
        reference = references.parse(text)
        cases.case(who, reference, now=timezone.now())
    except (references.BadReference, NoSuchCase):
        return ""
    return f"/desk/cases/{reference}/"


@requires(
    Permission.SEE_QUEUE,
    Permission.ANSWER_REFERRALS,
    Permission.SEE_PERFORMANCE,
    Permission.READ_ANSWERS,
)
def queue(request: HttpRequest) -> HttpResponse:
    """The queue; whose work waits elsewhere is taken there."""
    who = viewer(request)
    if not who.may(Permission.SEE_QUEUE):
        return HttpResponseRedirect(start_of(who))
    form = form_of(request)
    filters = filters_of(form)
    if case := _straight_to(who, filters.text) if filters.text else "":
        return HttpResponseRedirect(case)
    now = timezone.now()
    page = cases.inbox(who, filters, page=page_of(request), now=now)
    looked_at_sensitive(who, *(row.reference for row in page.rows if row.tells_sensitive))
    query = addresses.query_of(request)
    title, words = EMPTY[filters.view]
    chosen = _chosen(form, query)
    return render(
        request,
        "desk/queue.html",
        {
            "nav_here": "queue",
            "page": page,
            "pages": pages(page.page, page.next_page),
            "tabs": _tabs(who, filters, query),
            "tab": dict(TABS)[filters.view],
            "form": form,
            "chosen": chosen,
            "ended": filters.view == "ended",
            "context": urlencode({"view": filters.view, **query}),
            "here": request.get_full_path(),
            "next_step": _next(who, now),
            "may_take": who.may(Permission.TRIAGE),
            "empty_title": "Nothing fits these filters" if chosen else title,
            "empty_words": "Take a filter away, or look in another tab." if chosen else words,
        },
    )
