"""Numbers that a device may give by itself: a stock of references, drawn ahead."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.db import connection, transaction

from core import references
from kiosks.models import ReservedNumber

if TYPE_CHECKING:
    from kiosks.models import Kiosk

# What a device has after it was given more, and how few it has when it is.
STOCK, LOW = 300, 250
# Answers get lost, and with them the numbers in them; nobody draws without end all the same.
A_WEEK, MOST_A_WEEK = timedelta(days=7), 1_500


def more(
    kiosk: Kiosk, has: int, now: datetime, *, taken: Callable[[Sequence[str]], Collection[str]]
) -> list[str]:
    """Fresh numbers for a device that says how many it has; none while those are enough.

    `taken` says which of some references enquiries have: before there were devices' own numbers
    any reference could begin like one. What was handed out and never arrived is simply not used.
    """
    wanted = STOCK - max(has, 0) if has < LOW else 0
    if wanted:
        unused = ReservedNumber.objects.filter(
            kiosk=kiosk, used_at=None, given_at__gt=now - A_WEEK
        ).count()
        wanted = min(wanted, MOST_A_WEEK - unused)
    given: list[str] = []
    while len(given) < wanted:
        drawn = {references.for_kiosk() for _ in range(wanted - len(given))}
        given += _given(kiosk, sorted(drawn - set(taken(sorted(drawn)))), now)
    return given


@transaction.atomic
def _given(kiosk: Kiosk, drawn: Sequence[str], now: datetime) -> list[str]:
    """Those of them that no device has been given before, which are this one's now."""
    if not drawn:
        return []
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO kiosks_reservednumber (reference, kiosk_id, given_at)"
            " SELECT unnest(%s::text[]), %s, %s ON CONFLICT DO NOTHING RETURNING reference",
            [list(drawn), kiosk.pk, now],
        )
        return [reference for (reference,) in cursor.fetchall()]
