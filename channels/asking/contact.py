"""A finished journey as the contact that intake reads."""

from __future__ import annotations

from datetime import datetime

from channels.asking.journey import EMAIL, NOBODY, SMS, Journey
from core.audit import CITIZEN, Actor
from enquiries.channels import Channel
from enquiries.intake import InboundContact, Need, Place, Sender


def place(journey: Journey) -> Place | None:
    """Where it is, as far as the person could say."""
    if not (journey.postcode or journey.address):
        return None
    return Place(postcode=journey.postcode, address=journey.address)


def read(
    journey: Journey,
    *,
    channel: Channel,
    now: datetime,
    site: str | None = None,
    actor: Actor = CITIZEN,
) -> InboundContact:
    """The contact; its key is the journey's id, so sending twice is sending once."""
    need = Need(
        description=journey.description, service=journey.service or None, place=place(journey)
    )
    sender = Sender()
    if journey.tell_by != NOBODY:
        sender = Sender(
            name=journey.name,
            email=journey.email if journey.tell_by == EMAIL else "",
            phone=journey.phone if journey.tell_by == SMS else "",
        )
    return InboundContact(
        channel=channel,
        external_id=journey.id,
        received_at=now,
        needs=(need,),
        sender=sender,
        tell_by="" if journey.tell_by == NOBODY else journey.tell_by,
        site=site,
        actor=actor,
    )
