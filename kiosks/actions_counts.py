"""What happens at a device while the line is there, counted by the day. Nothing of a person."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from django.db import connection
from django.utils import timezone

if TYPE_CHECKING:
    from kiosks.models import Kiosk

SERVER = "server"


def count(kiosk: Kiosk, name: str, *, now: datetime) -> None:
    """One more of it today: starts, completions, resets, resets_with_data, helps, prints…"""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO kiosks_daycount AS known (kiosk_id, day, source, name, count)"
            " VALUES (%s, %s, %s, %s, 1)"
            " ON CONFLICT (kiosk_id, day, source, name) DO UPDATE SET count = known.count + 1",
            [kiosk.pk, timezone.localdate(now), SERVER, name],
        )


def left(kiosk: Kiosk, *, service: str, question: str, now: datetime) -> None:
    """Somebody went away at a question of a service, or of what no service was chosen for."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO kiosks_dropout AS known"
            " (kiosk_id, day, source, service, question, count) VALUES (%s, %s, %s, %s, %s, 1)"
            " ON CONFLICT (kiosk_id, day, source, service, question)"
            " DO UPDATE SET count = known.count + 1",
            [kiosk.pk, timezone.localdate(now), SERVER, service[:80], question[:80]],
        )
