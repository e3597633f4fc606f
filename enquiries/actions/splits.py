"""Two needs in one enquiry: the second becomes an enquiry of its own."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from accounts.permissions import Viewer
from core import outbox
from core.errors import DomainError
from enquiries import clocks, events
from enquiries.actions import arrivals
from enquiries.channels import Channel
from enquiries.events import EventType
from enquiries.inbound import InboundContact, Located, Need, Place
from enquiries.lifecycle import ENDED, LinkKind, NotNow
from enquiries.models import Enquiry, EnquiryLink
from enquiries.queries import tracking
from enquiries.queries.access import for_desk

MAX_WORDS = 4_000


class NothingToSplit(DomainError):
    """What the second enquiry is about was not said."""

    code = "nothing_to_split"
    field = "words"


@transaction.atomic
def split(
    *,
    reference: str,
    viewer: Viewer,
    description: str,
    service: str,
    now: datetime,
    place: Located | None = None,
) -> str:
    """Takes a second need out of a case, with its own reference, promise and owner.

    It has the same first contact and the same person; without a `place` it has the same place.
    Splitting twice with the same words is one split. To take it back, merge the two. Returns the
    new reference. Raises NoSuchCase, NotNow, NothingToSplit, UnknownService.
    """
    words = description.replace("\x00", "").strip()
    if not words:
        raise NothingToSplit("Write what the second enquiry is about")
    if len(words) > MAX_WORDS:
        raise NothingToSplit(f"Use {MAX_WORDS:,} characters or fewer")
    enquiry = for_desk(viewer, reference)
    before = _split_before(enquiry, words)
    if before is not None:
        return before
    if enquiry.status in ENDED:
        raise NotNow("This enquiry has ended. Open it again before you split it")
    located = place if place is not None else _place_of(enquiry)
    return _take_out(enquiry, located, words, service, viewer=viewer, now=now)


def _split_before(enquiry: Enquiry, words: str) -> str | None:
    rows = EnquiryLink.objects.filter(
        target=enquiry, kind=LinkKind.SPLIT.value, undone_at=None, enquiry__description=words
    )
    return rows.values_list("enquiry__reference", flat=True).first()


def _place_of(enquiry: Enquiry) -> Located:
    return Located(**{name: getattr(enquiry, name) for name in Located().columns()})


def _take_out(
    enquiry: Enquiry, place: Located, words: str, service: str, *, viewer: Viewer, now: datetime
) -> str:
    need = Need(description=words, service=service, priority=enquiry.priority)
    contact = enquiry.first_contact
    inbound = InboundContact(
        channel=Channel(contact.channel),
        external_id="",
        received_at=_since(enquiry, service, place, now),
        needs=(need,),
        tell_by=enquiry.tell_by,
        language=enquiry.language,
        actor=viewer.actor,
    )
    new = arrivals.take(
        need, place, inbound=inbound, contact=contact, person_id=enquiry.person_id, now=now
    )
    EnquiryLink.objects.create(
        kind=LinkKind.SPLIT.value,
        enquiry=new,
        target=enquiry,
        made_at=now,
        made_by=viewer.name[:120],
    )
    events.record(
        new, EventType.SPLIT_FROM, actor=viewer.actor, at=now, reference=enquiry.reference
    )
    events.record(
        enquiry,
        EventType.SPLIT_OFF,
        actor=viewer.actor,
        at=now,
        reference=new.reference,
    )
    outbox.ring(
        "enquiries.triage",
        key=f"triage:{new.pk}",
        args={"enquiry_id": new.pk, "send_to": None},
    )
    return new.reference


def _since(enquiry: Enquiry, service: str, place: Located, now: datetime) -> datetime:
    """When its clocks start: with the first contact, unless that would promise a day gone by."""
    where = Place(postcode=place.postcode)
    likely = tracking.expected(service, where, now=enquiry.received_at).promised_on
    is_ahead = likely is None or likely >= clocks.london_date(now)
    return enquiry.received_at if is_ahead else now
