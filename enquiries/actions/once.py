"""What comes in is taken once, and a form of the desk does its work once, however often sent."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from django.db import connection
from django.db.transaction import TransactionManagementError


def first(*, key: str, now: datetime) -> bool:
    """True for the first who brings this key; a second waits until the first has ended.

    Belongs inside the transaction of the work: what is refused leaves no trace, and may be
    tried again.
    """
    if not connection.in_atomic_block:
        raise TransactionManagementError("a key belongs inside the transaction of its work")
    return receipt(channel="desk", external_id=key, now=now) is not None


def first_of(keys: Collection[str], *, now: datetime) -> frozenset[str]:
    """Those of these keys that nobody brought before, as `first` has it; one statement."""
    if not connection.in_atomic_block:
        raise TransactionManagementError("a key belongs inside the transaction of its work")
    if not keys:
        return frozenset()
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO enquiries_receipt"
            ' (channel, external_id, body_hash, "references", at)'
            " SELECT 'desk', key, '', '{}', %s FROM unnest(%s::text[]) AS key ORDER BY key"
            " ON CONFLICT (channel, external_id) DO NOTHING RETURNING external_id",
            [now, sorted(keys)],
        )
        return frozenset(key for (key,) in cursor.fetchall())


def receipt(*, channel: str, external_id: str, now: datetime, body_hash: str = "") -> int | None:
    """The key of a first receipt; None where there is one already.

    A second writer waits at the unique pair until the first has committed or gone.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO enquiries_receipt"
            ' (channel, external_id, body_hash, "references", at)'
            " VALUES (%s, %s, %s, '{}', %s)"
            " ON CONFLICT (channel, external_id) DO NOTHING RETURNING id",
            [channel, external_id, body_hash, now],
        )
        row = cursor.fetchone()
    return row[0] if row else None
