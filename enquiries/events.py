"""The ledger and the only writer of status: state and its line change together or not at all."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

from django.db import connection
from django.db.models import BigIntegerField
from django.db.transaction import TransactionManagementError
from django.utils import timezone

from core import through
from core.audit import Actor
from core.errors import DomainError
from core.locking import as_it_is
from core.statements import Change, Given, Objects, change, objects
from enquiries import lifecycle
from enquiries.lifecycle import LIVE, Outcome, Status
from enquiries.models import Enquiry, EnquiryEvent
from enquiries.vocabulary import EventType

__all__ = ["EventType", "First", "NoOutcome", "begin", "last_asked", "locked", "move", "record"]


class NoOutcome(DomainError):
    code = "outcome_missing"


def locked(enquiry_id: int) -> Enquiry:
    """The enquiry, held until the caller's transaction ends. Raises Enquiry.DoesNotExist."""
    if not connection.in_atomic_block:
        raise TransactionManagementError("what is held is held inside a transaction")
    found = _held().rows(pk=enquiry_id)
    # Who has another first contact since (unsent.sent) does not come back from a join that must be.
    return as_it_is(found[0] if found else _ALL_HELD.get(pk=enquiry_id))


_ALL_HELD = Enquiry.objects.select_for_update(of=("self",), no_key=True)


@cache
def _held() -> Objects[Enquiry]:
    rows = _ALL_HELD.select_related("service", "owner", "team", "first_contact", "person")
    return objects(rows.filter(pk=Given("pk", BigIntegerField())), prepared=True)


def record(
    enquiry: Enquiry, kind: EventType, /, *, actor: Actor, at: datetime, **data: Any
) -> EnquiryEvent:
    """Adds one line to the ledger of an enquiry that the caller holds locked or has just made."""
    _inside_its_change()
    enquiry.version += 1
    _counted().run(version=enquiry.version, pk=enquiry.pk)
    event = _line(enquiry, kind, enquiry.version, actor=actor, at=at, data=data)
    event.save(force_insert=True)
    return event


@cache
def _counted() -> Change:
    rows = Enquiry.objects.filter(pk=Given("pk", BigIntegerField()))
    return change(rows, version=Given("version", BigIntegerField()))


@dataclass(frozen=True, slots=True)
class First:
    """One of the first lines of a ledger."""

    kind: EventType
    actor: Actor
    data: dict[str, Any]


def begin(enquiry: Enquiry, lines: Sequence[First], *, at: datetime) -> None:
    """The first lines of an enquiry that was made just now, with their number as its version."""
    _inside_its_change()
    if enquiry.version != len(lines):
        raise ValueError(f"{len(lines)} first lines for version {enquiry.version}")
    EnquiryEvent.objects.bulk_create(
        _line(enquiry, line.kind, sequence, actor=line.actor, at=at, data=line.data)
        for sequence, line in enumerate(lines, 1)
    )


def _inside_its_change() -> None:
    if not connection.in_atomic_block:
        raise TransactionManagementError("a ledger line belongs inside its change's transaction")


def _line(
    enquiry: Enquiry,
    kind: EventType,
    sequence: int,
    *,
    actor: Actor,
    at: datetime,
    data: dict[str, Any],
) -> EnquiryEvent:
    return EnquiryEvent(
        enquiry=enquiry,
        sequence=sequence,
        type=kind.value,
        at=at,
        recorded_at=timezone.now(),
        actor_kind=actor.kind,
        actor_id=actor.id,
        actor_name=actor.name[:120],
        organisation_id=actor.organisation_id,
        data=through.marked(data),
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
    saving: Sequence[str] = (),
    **data: Any,
) -> EnquiryEvent:
    """Takes a locked enquiry to another status with its ledger line. Raises NotNow, NoOutcome.

    `saving` names fields that the caller has changed and that go into the same statement.
    """
    _inside_its_change()
    fields = step(enquiry, target, at=at, outcome=outcome)
    if outcome is not None:
        data["outcome"] = outcome.value
    enquiry.version += 1
    enquiry.save(update_fields=[*fields, *saving, "version"])
    event = _line(enquiry, kind, enquiry.version, actor=actor, at=at, data=data)
    event.save(force_insert=True)
    return event


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


def question(words: str, *, unforeseeable: bool) -> dict[str, Any]:
    """What the line of a question carries. It says that nobody could have asked at the start only
    where who asks said so as they asked (measures.md R33)."""
    return {"words": words, "unforeseeable": True} if unforeseeable else {"words": words}


def last_asked(enquiry: Enquiry) -> str:
    """The newest question to the citizen; empty when none was asked."""
    return str(_last_asked(enquiry).get("words", ""))


def was_unforeseeable(enquiry: Enquiry) -> bool:
    """Whether the newest question to the citizen was one that nobody could have asked before."""
    return bool(_last_asked(enquiry).get("unforeseeable"))


def _last_asked(enquiry: Enquiry) -> Mapping[str, Any]:
    newest = (
        EnquiryEvent.objects.filter(enquiry=enquiry, type=EventType.INFO_REQUESTED.value)
        .order_by("-sequence")
        .first()
    )
    return newest.data if newest else {}


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
