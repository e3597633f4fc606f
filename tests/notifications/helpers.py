from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone

import notifications.actions
from core.models import Outbox
from notifications import delivery
from notifications.models import Notification

FACTS = {
    "reference": "WH7-K3MP-4X",
    "owner": "Wychavon District Council",
    "promised": "Thursday 26 November",
    "track_url": "https://hub.example/track/WH7-K3MP-4X/abc/",
}


def tell(
    key: str = "late:1",
    *,
    medium: str = "sms",
    to: str = "+447700900123",
    about: str = "WH7-K3MP-4X",
    now: datetime | None = None,
) -> Notification:
    """Asks for one message."""
    with transaction.atomic():
        pk = notifications.actions.send(
            key=key, event="late", medium=medium, to=to, context={**FACTS, "reference": key},
            about=about, now=now or timezone.now(),
        )  # fmt: skip
    return Notification.objects.get(pk=pk)


def promise_of(message: Notification) -> Outbox:
    """The outbox row of a message."""
    return Outbox.objects.get(key=f"notifications.deliver:{message.pk}")


def deliver(message: Notification, *, after: timedelta = timedelta()) -> Notification:
    """Delivers one message, so much later than now."""
    now = timezone.now() + after
    delivery.deliver(outbox_id=promise_of(message).pk, now=now)
    message.refresh_from_db()
    return message
