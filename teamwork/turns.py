"""Lists that several people order: one hand at a time."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol, TypeVar

from django.db import connection

MACROS, RULES = 0x3A01, 0x3A02


class Placed(Protocol):
    """A row with a place in a list."""

    pk: int
    position: int

    def save(self, *, update_fields: Sequence[str]) -> None:
        """Keeps it."""


Row = TypeVar("Row", bound=Placed)


def lock(which: int) -> None:
    """Until the transaction ends nobody else writes this list."""
    with connection.cursor() as sql:
        sql.execute("SELECT pg_advisory_xact_lock(%s)", [which])


def swap(rows: Sequence[Row], row: Row, *, up: bool) -> None:
    """Takes the place of the one before it, or after it; at an end it stays."""
    at = next(index for index, other in enumerate(rows) if other.pk == row.pk)
    beside = at - 1 if up else at + 1
    if not 0 <= beside < len(rows):
        return
    one, other = rows[at], rows[beside]
    one.position, other.position = other.position, one.position
    one.save(update_fields=["position"])
    other.save(update_fields=["position"])
