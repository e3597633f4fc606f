"""Where an enquiry stood before its report ended in another, and the way back there."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING, Any

import accounts.queries
from core.audit import Actor
from enquiries import events
from enquiries.actions import deadlines, offers, telling
from enquiries.events import EventType
from enquiries.lifecycle import Status
from enquiries.models import Enquiry, EnquiryEvent, Referral
from enquiries.models.referrals import LIVE_REFERRAL

if TYPE_CHECKING:
    from accounts.models import Organisation

Where = dict[str, Any]


def where(enquiry: Enquiry) -> Where:
    """Status, hands and live offers of a locked enquiry, as its ledger keeps them."""
    live = enquiry.referrals.filter(status__in=LIVE_REFERRAL).order_by("offered_at", "pk")
    waits = enquiry.status == Status.WAITING.value
    return {
        "status": enquiry.status,
        "owner": enquiry.owner_id,
        "team": enquiry.team_id,
        "assignee": enquiry.assignee_id,
        "responded": enquiry.responded_at.isoformat() if enquiry.responded_at else "",
        "words": enquiry.public_words,
        "question": events.last_asked(enquiry) if waits else "",
        "offers": list(live.values_list("organisation_id", "team_id", "reason")),
    }


def _was(enquiry: Enquiry) -> Where:
    line = (
        EnquiryEvent.objects.filter(enquiry=enquiry, type=EventType.DUPLICATE_OF.value)
        .order_by("-sequence")
        .first()
    )
    return dict(line.data.get("was") or {}) if line else {}


def restore(
    enquiry: Enquiry,
    target: Enquiry,
    line: EventType,
    *,
    ended_at: datetime,
    actor: Actor,
    now: datetime,
) -> str:
    """Opens a locked enquiry where it stood when it ended in `target`; says so in words.

    Work that a partner had is offered to it anew: what was taken back may be forgotten there. A
    question that waited for the citizen is asked again.
    """
    was = _was(enquiry)
    had = [
        (body, team, reason)
        for body_id, team, reason in was.get("offers", ())
        if (body := accounts.queries.organisation_by_id(body_id)) is not None and body.is_active
    ]
    # Who had the case comes first: the others had a part of it.
    had.sort(key=lambda offer: offer[0].pk != was.get("owner"))
    _in_whose_hands(enquiry, was)
    words = _words(enquiry, [body for body, *_ in had])
    enquiry.public_words = str(was.get("words", ""))
    if not was.get("responded"):
        enquiry.responded_at = None
    events.move(
        enquiry,
        Status.OPEN,
        line,
        actor=actor,
        at=now,
        saving=["owner", "team", "assignee", "public_words", "responded_at"],
        target=target.pk,
        reference=target.reference,
        restored=words,
    )
    deadlines.restored(enquiry, ended_at=ended_at, waits=bool(was.get("question")))
    send: Callable[..., Referral | None] = offers.refer
    for body, team_id, reason in had:
        send(enquiry, owner=body, team_id=team_id, reason=reason, actor=actor, now=now)
        send = offers.refer_beside
    if was.get("question"):
        _ask_again(enquiry, str(was["question"]), actor=actor, now=now)
    return words


def _in_whose_hands(enquiry: Enquiry, was: Where) -> None:
    """The hub's own again, as it was there; what a partner had comes to it by its offer."""
    hub = accounts.queries.hub()
    at_hub = was.get("owner") == hub.pk
    team = accounts.queries.team(was.get("team")) if at_hub else None
    enquiry.owner = hub
    enquiry.team = team or accounts.queries.default_team(hub.pk)
    enquiry.assignee_id = was.get("assignee") if at_hub else None


def _words(enquiry: Enquiry, bodies: list[Organisation]) -> str:
    if bodies:
        return f"Offered to {' and '.join(body.name for body in bodies)} again"
    if enquiry.assignee is not None:
        return f"Open again, with {enquiry.assignee}"
    return "Open again, in the hub's queue"


def _ask_again(enquiry: Enquiry, question: str, *, actor: Actor, now: datetime) -> None:
    said = events.question(question, unforeseeable=events.was_unforeseeable(enquiry))
    kind = EventType.INFO_REQUESTED
    line = events.move(enquiry, Status.WAITING, kind, actor=actor, at=now, **said)
    deadlines.turned(enquiry, at=now)
    telling.asked(enquiry, question, sequence=line.sequence, now=now)
