"""The audit trail: written by record(), sealed into a hash chain, checked by verify()."""

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

from django.core.serializers.json import DjangoJSONEncoder
from django.db import connection, transaction

from core import through
from core.models import AuditEvent

GENESIS: Final = "0" * 64
_SEALING_LOCK: Final = 0x5EA1


# Every look at somebody is a line: for Django to make its text took longer than to write it.
_RECORD: Final = """
INSERT INTO core_auditevent (at, action, actor_kind, actor_id, actor_name, organisation_id, target,
    data, digest)
VALUES (%s, %s, %s, %s, %s, %s, %s, %s::jsonb, '')
"""


@dataclass(frozen=True, slots=True)
class Actor:
    """Who does something: kind is citizen, staff, api, system or kiosk."""

    kind: str
    id: int | None = None
    name: str = ""
    organisation_id: int | None = None


SYSTEM: Final = Actor("system")
CITIZEN: Final = Actor("citizen")


@dataclass(frozen=True, slots=True)
class Head:
    """The last link of the chain; written down elsewhere it proves that nothing was cut off."""

    sequence: int
    digest: str


@dataclass(frozen=True, slots=True)
class Fault:
    """A place where the chain does not hold, in words."""

    sequence: int
    words: str


def record(
    action: str,
    *,
    actor: Actor,
    target: str,
    at: datetime,
    data: dict[str, object] | None = None,
) -> None:
    """Add one line to the trail, in the caller's transaction."""
    # Dates and the like are stored as the words that they are hashed as.
    said = json.dumps(through.marked(data or {}), cls=DjangoJSONEncoder)
    by = (actor.kind, actor.id, actor.name, actor.organisation_id)
    with connection.cursor() as cursor:
        cursor.execute(_RECORD, [at, action, *by, target, said])


def seal(*, now: datetime, limit: int = 5_000) -> int:
    """Chain the lines written since the last sweep; how many were sealed."""
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [_SEALING_LOCK])
            if not cursor.fetchone()[0]:
                return 0
        last = head()
        waiting = list(AuditEvent.objects.filter(sequence=None).order_by("id")[:limit])
        for event in waiting:
            last = Head(last.sequence + 1, _digest(event, last.sequence + 1, last.digest))
            event.sequence, event.digest, event.sealed_at = last.sequence, last.digest, now
        AuditEvent.objects.bulk_update(waiting, ["sequence", "digest", "sealed_at"], batch_size=500)
        return len(waiting)


def head() -> Head:
    """The last sealed link, or the beginning of an empty chain."""
    last = AuditEvent.objects.exclude(sequence=None).order_by("-sequence").first()
    if last is None or last.sequence is None:
        return Head(0, GENESIS)
    return Head(last.sequence, last.digest)


def verify(*, anchor: Head | None = None) -> list[Fault]:
    """Every fault of the chain; an anchor kept elsewhere also shows a cut or rewritten one."""
    faults: list[Fault] = []
    expected, previous, anchor_met = 1, GENESIS, False
    for event, sequence in _sealed():
        if sequence != expected:
            faults.append(Fault(expected, f"link {expected} is missing"))
        if _digest(event, sequence, previous) != event.digest:
            faults.append(Fault(sequence, f"link {sequence} does not follow from the one before"))
        if anchor and sequence == anchor.sequence:
            anchor_met = True
            if event.digest != anchor.digest:
                faults.append(Fault(sequence, f"link {sequence} is not the one in the anchor"))
        expected, previous = sequence + 1, event.digest
    if anchor and anchor.sequence and not anchor_met:
        faults.append(Fault(anchor.sequence, f"the chain ends before link {anchor.sequence}"))
    return faults


def _sealed() -> Iterator[tuple[AuditEvent, int]]:
    rows = AuditEvent.objects.exclude(sequence=None).order_by("sequence")
    for event in rows.iterator(chunk_size=2_000):
        if event.sequence is not None:
            yield event, event.sequence


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the trail, for who reads what happened to something."""

    at: datetime
    action: str
    by: str
    data: dict[str, object]


def about(target: str, *, limit: int = 20) -> list[Line]:
    """What was done to something lately, the newest first."""
    rows = AuditEvent.objects.filter(target=target).order_by("-id")[:limit]
    return [Line(row.at, row.action, row.actor_name, dict(row.data)) for row in rows]


def _digest(event: AuditEvent, sequence: int, previous: str) -> str:
    line = [
        sequence,
        previous,
        event.pk,
        event.at.astimezone(UTC).isoformat(),
        event.action,
        event.actor_kind,
        event.actor_id,
        event.actor_name,
        event.organisation_id,
        event.target,
        event.data,
    ]
    text = json.dumps(line, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()
