"""What other systems may read: what came through their own keys, and what was referred to them."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Exists, OuterRef, QuerySet

import accounts.queries
import kb.queries
from accounts.permissions import Viewer
from enquiries import clocks
from enquiries.inbound import Located
from enquiries.lifecycle import Status
from enquiries.models import Enquiry, EnquiryEvent, Referral
from enquiries.queries import destinations, fields
from enquiries.queries.access import NoSuchCase, canonical, held_by, own_referrals
from enquiries.queries.tracking import track_url, tracked
from enquiries.queries.tracking_steps import Step
from enquiries.vocabulary import EventType


@dataclass(frozen=True, slots=True)
class Named:
    """A service or an organisation: its slug and its name."""

    slug: str
    name: str


@dataclass(frozen=True, slots=True)
class Created:
    """What a system is told of an enquiry it sent; the same however often it asks."""

    reference: str
    status: str
    owner: Named | None
    promised_on: date | None
    received_at: datetime
    track_url: str


@dataclass(frozen=True, slots=True)
class Seen:
    """An enquiry as another system sees it: its citizen's words, and codes beside them."""

    reference: str
    status: str
    status_words: str
    service: Named | None
    owner: Named | None
    received_at: datetime
    promised_on: date | None
    is_late: bool
    outcome: str
    words: str
    question: str
    steps: tuple[Step, ...]


@dataclass(frozen=True, slots=True)
class Batch:
    """Referrals, oldest offer first. `after` is where the next batch starts; None at the end."""

    rows: tuple[Referral, ...]
    after: uuid.UUID | None


def created(reference: str, *, service: str | None) -> Created:
    """The answer to whoever has just sent an enquiry about `service`.

    It rests on what was sent and when, not on what has become of it since, so that a repeat of
    the same call is told the same.
    """
    enquiry = Enquiry.objects.get(reference=reference)
    place = Located(
        postcode=enquiry.postcode,
        district_code=enquiry.district_code,
        ward_code=enquiry.ward_code,
        beside_code=enquiry.beside_code,
        place_doubt=enquiry.place_doubt,
    )
    on = clocks.london_date(enquiry.received_at)
    found = kb.queries.service(service) if service else None
    likely = destinations.destination(found, place, on, destinations.situation_of(enquiry))
    owner = accounts.queries.organisation_by_id(likely.organisation_id)
    return Created(
        reference=enquiry.reference,
        status=Status.NEW.value,
        owner=Named(owner.slug, owner.name) if owner else None,
        # The first date told never changes (R30); a service found later promised nothing here.
        promised_on=enquiry.promised_on if found else None,
        received_at=enquiry.received_at,
        track_url=track_url(enquiry),
    )


def enquiry(viewer: Viewer, reference: str, *, now: datetime) -> Seen:
    """One enquiry. Raises NoSuchCase, alike for one that is not there and one of others."""
    row = (
        _of(viewer)
        .select_related("service", "owner")
        .filter(reference=canonical(reference))
        .first()
    )
    if row is None:
        raise NoSuchCase("There is no enquiry with that reference")
    partner = None if viewer.is_hub or _sent(viewer).filter(pk=row.pk).exists() else viewer
    theirs = tracked(row, clocks.london_date(now), partner)
    owner = row.owner
    if partner is not None and owner is not None and not owner.is_hub:
        # Others may have the lead: that is not this organisation's to read.
        owner = accounts.queries.organisation_by_id(partner.organisation_id)
    return Seen(
        reference=row.reference,
        status=row.status,
        status_words=theirs.status_words,
        service=Named(row.service.slug, row.service.name) if row.service else None,
        owner=Named(owner.slug, owner.name) if owner else None,
        received_at=row.received_at,
        promised_on=row.promised_on,
        is_late=theirs.is_late,
        outcome=row.outcome,
        words=theirs.public_words,
        question=theirs.question,
        steps=theirs.steps,
    )


def _of(viewer: Viewer) -> QuerySet[Enquiry]:
    if viewer.is_hub:
        return Enquiry.objects.all()
    referred = held_by(viewer.organisation_id or 0).filter(enquiry=OuterRef("pk"))
    return _sent(viewer) | Enquiry.objects.filter(Exists(referred))


def _sent(viewer: Viewer) -> QuerySet[Enquiry]:
    """What the viewer's organisation sent: that stands in the first line of the ledger."""
    first = EnquiryEvent.objects.filter(
        enquiry=OuterRef("pk"),
        sequence=1,
        type=EventType.RECEIVED.value,
        actor_kind="api",
        organisation_id=viewer.organisation_id or 0,
    )
    return Enquiry.objects.filter(Exists(first))


def referrals(
    viewer: Viewer, *, status: str | None, after: uuid.UUID | None, limit: int
) -> Batch | None:
    """Referrals to the viewer's organisation; None when `after` is not one of them."""
    rows = own_referrals(viewer).select_related(
        "enquiry__service", "enquiry__owner", "organisation", "team", "assignee", "suggested"
    )
    if status:
        rows = rows.filter(status=status)
    if after is not None:
        last = own_referrals(viewer).filter(public_id=after).values_list("pk", flat=True).first()
        if last is None:
            return None
        rows = rows.filter(pk__gt=last)
    found = list(rows.order_by("pk")[: limit + 1])
    more = len(found) > limit
    shown = tuple(fields.veiled(viewer, row) for row in found[:limit])
    return Batch(shown, found[limit - 1].public_id if more else None)
