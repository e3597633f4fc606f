"""A finished journey on the website as the contact that intake reads."""

from __future__ import annotations

from datetime import datetime

from channels.asking import contact
from channels.asking.journey import Journey
from enquiries.channels import Channel, ItemKind
from enquiries.intake import InboundContact, Need
from enquiries.queries.tracking import Tracked


def read(
    journey: Journey, *, now: datetime, to_us: bool = False, suspicion: tuple[str, ...] = ()
) -> InboundContact:
    """The contact; sending it twice is sending it once."""
    return contact.read(journey, channel=Channel.WEB, now=now, to_us=to_us, suspicion=suspicion)


def answer(tracked: Tracked, *, key: str, words: str, now: datetime) -> InboundContact:
    """What a citizen answers to our question, sent from the page of their enquiry."""
    return _from_its_page(tracked, ItemKind.REPLY_TO_US, f"answer:{key}", words, now)


def not_done(tracked: Tracked, *, key: str, words: str, now: datetime) -> InboundContact:
    """That it is not solved, sent from the page of their enquiry."""
    return _from_its_page(tracked, ItemKind.REPEAT, f"again:{key}", words, now)


def act_key(name: str, key: str) -> str:
    """Under which intake knows what somebody did on the page of their enquiry."""
    return f"{name}:{key}"


def act(
    tracked: Tracked,
    *,
    name: str,
    kind: ItemKind,
    key: str,
    words: str,
    now: datetime,
    does: str = "",
    avoidable: str = "",
) -> InboundContact:
    """What somebody says, and perhaps does, on a page of their enquiry."""
    return _from_its_page(
        tracked, kind, act_key(name, key), words, now, act=does, avoidable=avoidable
    )


def _from_its_page(
    tracked: Tracked,
    kind: ItemKind,
    external_id: str,
    words: str,
    now: datetime,
    act: str = "",
    avoidable: str = "",
) -> InboundContact:
    need = Need(
        description=words,
        kind=kind.value,
        about=tracked.reference,
        evidence=("tracking_link",),
        act=act,
        avoidable=avoidable,
    )
    return InboundContact(
        channel=Channel.WEB, external_id=external_id, received_at=now, needs=(need,)
    )
