"""A finished journey as the contact that intake reads, and what becomes of it there."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from datetime import datetime
from typing import TYPE_CHECKING, NamedTuple

from django.utils import timezone, translation

import accounts.queries
from accounts.areas import OutsideCounty, UnknownPostcode
from accounts.boundaries import NotAPoint
from channels.asking import limits, questions
from channels.asking.journey import EMAIL, NOBODY, SMS, Journey
from channels.asking.questions import Asking
from core.audit import CITIZEN, Actor
from enquiries import intake
from enquiries.channels import Channel
from enquiries.inbound import LANGUAGE, SUBMITTED, UNCONFIRMED
from enquiries.intake import InboundContact, Need, Place, Received, Sender
from enquiries.lifecycle import Priority
from enquiries.queries import tracking
from kb.forms.schema import Question

if TYPE_CHECKING:
    from enquiries.routing import Outside


def place(journey: Journey) -> Place | None:
    """Where it is, as far as the person could say."""
    if not (journey.postcode or journey.address or journey.latitude is not None):
        return None
    return Place(
        postcode=journey.postcode,
        address=journey.address,
        uprn=journey.uprn,
        latitude=journey.latitude,
        longitude=journey.longitude,
    )


def expected(
    journey: Journey, *, now: datetime, asking: Asking | None = None
) -> tracking.Expected | None:
    """Who would deal with it, by when; None while only a person can tell.

    A place that is none any more (a postcode that ended meanwhile) is refused when it is sent.
    """
    if not journey.service:
        return None
    answers = (asking or questions.of(journey)).answers
    with suppress(OutsideCounty, UnknownPostcode, NotAPoint):
        return tracking.expected(journey.service, place(journey), now=now, answers=answers)
    return None


def outside(asking: Asking, asked: Question, *, now: datetime) -> Outside | None:
    """Whose it is when what was answered says that it is not ours: nobody types on for nothing."""
    is_known = bool(asking.answers) or asking.is_placed
    if not is_known or not questions.role(asked):
        return None
    found = expected(asking.journey, now=now, asking=asking)
    return found.outside if found is not None else None


def read(
    journey: Journey,
    *,
    channel: Channel,
    now: datetime,
    site: str | None = None,
    actor: Actor = CITIZEN,
    to_us: bool = False,
    suspicion: tuple[str, ...] = (),
) -> InboundContact:
    """The contact; its key is the journey's id, so sending twice is sending once.

    `to_us` says that the person read whose it is, and thinks that it is ours: somebody looks. So
    does somebody when they read that it ends here and asked a person all the same.
    `suspicion` says why it may be spam: somebody looks before it goes on.
    """
    asking = questions.of(journey, today=timezone.localdate(now))
    need = Need(
        description=asking.description,
        service=journey.service or None,
        place=place(journey),
        answers=asking.answers,
        form_id=journey.form_id,
        priority=(Priority.URGENT if asking.is_urgent else Priority.NORMAL).value,
        send_to=accounts.queries.hub().slug if to_us or asking.is_past_a_no else None,
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
        language=translation.get_language() or LANGUAGE,
        site=site,
        actor=actor,
        files_of=journey.id,
        begun=journey.id,
        begun_revision=journey.revision,
        suspicion=suspicion,
        signals=_signals(journey),
    )


def _signals(journey: Journey) -> tuple[str, ...]:
    """Anybody may give anybody's address here: it is told "we have it" so often in a day."""
    if limits.confirms(journey.told_at):
        return ()
    return (SUBMITTED, UNCONFIRMED)


class Sent(NamedTuple):
    """A journey as intake keeps it. `is_again` says that intake had it before in other words, which
    stay; `is_new` that it came in with this call, and not with an earlier one of the same form."""

    journey: Journey
    is_again: bool
    is_new: bool


def send(journey: Journey, inbound: InboundContact, *, now: datetime) -> Sent:
    """What becomes of a journey in intake."""
    return sent_by(journey, inbound, lambda: intake.receive(inbound, now=now), now=now)


def sent_by(
    journey: Journey, inbound: InboundContact, take: Callable[[], Received], *, now: datetime
) -> Sent:
    """As `send`, for what goes in by another call than plain intake."""
    ahead, again = expected(journey, now=now), False
    try:
        received = take()
    except intake.FormSent as first_sent:  # at another door
        sent = journey.sent(reference=first_sent.reference, secret=first_sent.secret, owner="")
        return Sent(sent, is_again=True, is_new=False)
    except intake.SameKeyOtherBody:
        first = intake.known(inbound.channel, journey.id)
        if first is None:
            raise
        received, again = first, True
    taken = received.enquiries[0]
    owner = ahead.organisation if ahead and ahead.outside is None else ""
    tracked = tracking.track(taken.reference, taken.secret, now=now)
    if tracked is not None and tracked.told_before:
        owner = ""  # whoever has the report in which it ended, wherever that has gone meanwhile
    sent = journey.sent(reference=taken.reference, secret=taken.secret, owner=owner)
    return Sent(sent, is_again=again, is_new=not again and not received.replayed)
