"""Writes down what became of a message. Every change of state goes through `move`."""

from __future__ import annotations

from datetime import datetime, timedelta

import structlog

from core import outbox
from notifications import lifecycle
from notifications.backends.base import NotHanded, Refused
from notifications.lifecycle import State
from notifications.models import Notification

DELIVER = "notifications.deliver"
ADDRESS_REFUSED = "channels.address_refused"
AGAIN = ":again"

log = structlog.get_logger(__name__)


def move(message: Notification, state: State, *, now: datetime) -> bool:
    """Takes a locked message to a state, or leaves it where it is when that would go back."""
    if not lifecycle.may(State(message.state), state):
        return False
    message.state = state
    if state in {State.SENT, State.DELIVERED} and message.sent_at is None:
        message.sent_at = now
    message.settled_at = now if state in lifecycle.FINAL else None
    message.save(
        update_fields=[
            "state", "sent_at", "settled_at", "provider", "provider_id", "attempts", "tried_at",
            "error", "error_code", "address_state",
        ]
    )  # fmt: skip
    if state is not State.SENDING:
        log.info("notification.moved", message=str(message.public_id), state=str(state))
    return True


def note(message: Notification, trouble: NotHanded | None) -> None:
    """Keeps a provider's words for staff; `move` stores them."""
    message.error = str(trouble)[:300] if trouble else ""
    message.error_code = trouble.code[:20] if trouble else ""


def sent(message: Notification, *, provider_id: str, now: datetime) -> None:
    """The provider has it."""
    message.provider_id = provider_id or message.provider_id
    note(message, None)
    if not move(message, State.SENT, now=now):
        # A receipt was quicker; only the id may still be news.
        message.save(update_fields=["provider_id"])


def failed(message: Notification, refusal: Refused, *, now: datetime) -> None:
    """It did not arrive and will not: staff see why, and the address learns from it."""
    note(message, refusal)
    message.address_state = refusal.address
    if not move(message, State.FAILED, now=now):
        return
    if refusal.address:
        outbox.ring(ADDRESS_REFUSED, key=f"{ADDRESS_REFUSED}:{message.pk}",
                    args={"notification_id": message.pk})  # fmt: skip
    if refusal.again_minutes and not message.key.endswith(AGAIN):
        copy(message, key=message.key + AGAIN, now=now,
             due_at=now + timedelta(minutes=refusal.again_minutes))  # fmt: skip


def copy(message: Notification, *, key: str, now: datetime, due_at: datetime | None = None) -> int:
    """The same words to the same address as a message of its own; the first keeps its history."""
    return store(
        Notification(
            key=key, event=message.event, medium=message.medium, to=message.to,
            subject=message.subject, body=message.body, about=message.about, lane=message.lane,
            created_at=now,
        ),
        due_at=due_at,
    )  # fmt: skip


def store(message: Notification, *, due_at: datetime | None = None) -> int:
    """Keeps a message and promises its delivery; one with a known key is only looked up."""
    Notification.objects.bulk_create([message], ignore_conflicts=True)
    pk = Notification.objects.values_list("pk", flat=True).get(key=message.key)
    outbox.ring(DELIVER, key=f"{DELIVER}:{pk}", args={"notification_id": pk}, lane=message.lane,
                due_at=due_at)  # fmt: skip
    return pk
