"""Who is kept told beside the citizen: for the citizen's page, and for who is told."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import date, datetime

from core.privacy import mask
from core.sealing import SealBroken, unseal
from enquiries import clocks
from enquiries.models import Subscription
from enquiries.queries import tracking

# What an address is sealed for.
PURPOSE = "subscription"


@dataclass(frozen=True, slots=True)
class KeptTold:
    """Somebody else who is told, as the citizen sees them; `is_on` once they said yes."""

    public_id: uuid.UUID
    medium: str
    masked: str
    is_on: bool


@dataclass(frozen=True, slots=True)
class Shown:
    """What somebody reads who is kept told: how it stands, and nothing of whose it is.

    `state` is asked, on or off.
    """

    state: str
    reference: str
    service: str
    status_words: str
    promised_on: date | None
    is_late: bool


def of(reference: str) -> list[KeptTold]:
    """Everybody who is told or was asked, for code that has settled that it is their enquiry."""
    rows = Subscription.objects.filter(enquiry__reference=reference, ended_at=None)
    return [
        KeptTold(one.public_id, one.medium, _masked(one), one.confirmed_at is not None)
        for one in rows
    ]


def _masked(one: Subscription) -> str:
    try:
        return mask(unseal(one.sealed, purpose=PURPOSE))
    except SealBroken:
        return "•••"


def shown(secret: str, *, now: datetime) -> Shown | None:
    """What the link in a message to somebody who is kept told opens; None for any other."""
    one = Subscription.objects.select_related("enquiry__service").filter(secret=secret).first()
    if one is None:
        return None
    state = "off" if one.ended_at else "on" if one.confirmed_at else "asked"
    found = tracking.in_short(tracking.tracked(one.enquiry, clocks.london_date(now)))
    return Shown(
        state=state,
        reference=found.reference,
        service=found.service,
        status_words=found.status_words,
        promised_on=None if found.is_done else found.promised_on,
        is_late=found.is_late,
    )
