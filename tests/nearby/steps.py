"""Reports of potholes near each other, for the tests of this folder."""

from __future__ import annotations

import itertools
from datetime import datetime, timedelta
from typing import Any

from enquiries import intake, joining
from enquiries.channels import Channel
from enquiries.inbound import InboundContact, Need, Place, Received, Sender
from enquiries.models import Enquiry
from enquiries.queries import links as standing
from metrics import recount
from tests.outbox import run_outbox
from tests.world import NOW

# The middle of WR11 3DA of the small world; a thousandth of a degree north is 111 m.
NORTH, EAST = 52.0934, -1.9503
SECRET_WORDS = "Jo Marlow of 7 Canary Row fell into this hole"
_keys = itertools.count(1)


def contact(
    *,
    words: str = SECRET_WORDS,
    service: str = "pothole",
    north: float = 0.0,
    place: Place | None = None,
    email: str = "jo.marlow@example.com",
    name: str = "Jo Marlow",
    now: datetime = NOW,
    key: str = "",
    **more: Any,
) -> InboundContact:
    """Somebody who tells us by the website."""
    where = place or Place(latitude=NORTH + north, longitude=EAST, address="By 7 Canary Row")
    return InboundContact(
        channel=Channel.WEB,
        external_id=key or f"nearby-{next(_keys)}",
        received_at=now,
        needs=(Need(words, service=service, place=where, **more),),
        sender=Sender(name=name, email=email),
        tell_by="email" if email else "",
    )


def report(*, routed: bool = True, **said: Any) -> Enquiry:
    """One that came in, and was routed."""
    received = intake.receive(contact(**said), now=said.get("now", NOW))
    if routed:
        run_outbox()
    return row(received)


def verdict(enquiry: Enquiry) -> tuple[str, str | None]:
    """How the measures judge it, long after."""
    judged = {one.enquiry: one.verdict for one in recount.as_of(NOW + timedelta(days=60))}
    found = judged[str(enquiry.pk)]
    return found.kind.value, found.reason


def row(received: Received) -> Enquiry:
    return Enquiry.objects.get(pk=received.enquiries[0].enquiry_id)


def join(target: Enquiry, *, now: datetime = NOW, **said: Any) -> tuple[Enquiry, bool]:
    """Somebody who says "it is this one"."""
    said = {"email": "sam@example.com", "name": "", "words": "Same here", **said}
    joined = joining.join(contact(now=now, **said), target_id=target.pk, now=now)
    return row(joined), has_ended(joined)


def has_ended(received: Received) -> bool:
    """Whether a report has ended in the one that it was said to be."""
    return standing.ending(received.enquiries[0].enquiry_id) is not None
