"""What comes after a closed enquiry, as the desk raises it: a new one that follows the old."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from accounts.permissions import Viewer
from core import outbox
from enquiries.actions import arrivals, links
from enquiries.actions.resolutions import checked_words
from enquiries.channels import Channel, ItemKind
from enquiries.inbound import InboundContact, Located, Need
from enquiries.lifecycle import LIVE, LinkKind, NotNow, Status
from enquiries.models import Enquiry, EnquiryLink
from enquiries.queries import links as standing
from enquiries.queries.access import desk_id


@transaction.atomic
def follow(*, reference: str, viewer: Viewer, channel: Channel, words: str, now: datetime) -> str:
    """Makes a new enquiry after a closed one: the same person, service and place, other words.

    `channel` is how its citizen came back. The same words again are one. Returns the reference of
    the new one. Raises NoSuchCase, NotNow, WordsMissing.
    """
    words = checked_words(words)
    pk = desk_id(viewer, reference)
    closed, _ = links.held_with_target(pk)
    if closed.status != Status.CLOSED.value:
        raise NotNow("Only what is closed for good is followed by a new one")
    merged = standing.of_kind(pk, LinkKind.MERGED)
    if merged is not None:
        raise NotNow(f"It goes on in {merged.target.reference}. Say it there")
    return _followed_before(closed, words) or _raise(
        closed, viewer=viewer, channel=channel, words=words, now=now
    )


def _followed_before(closed: Enquiry, words: str) -> str | None:
    rows = EnquiryLink.objects.filter(
        target=closed,
        kind=LinkKind.FOLLOWS.value,
        undone_at=None,
        enquiry__description=words,
        enquiry__status__in=list(LIVE),
    )
    return rows.values_list("enquiry__reference", flat=True).first()


def _raise(closed: Enquiry, *, viewer: Viewer, channel: Channel, words: str, now: datetime) -> str:
    need = Need(
        words,
        kind=ItemKind.REPEAT.value,
        about=closed.reference,
        evidence=("agent_chose",),
    )
    inbound = InboundContact(
        channel=channel,
        external_id="",
        received_at=now,
        needs=(need,),
        person_id=closed.person_id,
        agent=viewer,
        tell_by=closed.tell_by,
        language=closed.language,
        actor=viewer.actor,
    )
    contact = arrivals.contact_for(inbound, person_id=closed.person_id, digest="", now=now)
    if viewer.site_id is not None:
        contact.site_id = viewer.site_id
        contact.save(update_fields=["site"])
    new = arrivals.take(
        need, Located(), inbound=inbound, contact=contact, person_id=closed.person_id, now=now
    )
    outbox.ring(
        "enquiries.triage",
        key=f"triage:{new.pk}",
        args={"enquiry_id": new.pk, "send_to": None},
    )
    return new.reference
