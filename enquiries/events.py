"""The ledger and the only writer of status: state and its line change together or not at all."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import connection
from django.db.transaction import TransactionManagementError
from django.utils import timezone

from core.audit import Actor
from core.errors import DomainError
from enquiries import lifecycle
from enquiries.lifecycle import LIVE, Outcome, Status
from enquiries.models import Enquiry, EnquiryEvent
from enquiries.vocabulary import EventType

__all__ = ["EventType", "NoOutcome", "last_asked", "locked", "move", "record"]


class NoOutcome(DomainError):
    code = "outcome_missing"


def locked(enquiry_id: int) -> Enquiry:
    """The enquiry, held until the caller's transaction ends. Raises Enquiry.DoesNotExist."""
    return (
        Enquiry.objects.select_for_update(of=("self",), no_key=True)
        .select_related("service", "owner", "team", "first_contact")
        .get(pk=enquiry_id)
    )


def record(
    enquiry: Enquiry, kind: EventType, /, *, actor: Actor, at: datetime, **data: Any
) -> EnquiryEvent:
    """Adds one line to the ledger of an enquiry that the caller holds locked or has just made."""
    if not connection.in_atomic_block:
        raise TransactionManagementError("a ledger line belongs inside its change's transaction")
    enquiry.version += 1
    Enquiry.objects.filter(pk=enquiry.pk).update(version=enquiry.version)
    return EnquiryEvent.objects.create(
        enquiry=enquiry,
        sequence=enquiry.version,
        type=kind.value,
        at=at,
        recorded_at=timezone.now(),
        actor_kind=actor.kind,
        actor_id=actor.id,
        actor_name=actor.name[:120],
        organisation_id=actor.organisation_id,
        data=data,
    )


def move(
    enquiry: Enquiry,
    target: Status,
    kind: EventType,
    /,
    *,
    actor: Actor,
    at: datetime,
    outcome: Outcome | None = None,
    **data: Any,
) -> EnquiryEvent:
    """Takes a locked enquiry to another status with its ledger line. Raises NotNow, NoOutcome."""
    enquiry.save(update_fields=step(enquiry, target, at=at, outcome=outcome))
    if outcome is not None:
        data["outcome"] = outcome.value
    return record(enquiry, kind, actor=actor, at=at, **data)


def step(
    enquiry: Enquiry, target: Status, /, *, at: datetime, outcome: Outcome | None = None
) -> list[str]:
    """Sets status and dates, for `move` and for histories told in bulk; the names of the fields."""
    current = Status(enquiry.status)
    if current != target:
        lifecycle.check(current, target)
    fields = ["status", *_dates(enquiry, current, target, at=at, outcome=outcome)]
    enquiry.status = target.value
    return fields


def last_asked(enquiry: Enquiry) -> str:
    """The newest question to the citizen; empty when none was asked."""
    newest = (
        EnquiryEvent.objects.filter(enquiry=enquiry, type=EventType.INFO_REQUESTED.value)
        .order_by("-sequence")
        .first()
    )
    return str(newest.data.get("words", "")) if newest else ""


def _dates(
    enquiry: Enquiry, current: Status, target: Status, *, at: datetime, outcome: Outcome | None
) -> list[str]:
    """Sets what the database ties to a status; returns the names of the fields."""
    if target is Status.RESOLVED:
        if outcome is None:
            raise NoOutcome("Say how the enquiry ended")
        enquiry.outcome, enquiry.resolved_at = outcome.value, at
        enquiry.responded_at = enquiry.responded_at or at
        return ["outcome", "resolved_at", "responded_at"]
    if target is Status.CLOSED:
        enquiry.closed_at = at
        return ["closed_at"]
    if current not in LIVE:
        enquiry.outcome, enquiry.resolved_at, enquiry.closed_at = "", None, None
        enquiry.closes_at = None
        enquiry.reopened_count += 1
        return ["outcome", "resolved_at", "closed_at", "closes_at", "reopened_count"]
    return []
