"""What solved it for others: counts by words and entry, fading with time, without anybody."""

from __future__ import annotations

import math
from datetime import datetime, timedelta

from django.db import connection

from kb.models import Solved

# After so long a count is worth half.
HALF = timedelta(days=90)
# What is worth less than this is forgotten, and says nothing about other words.
FORGOTTEN = 0.5


def of(words: str, *, now: datetime) -> dict[str, float]:
    """How much each entry helped others who used these words, as of now."""
    rows = Solved.objects.filter(words=words) if words else ()
    worth = {row.entry: row.weight * _left(now - row.moved_at) for row in rows}
    return {entry: value for entry, value in worth.items() if value >= FORGOTTEN}


def _left(age: timedelta) -> float:
    return math.pow(0.5, max(0.0, age / HALF))


def add(words: str, entry: str, *, now: datetime) -> None:
    """One more whom an entry helped who had used these words."""
    with connection.cursor() as cursor:
        cursor.execute(
            """INSERT INTO kb_solved AS s (words, entry, weight, moved_at)
            VALUES (%(words)s, %(entry)s, 1, %(now)s)
            ON CONFLICT (words, entry) DO UPDATE SET moved_at = %(now)s, weight = 1 + s.weight
                * power(0.5, greatest(0, extract(epoch FROM %(now)s - s.moved_at)) / %(half)s)""",
            {"words": words, "entry": entry, "now": now, "half": HALF.total_seconds()},
        )


def forget(*, now: datetime) -> int:
    """Removes what has faded; returns how many rows."""
    with connection.cursor() as cursor:
        cursor.execute(
            """DELETE FROM kb_solved WHERE weight
            * power(0.5, greatest(0, extract(epoch FROM %s - moved_at)) / %s) < %s""",
            [now, HALF.total_seconds(), FORGOTTEN],
        )
        return int(cursor.rowcount)
