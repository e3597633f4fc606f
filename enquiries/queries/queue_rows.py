"""Lines of the queue as the viewer may see them, each with what is left of its promise."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from typing import Any, NamedTuple

from django.db.models import BigIntegerField, CharField, OuterRef, QuerySet, Subquery, Value
from django.db.models.expressions import RawSQL
from django.db.models.functions import Coalesce, NullIf

from accounts.permissions import Permission, Viewer
from core.statements import Given, columns
from enquiries.channels import CHANNEL_WORDS, Channel
from enquiries.lifecycle import PRIORITY_WORDS, STAFF_WORDS, Priority, Status
from enquiries.models import Enquiry, Suggestion
from enquiries.queries import promise_hours, sensitive, suggestions, watching
from enquiries.queries.disputes import Refusal
from enquiries.queries.fields import outward
from enquiries.queries.queue_names import Names
from enquiries.queries.timeleft import TimeLeft

STAFF = Given("staff", BigIntegerField())
UNKNOWN = "Service not yet known"
_LONGEST = 140
_TONES = {"late": "late", "soon": "soon", "ok": "fine"}


class Found(NamedTuple):
    """What is read of each case."""

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
    is_watched: bool
    assignee: str | None
    certainty: int | None
    suggested_id: int | None
    of_clock: dict[str, Any] | None


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
    "channel",
    "name",
    "is_watched",
    "whose",
    "certainty",
    "suggested_id",
    "of_clock",
)
# What is looked up for each line: the last of these.
_LOOKED_UP = FIELDS[FIELDS.index("channel") :]


@cache
def of_each() -> dict[str, RawSQL]:
    """What is looked up for each line of a page by itself: to plan the joins took twenty times as
    long as to read the page, and where few wait at the hub each of them was joined before the page
    was cut. Who reads it is given later, as `staff`."""
    kept = Suggestion.objects.filter(enquiry_id=OuterRef("pk")).order_by()
    name = Coalesce(NullIf("full_name", Value("")), "email", output_field=CharField())
    rows = Enquiry.objects.annotate(
        channel=Subquery(_related("first_contact").values("channel")[:1]),
        name=Subquery(_related("person").values("full_name")[:1]),
        is_watched=watching.by_staff(STAFF),
        whose=Subquery(_related("assignee").annotate(called=name).values("called")[:1]),
        certainty=Subquery(kept.values("certainty")[:1]),
        suggested_id=Subquery(kept.values("service_id")[:1]),
        of_clock=promise_hours.of_case(),
    )
    return columns(rows.values(*_LOOKED_UP))


def _related(name: str) -> QuerySet[Any]:
    """The row that a case points at."""
    model: Any = Enquiry._meta.get_field(name).related_model
    rows: QuerySet[Any] = model.objects.filter(pk=OuterRef(f"{name}_id")).order_by()
    return rows


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
        assignee=found.assignee or "",
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
    """What is left of the promise of a line."""
    hours = names.hours(found.owner_id, found.of_clock)
    return promise_hours.left(found.due_at, found.status, now, hours)


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
