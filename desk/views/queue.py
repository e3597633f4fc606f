"""The shared queue: due first, narrowed by what stands in the address."""

from __future__ import annotations

import uuid
from datetime import datetime
from urllib.parse import parse_qsl

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils import timezone
from django.utils.http import urlencode

from accounts.decorators import requires, viewer
from accounts.permissions import Permission, Viewer
from core import references
from desk import drawing, queue_bulk, queue_filter, queue_page
from desk.queue_filter import Asked, address
from desk.views.people import looked_at_sensitive
from desk.views.sign_in import start_of
from enquiries.queries import desk as cases
from enquiries.queries import next_best
from enquiries.queries import queue as reading
from enquiries.queries.access import NoSuchCase
from enquiries.queries.next_best import NextCase
from enquiries.queries.queue import QueuePage
from enquiries.queries.queue_filters import View
from enquiries.queries.queue_names import Names, names
from teamwork import actions_together, queries_skills, queries_tasks

PARTS = {"queue-rows": "desk/queue_rows.html"}


def beside(request: HttpRequest, who: Viewer, now: datetime) -> QueuePage:
    """The page of the queue that the viewer came from, to stand beside a case."""
    known = names()
    asked = queue_filter.asked(queue_filter.query_of(request), known)
    place = queue_filter.place_of(request)
    return reading.inbox(who, asked.filters, now=now, place=place, known=known)


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
    known, now = names(), timezone.now()
    query = queue_filter.query_of(request)
    views = queue_page.kept(who, query)
    if not request.GET:
        # Who opens the queue by its plain address finds it as they want it.
        first = next((one for one in views if one["is_first"]), None)
        query = dict(parse_qsl(str(first["query"]))) if first else query
        views = [{**one, "current": one is first} for one in views]
    asked = queue_filter.asked(query, known)
    if case := _straight_to(who, asked.filters.text) if asked.filters.text else "":
        return HttpResponseRedirect(case)
    place = queue_filter.place_of(request)
    page = reading.inbox(who, asked.filters, now=now, place=place, known=known)
    looked_at_sensitive(who, *(row.reference for row in page.rows if row.tells_sensitive))
    context = _list(who, page, asked, query)
    if not drawing.asked_for(request):
        context |= {
            "nav_here": "queue",
            "live_topics": ["queue"],
            "here": request.get_full_path(),
            "tabs": queue_page.tabs(who, asked.filters.view, query),
            "filter": asked.drawn,
            "views": views,
            "save": f"/desk/views/new/{address(query)}",
            "next": _next(who, known, now),
            "next_key": uuid.uuid4(),
            "may_next": who.may(Permission.TRIAGE),
            # Where one's own work is, one's own tasks are, too.
            "tasks_due": queries_tasks.due(who) if asked.filters.view == View.MINE else None,
        }
    return drawing.drawn(request, "desk/queue.html", context, PARTS)


def _next(who: Viewer, known: Names, now: datetime) -> NextCase | None:
    """Two statements, whatever the tab: what the viewer can do, and what there is."""
    return next_best.best(who, queries_skills.fit(who, known), known, now=now)


def _list(who: Viewer, page: QueuePage, asked: Asked, query: dict[str, str]) -> dict[str, object]:
    """What the list itself shows, on the page and where it alone is looked at again."""
    view = View(asked.filters.view)
    title, words = queue_page.EMPTY[view]
    context = urlencode({"view": view.value, **query})
    if asked.chosen:
        title, words = (
            "Nothing fits these filters",
            "Take a filter away, or look in another tab.",
        )
    if asked.filters.is_void:
        words = "One of them asks for something that is not there (any more). Take it away."
    return {
        "lines": queue_page.lines(page, context),
        "context": context,
        "bulk": [] if asked.filters.is_ended else queue_bulk.acts_of(who),
        "more": bool(page.back or page.onward),
        "most": actions_together.MOST,
        "back": address(query, before=page.back) if page.back else "",
        "onward": address(query, after=page.onward) if page.onward else "",
        "tab": queue_filter.TABS[view],
        "ended": asked.filters.is_ended,
        "may_take": who.may(Permission.TRIAGE) and not asked.filters.is_ended,
        "empty_title": title,
        "empty_words": words,
    }
