"""A finished journey on the website as the contact that intake reads."""

from __future__ import annotations

from datetime import datetime

from channels.asking import contact
from channels.asking.contact import place
from channels.asking.journey import Journey
from enquiries.channels import Channel
from enquiries.intake import InboundContact

__all__ = ["place", "read"]


def read(journey: Journey, *, now: datetime) -> InboundContact:
    """The contact; sending it twice is sending it once."""
    return contact.read(journey, channel=Channel.WEB, now=now)
