"""A contact on the desk and what was raised in it."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

import customers.queries
import customers.queries_merges
from accounts.permissions import Permission, Viewer
from core import sealing
from customers.queries import PersonRow
from enquiries.channels import CHANNEL_WORDS, CONTACT_OUTCOME_WORDS, Channel, ContactOutcome
from enquiries.lifecycle import STAFF_WORDS, Status
from enquiries.models import Contact, ContactItem, Enquiry, HandOver
from enquiries.queries import about_this, acting, sensitive
from enquiries.queries.acting import ActingShown

# What the words of a hand-over are sealed for.
PURPOSE = "hand_over"


@dataclass(frozen=True, slots=True)
class Earlier:
    """An enquiry that this contact may be about."""

    reference: str
    service: str
    description: str
    status_words: str
    received_at: datetime
    owner: str


@dataclass(frozen=True, slots=True)
class OpenContact:
    """A contact with its person and what they asked before, what was raised in it, who has it."""

    id: int
    public_id: uuid.UUID
    channel: str
    channel_words: str
    site: str
    started_at: datetime
    ended_at: datetime | None
    person: PersonRow | None
    items: tuple[ContactItem, ...]
    earlier: tuple[Earlier, ...]
    agent_id: int | None = None
    agent: str = ""
    address_hash: str = ""
    queue_wait: int | None = None
    outcome_words: str = ""
    note: str = ""
    parked_at: datetime | None = None
    handed_at: datetime | None = None
    # What it may be about and is not, by reference, as its agent said.
    refused: frozenset[str] = frozenset()
    # What the colleague said who handed it over.
    handed_words: str = ""
    handed_by: str = ""
    # Whom it is offered to, while nobody has answered.
    offered_to: str = ""
    offered_cold: bool = False
    # Whom it was offered to last, where they said that they cannot.
    refused_by: str = ""
    # Who is in touch for the person, where it is not themselves.
    acting: ActingShown | None = None


@dataclass(frozen=True, slots=True)
class Unfinished:
    """A contact that nobody has wrapped up yet."""

    public_id: uuid.UUID
    channel_words: str
    started_at: datetime
    parked_at: datetime | None
    chases: int
    person: str
    agent: str
    site: str
    items: int


@dataclass(frozen=True, slots=True)
class Offer:
    """A contact that a colleague offers to whoever reads this, or to one of their teams."""

    public_id: uuid.UUID
    from_name: str
    to_team: str
    words: str
    offered_at: datetime
    channel_words: str
    person: str
    items: int
    is_cold: bool


def contact(viewer: Viewer, public_id: uuid.UUID) -> OpenContact | None:
    """One contact for who may handle contacts; None otherwise."""
    if not (viewer.is_hub and viewer.may(Permission.HANDLE_CONTACTS)):
        return None
    rows = Contact.objects.select_related("site", "agent", "acting__by")
    row = rows.filter(public_id=public_id).first()
    if row is None:
        return None
    items = (
        ContactItem.objects.filter(contact=row)
        .select_related("enquiry__service", "enquiry__owner")
        .order_by("at", "pk")
    )
    person = customers.queries.by_id(row.person_id) if row.person_id else None
    spoken = acting.of(row, person.id if person else 0)
    return OpenContact(
        id=row.pk,
        public_id=row.public_id,
        channel=row.channel,
        channel_words=CHANNEL_WORDS[Channel(row.channel)],
        site=row.site.name if row.site else "",
        started_at=row.started_at,
        ended_at=row.ended_at,
        person=person,
        items=tuple(items),
        earlier=tuple(earlier(viewer, person.id, limit=20, told=spoken)) if person else (),
        acting=spoken,
        agent_id=row.agent_id,
        agent=str(row.agent) if row.agent else "",
        address_hash=row.address_hash,
        queue_wait=row.queue_wait,
        outcome_words=_outcome(row),
        note=row.note,
        parked_at=row.parked_at,
        handed_at=row.handed_at,
        refused=frozenset(about_this.refused(row)),
        **_handed(row),
    )


def _outcome(row: Contact) -> str:
    return CONTACT_OUTCOME_WORDS[ContactOutcome(row.outcome)] if row.outcome else ""


def _handed(row: Contact) -> dict[str, Any]:
    """What stands of hand-overs: the one that is offered, and what was said with the one taken."""
    rows = HandOver.objects.filter(contact=row).select_related("from_user", "to_user", "to_team")
    found: dict[str, Any] = {}
    for one in rows.order_by("offered_at", "pk"):
        to = str(one.to_team or one.to_user or "a colleague")
        if one.answered_at is None:
            found |= {"offered_to": to, "offered_cold": one.is_cold, "refused_by": ""}
        elif one.answer == "accepted":
            found |= {"handed_words": _said(one), "handed_by": str(one.from_user or "")}
        elif one.answer == "refused":
            found["refused_by"] = to
    return found


def _said(one: HandOver) -> str:
    """What was said with a hand-over; "" once it is forgotten, or its key is gone."""
    try:
        return sealing.unseal(one.sealed, purpose=PURPOSE) if one.sealed else ""
    except sealing.SealBroken:
        return ""


def earlier(
    viewer: Viewer, person_id: int, limit: int = 8, told: ActingShown | None = None
) -> list[Earlier]:
    """A person's newest enquiries, for "is it about this?"; sensitive ones for who finds them, and
    where somebody speaks for them those of which that one may be told."""
    if not (viewer.is_hub and viewer.may(Permission.SEE_PEOPLE)):
        return []
    rows = (
        sensitive.findable(
            viewer,
            acting.tellable(
                told,
                Enquiry.objects.filter(person_id__in=customers.queries_merges.all_of(person_id)),
            ),
        )
        .select_related("service", "owner")
        .order_by("-received_at", "-pk")[:limit]
    )
    return [
        Earlier(
            reference=row.reference,
            service=row.service.name if row.service else "Service not yet known",
            description=row.description[:140],
            status_words=STAFF_WORDS[Status(row.status)],
            received_at=row.received_at,
            owner=row.owner.name if row.owner else "Hub",
        )
        for row in rows
    ]


def unfinished(viewer: Viewer) -> list[Unfinished]:
    """The viewer's contacts that are not wrapped up, newest first. Two statements."""
    if not (viewer.is_hub and viewer.may(Permission.HANDLE_CONTACTS)):
        return []
    # They are few, and put in order here: in that order the database would walk all that the agent
    # ever had, to find twenty.
    found = _unfinished(
        Contact.objects.filter(agent_id=viewer.id, ended_at=None).order_by(), named=True
    )
    return sorted(found, key=lambda one: one.started_at, reverse=True)[:20]


def unfinished_of_all(viewer: Viewer, *, limit: int = 100) -> list[Unfinished]:
    """The same of everybody, the oldest first, for who leads: who it is with stays out of it."""
    leads = viewer.may(Permission.SEE_PERFORMANCE) or viewer.may(Permission.ADMINISTER)
    if not (viewer.is_hub and leads):
        return []
    rows = Contact.objects.filter(agent__isnull=False, ended_at=None)
    return _unfinished(rows.order_by("started_at", "pk")[:limit], named=False)


def _unfinished(rows: QuerySet[Contact], *, named: bool) -> list[Unfinished]:
    # Each counted by itself: grouped, all contacts that an agent ever had would be joined first.
    own = ContactItem.objects.filter(contact=OuterRef("pk")).order_by().values("contact")
    told = Coalesce(Subquery(own.annotate(number=Count("pk")).values("number")), 0)
    found = list(rows.select_related("agent", "site").annotate(number=told))
    people = [row.person_id for row in found if row.person_id is not None] if named else []
    names = customers.queries.names(people) if people else {}
    return [
        Unfinished(
            public_id=row.public_id,
            channel_words=CHANNEL_WORDS[Channel(row.channel)],
            started_at=row.started_at,
            parked_at=row.parked_at,
            chases=row.chases,
            person=names.get(row.person_id or 0, ""),
            agent=str(row.agent) if row.agent else "",
            site=row.site.name if row.site else "",
            items=row.number,
        )
        for row in found
    ]


def offered(viewer: Viewer) -> list[Offer]:
    """Contacts that colleagues offer to the viewer or to a team of theirs, the oldest first."""
    if not (viewer.is_hub and viewer.may(Permission.HANDLE_CONTACTS)):
        return []
    whose = Q(to_user_id=viewer.id) | Q(to_team_id__in=viewer.team_ids)
    rows = (
        HandOver.objects.filter(whose, answered_at=None)
        .exclude(from_user_id=viewer.id)
        .select_related("contact", "from_user", "to_team")
        .annotate(number=Count("contact__items"))
        .order_by("offered_at", "pk")[:20]
    )
    found = list(rows)
    people = [one.contact.person_id for one in found if one.contact.person_id is not None]
    names = customers.queries.names(people) if people else {}
    return [
        Offer(
            public_id=one.public_id,
            from_name=str(one.from_user or ""),
            to_team=one.to_team.name if one.to_team else "",
            words=_said(one),
            offered_at=one.offered_at,
            channel_words=CHANNEL_WORDS[Channel(one.contact.channel)],
            person=names.get(one.contact.person_id or 0, ""),
            items=one.number,
            is_cold=one.is_cold,
        )
        for one in found
    ]
