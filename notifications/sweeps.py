"""Finds what was forgotten: the net under the outbox."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.db.models import Q

from core import outbox
from notifications.lifecycle import OPEN, State
from notifications.models import Notification
from notifications.outcomes import DELIVER


def forget_sealed(*, since: datetime, before: datetime) -> int:
    """Empties what was kept to say something again, of messages asked for in that time; how many.

    What has not gone yet keeps it.
    """
    old = Notification.objects.filter(created_at__gte=since, created_at__lt=before)
    return old.exclude(sealed="").exclude(state__in=OPEN).update(sealed="")


@transaction.atomic
def requeue_stuck(*, older_than: datetime, now: datetime, limit: int = 500) -> int:
    """Promises again what waits although nobody has promised it; returns how many that were."""
    waiting = list(
        Notification.objects.filter(
            Q(hold_until=None) | Q(hold_until__lt=older_than),
            state__in=[State.QUEUED, State.SENDING],
            created_at__lt=older_than,
        ).order_by("created_at", "pk")[:limit]
    )
    promised = outbox.promised(DELIVER, "notification_id", [message.pk for message in waiting])
    stuck = [message for message in waiting if message.pk not in promised]
    for message in stuck:
        outbox.ring(
            DELIVER,
            key=f"{DELIVER}:{message.pk}:{now.timestamp():.0f}",
            args={"notification_id": message.pk},
            lane=message.lane,
        )
    return len(stuck)
