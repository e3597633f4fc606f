""" "It is this one", and "this is what I wanted to tell you": what comes in about what is known.

Both are contacts as any other and enter by intake. The first ends in somebody else's report, the
second in the answer that everybody gets.
"""

from __future__ import annotations

import uuid
from dataclasses import replace
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

import kb.queries_notices
from core.errors import DomainError
from enquiries import intake
from enquiries.actions import links, notices
from enquiries.inbound import InboundContact, Received
from enquiries.lifecycle import Outcome
from enquiries.models import Enquiry
from kb.queries_notices import Spot


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
