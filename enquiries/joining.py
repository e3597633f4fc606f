""" "It is this one", and "this is what I wanted to tell you": what comes in about what is known.

Both are contacts as any other and enter by intake. The first ends in somebody else's report, the
second in the answer that everybody gets.
"""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

import kb.queries_notices
from core.errors import DomainError
from enquiries import intake
from enquiries.actions import about_this, links, notices
from enquiries.inbound import InboundContact, Place, Received
from enquiries.lifecycle import Outcome
from enquiries.models import Contact, ContactItem, Enquiry
from enquiries.queries.access import NoSuchCase
from kb.queries_notices import Spot


class WrittenDown(DomainError):
    """A contact says the same about the same enquiry once, from however many pages."""

    code = "written_down"


class NoticeOver(DomainError):
    """It ended while somebody read it."""

    code = "notice_over"


def join(inbound: InboundContact, *, target_id: int, now: datetime) -> Received:
    """Takes a report that its citizen knows to be another's too, and ends it in that one.

    Where that one has ended meanwhile nothing is lost: the report goes on by itself. The same key
    again changes nothing. Raises what intake.receive raises.
    """
    with transaction.atomic(durable=True):
        return join_within(inbound, target_id=target_id, now=now)


def join_within(inbound: InboundContact, *, target_id: int, now: datetime) -> Received:
    """`join` inside the caller's transaction."""
    received = intake.receive_within(inbound, now=now)
    if not received.replayed:
        first = received.enquiries[0].enquiry_id
        links.reported_too(first, target_id, actor=inbound.actor, now=now)
    return received


def about(
    inbound: InboundContact,
    *,
    offered: Sequence[about_this.Offered],
    chosen: str,
    too: bool,
    now: datetime,
) -> Received:
    """ "It is about this", as an agent says at the desk; what was offered beside it is kept.

    `too` says that somebody else told us of the same: theirs is a report of its own, at the place
    and about the service of `chosen`, that ends in it. Raises what intake.receive raises, and
    NoSuchCase.
    """
    with transaction.atomic(durable=True):
        return about_within(inbound, offered=offered, chosen=chosen, too=too, now=now)


def about_within(
    inbound: InboundContact,
    *,
    offered: Sequence[about_this.Offered],
    chosen: str,
    too: bool,
    now: datetime,
) -> Received:
    """`about` inside the caller's transaction: with what it takes to take it back. Raises
    WrittenDown, too."""
    if too:
        received = _reports_too(inbound, chosen, now=now)
    else:
        _once(inbound, chosen)
        received = intake.receive_within(inbound, now=now)
    about_this.answered(received.contact_id, offered, chosen=chosen, now=now)
    return received


def _once(inbound: InboundContact, chosen: str) -> None:
    if inbound.contact_id is None or intake.known(inbound.channel, inbound.external_id):
        return
    Contact.objects.select_for_update(no_key=True).filter(pk=inbound.contact_id).first()
    same = ContactItem.objects.filter(
        Q(enquiry__reference=chosen) | Q(about__reference=chosen),
        contact_id=inbound.contact_id,
        kind=inbound.needs[0].kind,
    )
    if same.exists():
        raise WrittenDown(f"That is written down on {chosen} already, in this contact")


def _reports_too(inbound: InboundContact, chosen: str, *, now: datetime) -> Received:
    rows = Enquiry.objects.select_related("service")
    target = rows.filter(reference=chosen, service__subject="place").first()
    if target is None:
        raise NoSuchCase("There is no enquiry with that reference")
    place = Place(
        postcode=target.postcode,
        address=target.address,
        uprn=target.uprn,
        latitude=target.latitude,
        longitude=target.longitude,
    )
    service = target.service.slug if target.service else None
    need = replace(inbound.needs[0], service=service, place=place)
    return join_within(replace(inbound, needs=(need,)), target_id=target.pk, now=now)


def known(
    inbound: InboundContact, *, notice: uuid.UUID, place: Spot | None, tell: bool, now: datetime
) -> Received:
    """Takes a contact that a notice answers: its words are the answer, in one stop.

    `tell` asks to be told when it ends. Raises NoticeOver when it holds no more, and what
    intake.receive raises.
    """
    need = inbound.needs[0]
    with transaction.atomic(durable=True):
        row = kb.queries_notices.one_current(
            notice, service=need.service or "", place=place, now=now
        )
        if row is None:
            raise NoticeOver(
                _(
                    "This has just ended, so we have not closed your report with it. Go on, and "
                    "it is sent as it is"
                )
            )
        words = "\n\n".join(part for part in (row.title, row.words, row.advice) if part)
        answered = replace(need, answer=words[:2_000], outcome=Outcome.ANSWERED.value)
        received = intake.receive_within(replace(inbound, needs=(answered,)), now=now)
        if tell and not received.replayed:
            enquiry = Enquiry.objects.get(pk=received.enquiries[0].enquiry_id)
            notices.follow(enquiry, notice_id=row.pk, told_end=row.expected_end_at)
        return received
