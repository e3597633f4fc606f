"""Lines of the queue as the viewer may see them, each with what is left of its promise."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, NamedTuple

from accounts.permissions import Permission, Viewer
from enquiries.channels import CHANNEL_WORDS, Channel
from enquiries.lifecycle import ENDED, PRIORITY_WORDS, STAFF_WORDS, Priority, Status
from enquiries.queries import sensitive, suggestions, timeleft
from enquiries.queries.disputes import Refusal
from enquiries.queries.fields import outward
from enquiries.queries.queue_names import Names
from enquiries.queries.timeleft import NO_DATE, PAUSED, TimeLeft

UNKNOWN = "Service not yet known"
_LONGEST = 140
_TONES = {"late": "late", "soon": "soon", "ok": "fine"}


class Found(NamedTuple):
    """What is read of each case: few joins, for a plan of many takes longer than the reading."""

    pk: int
    reference: str
    service_id: int | None
    description: str
    postcode: str
    status: str
    received_at: datetime
    due_at: datetime | None
    promised_on: date | None
    priority: str
    owner_id: int | None
    assignee_id: int | None
    person_id: int | None
    channel: str
    person: str | None
    assignee: str | None
    assignee_email: str | None
    certainty: int | None
    suggested_id: int | None
    of_team: dict[str, Any] | None
    is_watched: bool


FIELDS = (
    "pk",
    "reference",
    "service_id",
    "description",
    "postcode",
    "status",
    "received_at",
    "due_at",
    "promised_on",
    "priority",
    "owner_id",
    "assignee_id",
    "person_id",
    "first_contact__channel",
    "person__full_name",
    "assignee__full_name",
    "assignee__email",
    "suggestion__certainty",
    "suggestion__service_id",
    "team__calendar",
    "is_watched",
)


@dataclass(frozen=True, slots=True)
class QueueRow:
    """One line of the queue. `urgency` is late, soon, fine or none; `clock` says in working time
    what is left. `is_free` says that it waits at the hub for somebody to take it. `priority` is in
    words, unless it is normal; `refusals` say why it is disputed, where the queue shows what is;
    `tells_sensitive` that somebody reads here what is sensitive, `is_hidden` that the viewer never
    reads it. `perhaps` is what first triage would take it for, while nobody has said."""

    reference: str
    service: str
    description: str
    place: str
    person: str
    status: str
    status_words: str
    owner: str
    assignee: str
    channel: str
    received_at: datetime
    due_at: datetime | None
    promised_on: date | None
    urgency: str
    clock: TimeLeft
    is_free: bool
    is_mine: bool
    is_watched: bool
    priority: str
    refusals: tuple[Refusal, ...] = ()
    tells_sensitive: bool = False
    is_hidden: bool = False
    perhaps: str = ""


def row(
    viewer: Viewer, found: Found, names: Names, now: datetime, refusals: tuple[Refusal, ...] = ()
) -> QueueRow:
    """One line."""
    service = names.services.get(found.service_id or 0)
    is_sensitive = service is not None and service.is_sensitive
    finds = sensitive.finds_one(viewer, is_sensitive=is_sensitive, assignee_id=found.assignee_id)
    owner = names.organisations.get(found.owner_id or 0)
    clock = time_left(found, names, now)
    return QueueRow(
        reference=found.reference,
        service=service.name if service else UNKNOWN,
        description=found.description[:_LONGEST] if finds else sensitive.UNREAD,
        place=found.postcode if finds else outward(found.postcode),
        person=_person(viewer, found, finds=finds),
        status=found.status,
        status_words=STAFF_WORDS[Status(found.status)],
        owner=owner.short_name if owner else "Hub",
        assignee=found.assignee or found.assignee_email or "",
        channel=CHANNEL_WORDS[Channel(found.channel)],
        received_at=found.received_at,
        due_at=found.due_at,
        promised_on=found.promised_on,
        urgency=_TONES.get(clock.state, "none"),
        clock=clock,
        is_free=found.assignee_id is None and found.status in (Status.NEW, Status.OPEN),
        is_mine=found.assignee_id is not None and found.assignee_id == viewer.id,
        is_watched=found.is_watched,
        priority=priority_words(found.priority),
        refusals=refusals,
        tells_sensitive=finds and is_sensitive,
        is_hidden=is_sensitive and not viewer.reads_sensitive,
        perhaps=_perhaps(found, names),
    )


def time_left(found: Found, names: Names, now: datetime) -> TimeLeft:
    """What is left of the promise in the hours of whoever has the case; nothing once it ended."""
    if found.status in ENDED or found.due_at is None:
        return NO_DATE
    if found.status == Status.WAITING.value:
        return PAUSED
    return timeleft.left(found.due_at, now, names.hours(found.owner_id, found.of_team))


def _person(viewer: Viewer, found: Found, *, finds: bool) -> str:
    """Who asked, for who may see people; that somebody did, for all others."""
    if found.person_id is None:
        return "Anonymous"
    if not (finds and viewer.may(Permission.SEE_PEOPLE)):
        return "Known"
    return found.person or "Somebody who gave no name"


def _perhaps(found: Found, names: Names) -> str:
    service = names.services.get(found.suggested_id or 0)
    if found.service_id is not None or service is None or not service.is_active:
        return ""
    return suggestions.perhaps_words(service.name, found.certainty or 0)


def priority_words(priority: str) -> str:
    """Urgent or emergency; nothing for what is normal."""
    return "" if priority == Priority.NORMAL else PRIORITY_WORDS[Priority(priority)]
