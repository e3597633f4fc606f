"""The queue as its page shows it: tabs, and lines whose every word is ready.

A template that puts words in their places costs a fraction of one that makes them.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qsl

from django.utils import timezone

import inbox.queries_mail
from accounts.permissions import Permission, Viewer
from desk.queue_filter import TABS, address
from enquiries.queries import holding
from enquiries.queries.queue import QueuePage
from enquiries.queries.queue_filters import View
from enquiries.queries.queue_rows import QueueRow
from teamwork import queries_views

EMPTY: dict[View, tuple[str, str]] = {
    View.UNASSIGNED: (
        "Nothing waits for somebody to take it",
        "New enquiries that the rules cannot send on by themselves come here.",
    ),
    View.MINE: ("You have nothing in hand", "Take the first one that nobody has."),
    View.TEAM: ("Your team has nothing in hand", "Look at what nobody has taken yet."),
    View.WATCHED: (
        "You watch no case",
        "Watch one on its page or in a list, and it stays in sight here.",
    ),
    View.DISPUTED: (
        "No organisations disagree about a case",
        "When two of them say that it is the other’s, it comes here with both reasons.",
    ),
    View.ALL: ("No enquiry is live", "Take a contact, and raise the first one."),
    View.ENDED: ("No enquiry has ended yet", "What is resolved comes here."),
}
TONES = {"late": "late", "soon": "soon", "paused": "waiting"}


def tabs(who: Viewer, view: str, query: Mapping[str, str]) -> list[dict[str, object]]:
    """The views, and the lists beside them with how many wait there, a hundred at most."""
    kept = {name: value for name, value in query.items() if name not in ("view", "saved")}
    found: list[dict[str, object]] = [
        {"text": words, "href": address({"view": one.value, **kept}), "current": one == view}
        for one, words in TABS.items()
    ]
    if who.may(Permission.TRIAGE):
        found.append({"text": "Held", "href": "/desk/holding/", "count": holding.count(who)})
    if who.may(Permission.HANDLE_CONTACTS):
        mails = inbox.queries_mail.news(who, now=timezone.now())
        found.append(
            {"text": "Callbacks", "href": "/desk/callbacks/", "count": mails.to_ring.words}
        )
        if mails.aside or mails.unread:
            page = "/desk/settings/messages/mail/"
            found.append({"text": "Emails", "href": page, "count": mails.aside})
    return found


def kept(who: Viewer, query: Mapping[str, str]) -> list[dict[str, object]]:
    """The views that the viewer finds, as links; which one is in front."""
    here = dict(query)
    return [
        {
            "text": one.name,
            "href": f"/desk/?{one.query}",
            "current": dict(parse_qsl(one.query)) == here,
            "query": one.query,
            "is_first": one.is_first,
        }
        for one in queries_views.views(who)
    ]


def lines(page: QueuePage, context: str) -> list[dict[str, Any]]:
    """The lines of a page, each word of them ready."""
    return [_line(one, context) for one in page.rows]


def _line(one: QueueRow, context: str) -> dict[str, Any]:
    tone, words = _promise(one)
    verb = "unwatch" if one.is_watched else "watch"
    can_take = one.is_free and not one.is_hidden
    return {
        "reference": one.reference,
        "href": f"/desk/cases/{one.reference}/?{context}",
        "take": f"/desk/cases/{one.reference}/take/?{context}" if can_take else "",
        "watch": f"/desk/cases/{one.reference}/{verb}/?from=queue&{context}",
        "is_watched": one.is_watched,
        "urgency": one.urgency,
        "due_at": one.due_at,
        "due_tone": tone,
        "due_words": words,
        "service": one.service,
        "priority": one.priority,
        "perhaps": one.perhaps,
        "description": one.description,
        "refusals": one.refusals,
        "person": one.person,
        "place": one.place or "No place",
        "status": one.status,
        "owner": one.owner,
        "assignee": "Nobody yet" if one.is_free else one.assignee,
        "received_at": one.received_at,
        "channel": one.channel,
    }


def _promise(one: QueueRow) -> tuple[str, str]:
    """How its promise stands: the tone of its tag or "", and the words; none where its day says
    it."""
    if one.due_at is None:
        return "", "No promise yet"
    state = one.clock.state
    return TONES.get(state, ""), "" if state == "none" else one.clock.words
