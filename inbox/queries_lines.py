"""Calls at one agent's telephone, as that agent sees them; nobody else sees them here."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime

from django.db.models import F, Q

from accounts.permissions import Permission, Viewer
from core import sealing
from core.privacy import mask
from inbox.actions_calls import LONGEST_CALL, PURPOSE
from inbox.actions_lines import PURPOSE as LINE
from inbox.calls import CallState
from inbox.models import DeskLine, Leg
from inbox.queries_calls import NO_NUMBER, WRITTEN_UP_WITHIN


@dataclass(frozen=True, slots=True)
class Ring:
    """A call at my telephone. `contact` is there once it was answered; `caller_hash` is "" for who
    withheld their number."""

    public_id: uuid.UUID
    caller_hash: str
    masked: str
    rang_at: datetime
    answered_at: datetime | None
    ended_at: datetime | None
    contact: uuid.UUID | None


def _may(viewer: Viewer) -> bool:
    return viewer.id is not None and viewer.is_hub and viewer.may(Permission.HANDLE_CONTACTS)


def at_mine(viewer: Viewer, *, now: datetime) -> list[Ring]:
    """Calls that ring at the viewer's telephone or were answered there, and that they have not
    opened yet; the latest first. One statement."""
    if not _may(viewer):
        return []
    # Somebody else may have been quicker; one that rings after the answer is being put through.
    free = Q(call__answered_at=None) | Q(rang_at__gte=F("call__answered_at"))
    ringing = Q(state=CallState.RINGING.value) & free
    rings = Q(call__ended_at=None) & (ringing | Q(state=CallState.ANSWERED.value))
    to_write_up = Q(answered_at__isnull=False) & (
        Q(ended_at__gte=now - WRITTEN_UP_WITHIN) | Q(call__ended_at__gte=now - WRITTEN_UP_WITHIN)
    )
    rows = Leg.objects.filter(
        rings | to_write_up,
        agent_id=viewer.id,
        opened_at=None,
        call__isnull=False,
        rang_at__gte=now - LONGEST_CALL,
    )
    rows = rows.select_related("call").order_by("-rang_at", "-pk")[:3]
    return [_ring(row) for row in rows]


def _ring(row: Leg) -> Ring:
    call = row.call
    if call is None:
        raise TypeError("a telephone that rings for no call is not asked for")
    return Ring(
        public_id=row.public_id,
        caller_hash=call.caller_hash,
        masked=mask(_unsealed(call.sealed, PURPOSE)) or NO_NUMBER,
        rang_at=row.rang_at,
        answered_at=row.answered_at,
        ended_at=row.ended_at or call.ended_at,
        contact=call.contact if row.answered_at else None,
    )


def _unsealed(sealed: str, purpose: str) -> str:
    try:
        return sealing.unseal(sealed, purpose=purpose) if sealed else ""
    except sealing.SealBroken:
        return ""


def line(viewer: Viewer) -> str:
    """The telephone at which the viewer sits; "" for none."""
    if not _may(viewer):
        return ""
    row = DeskLine.objects.filter(agent_id=viewer.id).first()
    return _unsealed(row.sealed, LINE) if row is not None else ""
