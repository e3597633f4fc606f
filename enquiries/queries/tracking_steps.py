"""What happened to an enquiry, what is still to come and whom it waits for, as citizens read it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from core.days import written
from enquiries.channels import ItemKind
from enquiries.lifecycle import Status
from enquiries.models import EnquiryEvent
from enquiries.vocabulary import EventType

_STEPS: dict[str, str] = {
    EventType.RECEIVED: gettext_noop("We received your enquiry"),
    EventType.REFERRED: gettext_noop("Sent to %(organisation)s"),
    EventType.ACCEPTED: gettext_noop("%(organisation)s accepted it"),
    EventType.INFO_REQUESTED: gettext_noop("We asked you: %(words)s"),
    EventType.INFO_RECEIVED: gettext_noop("You answered our question"),
    EventType.REPLIED: gettext_noop("We told you: %(words)s"),
    EventType.NEW_DATE: gettext_noop("We told you a new date, %(date)s: %(words)s"),
    EventType.CONTACTED: gettext_noop("You were in touch with us"),
    EventType.RESOLVED: gettext_noop("%(outcome_words)s: %(words)s"),
    EventType.REOPENED: gettext_noop("Opened again"),
    EventType.DUPLICATE_OF: gettext_noop(
        "Somebody told us about this already. We tell you what becomes of it"
    ),
    EventType.UNMERGED: gettext_noop("It is not what you told us before: it goes on by itself"),
    EventType.UNLINKED: gettext_noop("It is not what somebody else told us: it goes on by itself"),
}
# The same without what anybody wrote: that stands among the messages, for who has the link.
_BRIEF: dict[str, str] = {
    EventType.INFO_REQUESTED: gettext_noop("We asked you something"),
    EventType.REPLIED: gettext_noop("We wrote to you"),
    EventType.NEW_DATE: gettext_noop("We told you a new date, %(date)s"),
    EventType.RESOLVED: gettext_noop("%(outcome_words)s"),
}
_TOLD_TWICE = gettext_noop("You told us about this before. We deal with both as %(reference)s")
_TOLD_TWICE_BARE = gettext_noop("You told us about this before. We deal with both together.")
_IN_TOUCH: dict[str, str] = {
    ItemKind.CHASE: gettext_noop("You asked where it is"),
    ItemKind.NEW_INFORMATION: gettext_noop("You told us more"),
    ItemKind.REPEAT: gettext_noop("You told us that it is not right"),
}
_FINAL: dict[str, str] = {
    "INFORM": gettext_noop("We answer you"),
    "TRANSACT": gettext_noop("It is completed"),
    "STAGED": gettext_noop("We agree with you what happens next, step by step"),
    "REQUEST": gettext_noop("It is done, or we tell you why not"),
}
# Since when a status stands: the newest of these lines.
_SINCE: dict[Status, frozenset[str]] = {
    Status.REFERRED: frozenset({EventType.REFERRED}),
    Status.IN_PROGRESS: frozenset({EventType.ACCEPTED, EventType.INFO_RECEIVED}),
    Status.WAITING: frozenset({EventType.INFO_REQUESTED}),
    Status.OPEN: frozenset(
        {
            EventType.RECEIVED,
            EventType.REOPENED,
            EventType.REJECTED,
            EventType.RETURNED,
            EventType.EXPIRED,
            EventType.OFFER_WITHDRAWN,
            EventType.INFO_RECEIVED,
        }
    ),
    Status.NEW: frozenset({EventType.RECEIVED}),
}


@dataclass(frozen=True, slots=True)
class Step:
    """One thing that happened, as citizens read it; `kind` is the event's name.

    `brief` says it without what anybody wrote, `bare` without another reference too.
    """

    at: datetime
    words: str
    kind: str = ""
    brief: str = ""
    bare: str = ""


@dataclass(frozen=True, slots=True)
class ToCome:
    """One thing that is still to happen, and by when where that is promised."""

    words: str
    until: date | None = None


@dataclass(frozen=True, slots=True)
class Waits:
    """Whom it waits for now, in words, and since when."""

    words: str
    since: datetime | None


def steps(events: Iterable[EnquiryEvent]) -> tuple[Step, ...]:
    """What happened, oldest first."""
    found = []
    for event in events:
        words = _STEPS.get(event.type)
        if event.type == EventType.DUPLICATE_OF and event.data.get("same_person"):
            words = _TOLD_TWICE
        kind = str(event.data.get("kind", ""))
        # An answer to our question is its own step, which follows.
        is_answer = event.type == EventType.CONTACTED and kind == ItemKind.REPLY_TO_US
        if words is None or is_answer:
            continue
        if event.type == EventType.CONTACTED:
            words = _IN_TOUCH.get(kind, words)
        named = {key: value for key, value in event.data.items() if isinstance(value, str)}
        for name in ("organisation", "words", "outcome_words", "reference"):
            named.setdefault(name, "")
        # A name of its own: what gathers words to translate would take the key for one.
        if outcome := named["outcome_words"]:
            named["outcome_words"] = _(outcome)
        if event.type == EventType.NEW_DATE:
            named["date"] = written(date.fromisoformat(named["date"]), "l j E")
        brief = _BRIEF.get(event.type, words)
        bare = _TOLD_TWICE_BARE if words is _TOLD_TWICE else brief
        found.append(
            Step(
                event.at,
                _(words) % named,
                event.type.removeprefix("enquiry."),
                _(brief) % named,
                _(bare) % named,
            )
        )
    return tuple(found)


def to_come(
    status: Status, klass: str, *, owner: str, promised_on: date | None
) -> tuple[ToCome, ...]:
    """What is still to happen; nothing once it has ended."""
    if status in (Status.RESOLVED, Status.CLOSED):
        return ()
    found = []
    if status is Status.NEW:
        found.append(ToCome(_("We find out who must act, and tell you")))
    elif status is Status.REFERRED:
        found.append(ToCome(_("%(owner)s takes it on") % {"owner": owner}))
    elif status is Status.WAITING:
        found.append(ToCome(_("You answer our question, and it goes on")))
    final = _FINAL.get(klass, _FINAL["REQUEST"])
    return (*found, ToCome(_(final), promised_on))


def waits(status: Status, events: Iterable[EnquiryEvent], *, owner: str) -> Waits | None:
    """Whom it waits for now; None once it has ended."""
    if status not in _SINCE:
        return None
    since = [event.at for event in events if event.type in _SINCE[status]]
    words = {
        Status.NEW: _("We are finding out who must act"),
        Status.OPEN: _("%(owner)s is looking at it"),
        Status.REFERRED: _("%(owner)s has been asked to take it on"),
        Status.IN_PROGRESS: _("%(owner)s is working on it"),
        Status.WAITING: _("We wait for your answer"),
    }[status]
    return Waits(words % {"owner": owner}, since[-1] if since else None)
