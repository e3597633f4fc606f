"""Referrals as lines of a list: what, where, who has it, and how long there is."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

from enquiries.queries import referral_clocks
from enquiries.queries.queue_rows import priority_words
from enquiries.queries.referral_clocks import Running
from enquiries.queries.timeleft import NO_DATE, TimeLeft

if TYPE_CHECKING:
    from enquiries.models import Referral

_TONES = {"late": "late", "soon": "soon", "ok": "fine"}
_NO_CLOCK = Running(NO_DATE, None)


@dataclass(frozen=True, slots=True)
class Row:
    """One line. `clock` is what is left until `due_at`; what has ended has `ended_at` instead."""

    public_id: UUID
    href: str
    reference: str
    service: str
    words: str
    place: str
    address: str
    who: str
    team: str
    status: str
    is_waiting: bool
    priority: str
    clock: TimeLeft
    due_at: datetime | None
    tone: str
    offered_at: datetime
    ended_at: datetime | None
    is_chosen: bool


def rows(
    referrals: Sequence[Referral], *, now: datetime, chosen: Collection[UUID] = ()
) -> list[Row]:
    """Lines of these referrals, in their order. One statement, for the clocks of all."""
    clocks = referral_clocks.running(referrals, now=now)
    return [_row(one, clocks.get(one.pk, _NO_CLOCK), chosen) for one in referrals]


def _row(referral: Referral, clock: Running, chosen: Collection[UUID]) -> Row:
    enquiry = referral.enquiry
    return Row(
        public_id=referral.public_id,
        href=f"/desk/referrals/{referral.public_id}/",
        reference=enquiry.reference,
        service=enquiry.service.name if enquiry.service else "Service not yet known",
        words=enquiry.description[:160],
        place=enquiry.postcode,
        address=enquiry.address,
        who=str(referral.assignee) if referral.assignee else "",
        team=referral.team.name if referral.team else "Any team",
        status=referral.status,
        is_waiting=is_waiting(referral),
        priority=priority_words(enquiry.priority),
        clock=clock.left,
        due_at=clock.due_at,
        tone="none" if referral.settled_at else _TONES.get(clock.left.state, "none"),
        offered_at=referral.offered_at,
        ended_at=referral.settled_at,
        is_chosen=referral.public_id in chosen,
    )


def is_waiting(referral: Referral) -> bool:
    """Whether it is the citizen's turn."""
    return referral.settled_at is None and referral.enquiry.status == "waiting"
