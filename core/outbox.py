"""Promises kept in PostgreSQL: ring() writes one, claim() or lease() takes it, settle() ends it.

A Celery message only says "look"; what is to be done and whether it was done stands in the row.
"""

import json
import secrets
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

import structlog
from django.core.serializers.json import DjangoJSONEncoder
from django.db import DatabaseError, InterfaceError, connection, transaction
from django.db.models import F
from django.db.transaction import TransactionManagementError
from django.utils import timezone
from psycopg.sql import SQL, Composed

from core import undoable
from core.models import Outbox
from core.privacy import redact_text

CHANNEL: Final = "outbox"
FIRST_DELAY_SECONDS: Final = 0.5
LONGEST_DELAY_SECONDS: Final = 300.0
PARK_AFTER_ATTEMPTS: Final = 48
PARK_AFTER: Final = timedelta(hours=72)

log = structlog.get_logger(__name__)

# A row waits while an older promise of the same lane is open: what happened to one enquiry is
# told in the order it happened.
_LANE_IS_FREE: Final = SQL("""(row.lane = '' OR NOT EXISTS (
    SELECT 1 FROM core_outbox AS older
    WHERE older.lane = row.lane AND older.lane <> '' AND older.id < row.id
      AND older.settled_at IS NULL AND older.parked_at IS NULL))""")
_OPEN: Final = SQL("row.settled_at IS NULL AND row.parked_at IS NULL")
# A first attempt may be made at any time; only one that failed has to wait for its turn.
_TURN: Final = SQL("(row.attempts = 0 OR row.next_at <= %(now)s)")
_UNLEASED: Final = SQL("(row.lease_until IS NULL OR row.lease_until <= %(now)s)")
_COLUMNS: Final = SQL("row.id, row.task, row.key, row.args, row.lane, row.attempts, row.created_at")
_PARTS: Final = {
    "open": _OPEN,
    "turn": _TURN,
    "unleased": _UNLEASED,
    "free": _LANE_IS_FREE,
    "columns": _COLUMNS,
}


@dataclass(frozen=True, slots=True)
class Row:
    """What a doer sees of a promise."""

    id: int
    task: str
    key: str
    args: dict[str, Any]
    lane: str
    attempts: int
    created_at: datetime


def ring(
    task: str,
    *,
    key: str,
    args: dict[str, Any],
    lane: str = "",
    due_at: datetime | None = None,
) -> None:
    """Promise a piece of work in the caller's transaction; the same key twice is one promise.

    What an act promises that can be taken back waits until it no longer can.
    """
    if not connection.in_atomic_block:
        raise TransactionManagementError("outbox.ring() belongs inside the work's transaction")
    now = timezone.now()
    hold = undoable.current()
    if hold is not None:
        due_at = max(due_at or now, hold.until)
    with connection.cursor() as cursor:
        cursor.execute(
            "WITH kept AS (INSERT INTO core_outbox"
            " (task, key, args, lane, created_at, next_at, attempts, error)"
            " VALUES (%s, %s, %s::jsonb, %s, %s, %s, 0, '') ON CONFLICT (key) DO NOTHING"
            " RETURNING id) SELECT (SELECT count(*) FROM kept), pg_notify(%s, '')",
            [task, key, json.dumps(args, cls=DjangoJSONEncoder), lane, now, due_at or now, CHANNEL],
        )
        is_new = bool(cursor.fetchone()[0])
    if hold is not None and is_new:
        hold.promises.append(key)


@contextmanager
def claim(outbox_id: int) -> Iterator[Row | None]:
    """Do database-only work and settle its promise in one transaction; None if not ours to do."""
    try:
        with transaction.atomic():
            row = _lock(outbox_id, now=timezone.now())
            yield row
            if row is not None:
                settle(row.id, now=timezone.now())
    except Exception as failure:
        # Should the database be gone as well, the relay hands the row over again by itself.
        with suppress(DatabaseError, InterfaceError):
            count_failure(outbox_id, failure)
        raise


def lease(outbox_id: int, *, seconds: int, now: datetime) -> Row | None:
    """Take a promise for a while, to do work with outside calls; None if not ours to do."""
    sql = SQL("""
        UPDATE core_outbox AS row
        SET lease_until = %(until)s, attempts = row.attempts + 1
        WHERE row.id = %(id)s AND {open} AND {turn} AND {unleased} AND {free}
        RETURNING {columns}""").format(**_PARTS)
    return _one(sql, {"id": outbox_id, "now": now, "until": now + timedelta(seconds=seconds)})


def extend(outbox_id: int, *, until: datetime) -> None:
    """Keep a lease for longer."""
    Outbox.objects.filter(pk=outbox_id, settled_at=None).update(lease_until=until)


def settle(outbox_id: int, *, now: datetime, error: str = "") -> None:
    """The promise is kept (or can never be, and the error says why): nobody does it again."""
    with connection.cursor() as cursor:
        # The next one of the same lane, where there is one, may go now.
        cursor.execute(
            "WITH settled AS (UPDATE core_outbox SET settled_at = %s, lease_until = NULL,"
            " error = %s WHERE id = %s AND settled_at IS NULL RETURNING id, lane)"
            " SELECT pg_notify(%s, '') FROM settled WHERE settled.lane <> '' AND EXISTS"
            " (SELECT 1 FROM core_outbox AS next WHERE next.lane = settled.lane"
            " AND next.id <> settled.id AND next.settled_at IS NULL AND next.parked_at IS NULL)",
            [now, redact_text(error)[:2_000], outbox_id, CHANNEL],
        )


def forget(keys: Iterable[str]) -> int:
    """What nobody has begun need not be done after all; returns how much of it that was."""
    waiting = Outbox.objects.filter(settled_at=None, lease_until=None, attempts=0)
    # Who has one in hand at this moment holds it, and finds for themselves that it is needless.
    free = waiting.filter(key__in=list(keys)).select_for_update(skip_locked=True)
    return Outbox.objects.filter(pk__in=list(free.values_list("pk", flat=True))).delete()[0]


def settle_by_key(key: str, *, now: datetime) -> None:
    """What was promised under this key has been done already, by who promised it."""
    found = Outbox.objects.filter(key=key, settled_at=None).values_list("pk", flat=True).first()
    if found is not None:
        settle(found, now=now)


def postpone(outbox_id: int, *, now: datetime, error: str, next_at: datetime | None = None) -> None:
    """Try again later, ever more slowly; after 48 tries or 72 hours a person has to look."""
    row = Outbox.objects.filter(pk=outbox_id, settled_at=None, parked_at=None).first()
    if row is None:
        return
    if row.attempts >= PARK_AFTER_ATTEMPTS or now - row.created_at >= PARK_AFTER:
        park(outbox_id, now=now, error=error)
        return
    Outbox.objects.filter(pk=outbox_id, settled_at=None).update(
        next_at=next_at or now + delay(row.attempts),
        handed_at=None,
        lease_until=None,
        error=redact_text(error)[:2_000],
    )


def park(outbox_id: int, *, now: datetime, error: str) -> None:
    """Lay the promise aside for a person; it no longer holds up its lane."""
    Outbox.objects.filter(pk=outbox_id, settled_at=None).update(
        parked_at=now, lease_until=None, handed_at=None, error=redact_text(error)[:2_000]
    )
    log.error("outbox.parked", outbox_id=outbox_id)


def unpark(outbox_id: int, *, now: datetime) -> None:
    """Give a parked promise a fresh start."""
    Outbox.objects.filter(pk=outbox_id, settled_at=None).exclude(parked_at=None).update(
        parked_at=None, handed_at=None, lease_until=None, attempts=0, next_at=now, created_at=now
    )


def delay(attempts: int) -> timedelta:
    """Half a second, doubled with each try, at most five minutes, give or take a half."""
    seconds = min(LONGEST_DELAY_SECONDS, FIRST_DELAY_SECONDS * 2 ** min(attempts, 20))
    return timedelta(seconds=seconds * secrets.SystemRandom().uniform(0.5, 1.5))


def take_due(*, now: datetime, limit: int, stale_after: timedelta) -> list[Row]:
    """For the relay: due promises that nobody has in hand, marked as handed over now."""
    sql = SQL("""
        WITH due AS (
            SELECT row.id FROM core_outbox AS row
            WHERE {open} AND row.next_at <= %(now)s AND {unleased}
              AND (row.handed_at IS NULL OR row.handed_at <= %(stale)s) AND {free}
            ORDER BY row.next_at, row.id LIMIT %(limit)s FOR UPDATE OF row SKIP LOCKED)
        UPDATE core_outbox AS row SET handed_at = %(now)s FROM due WHERE row.id = due.id
        RETURNING {columns}""").format(**_PARTS)
    rows = _all(sql, {"now": now, "limit": limit, "stale": now - stale_after})
    return sorted(rows, key=lambda row: row.id)


def take_late(*, now: datetime, limit: int, older_than: timedelta) -> list[Row]:
    """For the relay: promises that are late although handed over, to be done by itself."""
    sql = SQL("""
        SELECT {columns}
        FROM core_outbox AS row
        WHERE {open} AND row.next_at <= %(late)s AND {unleased} AND {free}
        ORDER BY row.next_at, row.id LIMIT %(limit)s""").format(**_PARTS)
    return _all(sql, {"now": now, "late": now - older_than, "limit": limit})


def hand_back(ids: list[int]) -> None:
    """For the relay: the broker did not take these, so they are nobody's again."""
    Outbox.objects.filter(pk__in=ids, settled_at=None).update(handed_at=None)


def in_hand(*, now: datetime, stale_after: timedelta) -> int:
    """How many promises are with Celery at the moment."""
    return Outbox.objects.filter(
        settled_at=None, parked_at=None, handed_at__gt=now - stale_after
    ).count()


def promised(task: str, argument: str, values: Iterable[int]) -> set[int]:
    """Those of the values for which a promise of this task is open, or parked for a person."""
    rows = Outbox.objects.filter(
        task=task, settled_at=None, **{f"args__{argument}__in": list(values)}
    )
    return {args[argument] for args in rows.values_list("args", flat=True)}


def oldest_due_age(now: datetime) -> float:
    """Seconds that the oldest promise that could be done now has been waiting; 0 if none."""
    sql = SQL("""SELECT MIN(row.next_at) FROM core_outbox AS row
              WHERE {open} AND row.next_at <= %(now)s AND {unleased} AND {free}""").format(**_PARTS)
    with connection.cursor() as cursor:
        cursor.execute(sql, {"now": now})
        oldest: datetime | None = cursor.fetchone()[0]
    return 0.0 if oldest is None else max(0.0, (now - oldest).total_seconds())


def depth() -> int:
    """How many promises are open."""
    return Outbox.objects.filter(settled_at=None, parked_at=None).count()


def parked() -> int:
    """How many promises wait for a person."""
    return Outbox.objects.filter(settled_at=None).exclude(parked_at=None).count()


def purge(*, settled_before: datetime, task: str = "", batch: int = 1_000) -> int:
    """Forget settled promises (of one task) that are old; one batch, and how many it was."""
    old = Outbox.objects.filter(settled_at__lt=settled_before).order_by("settled_at")
    if task:
        old = old.filter(task=task)
    ids = list(old.values_list("pk", flat=True)[:batch])
    deleted, _ = Outbox.objects.filter(pk__in=ids).delete()
    return deleted


def count_failure(outbox_id: int, failure: Exception) -> None:
    """What failed leaves its mark, outside of the transaction that it failed in, and waits."""
    Outbox.objects.filter(pk=outbox_id, settled_at=None).update(attempts=F("attempts") + 1)
    postpone(outbox_id, now=timezone.now(), error=f"{type(failure).__name__}: {failure}")


def _lock(outbox_id: int, *, now: datetime) -> Row | None:
    sql = SQL("""
        SELECT {columns}
        FROM core_outbox AS row
        WHERE row.id = %(id)s AND {open} AND {turn} AND {unleased} AND {free}
        FOR UPDATE OF row SKIP LOCKED""").format(**_PARTS)
    return _one(sql, {"id": outbox_id, "now": now})


def _one(sql: Composed, parameters: Mapping[str, int | datetime]) -> Row | None:
    rows = _all(sql, parameters)
    return rows[0] if rows else None


def _all(sql: Composed, parameters: Mapping[str, int | datetime]) -> list[Row]:
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        return [
            Row(id_, task, key, _json(args), lane, attempts, created_at)
            for id_, task, key, args, lane, attempts, created_at in cursor.fetchall()
        ]


def _json(value: object) -> dict[str, Any]:
    # Django's cursors give jsonb as text; a JSONField would have read it for us.
    read = json.loads(value) if isinstance(value, str) else value
    return dict(read) if isinstance(read, dict) else {}
