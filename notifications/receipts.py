"""What carriers say became of messages: out of order, twice, too early, from the wrong one.

Good news counts whoever brings it: it has arrived. Bad news counts only from the carrier that has
the message now, of the very copy that it has; a late word of a carrier that a message was taken
away from ends nothing. Nothing ever goes back.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime

import structlog
from django.db import transaction

from notifications import outcomes
from notifications.backends import codes, registry
from notifications.backends.base import Refused
from notifications.lifecycle import State
from notifications.models import Attempt, DeliveryReceipt, Notification

log = structlog.get_logger(__name__)

# What each kind of carrier calls a message's state, in our words. What is not here changes nothing.
STATES: dict[str, dict[str, State]] = {
    "twilio": {
        "accepted": State.SENT,
        "scheduled": State.SENT,
        "queued": State.SENT,
        "sending": State.SENT,
        "sent": State.SENT,
        "delivered": State.DELIVERED,
        "read": State.DELIVERED,
        "undelivered": State.FAILED,
        "failed": State.FAILED,
        "canceled": State.FAILED,
    },
    "notify": {
        "created": State.SENT,
        "sending": State.SENT,
        "pending": State.SENT,
        "sent": State.SENT,
        "pending-virus-check": State.SENT,
        "accepted": State.SENT,
        # A letter was posted: nobody will ever say that it arrived, but it may yet come back.
        "received": State.SENT,
        "delivered": State.DELIVERED,
        "failed": State.FAILED,
        "permanent-failure": State.FAILED,
        "temporary-failure": State.FAILED,
        "technical-failure": State.FAILED,
        "validation-failed": State.FAILED,
        "virus-scan-failed": State.FAILED,
        "returned-letter": State.FAILED,
        "cancelled": State.FAILED,
    },
    # A body's own system: docs/messages-by-webhook.md is its contract.
    "webhook": {
        "delivered": State.DELIVERED,
        "failed": State.FAILED,
        "expired": State.EXPIRED,
    },
}


@dataclass(frozen=True, slots=True)
class Receipt:
    """One word of a carrier of this kind about the message that it calls `sid`. `by` is the
    carrier itself, where it may speak of nothing but what it was handed."""

    kind: str
    sid: str
    status: str
    error_code: str = ""
    by: str = ""


@transaction.atomic
def record(reference: str, receipt: Receipt, *, now: datetime) -> bool:
    """Keeps it, and moves the message as far as it says. Repeats and late news change nothing.

    False, and nothing is kept, where it speaks of a message that it was never handed.
    """
    message = _locked(reference, receipt)
    if receipt.by and not _may_speak(message, receipt):
        log.warning("receipt.of_another", carrier=receipt.by, notification=message and message.pk)
        return False
    kept = DeliveryReceipt(
        notification=message, provider=receipt.kind, sid=receipt.sid[:120],
        status=receipt.status[:30], error_code=receipt.error_code[:20], at=now,
    )  # fmt: skip
    DeliveryReceipt.objects.bulk_create([kept], ignore_conflicts=True)
    state = STATES[receipt.kind].get(receipt.status)
    if message is None or state is None:
        return True
    is_own = _is_own(message, receipt)
    if state in {State.FAILED, State.EXPIRED}:
        if is_own:
            end = outcomes.failed if state is State.FAILED else outcomes.expired
            end(message, _refusal(receipt), now=now)
        return True
    if is_own and receipt.kind != "webhook":
        message.provider_id = message.provider_id or receipt.sid
    outcomes.note(message, None)
    outcomes.move(message, state, now=now)
    return True


def _may_speak(message: Notification | None, receipt: Receipt) -> bool:
    """Whether a carrier has a message, or had it before another took it over.

    Vendors' words on what nobody knows are kept; a body's own system is told that nobody does.
    """
    if message is None:
        return receipt.kind != "webhook"
    handed = Attempt.objects.filter(notification=message.pk, carrier=receipt.by)
    return message.provider == receipt.by or handed.exists()


def _refusal(receipt: Receipt) -> Refused:
    # At GOV.UK Notify the status is all there is; others give a code beside it.
    code = receipt.status if receipt.kind == "notify" else receipt.error_code
    return codes.meaning(receipt.kind, code).refusal(code)


def _is_own(message: Notification, receipt: Receipt) -> bool:
    """Whether the carrier that speaks is the one that has this message, and speaks of that copy."""
    if receipt.by and message.provider != receipt.by:
        return False
    if receipt.kind == "webhook":
        return True  # such a system keeps each of our ids once: there is one copy
    return registry.kind_of(message.provider) == receipt.kind and message.provider_id in {
        "",
        receipt.sid,
    }


def _locked(reference: str, receipt: Receipt) -> Notification | None:
    # Its key never changes: rows that point to it may be written meanwhile.
    held = Notification.objects.select_for_update(no_key=True)
    try:
        return held.filter(public_id=uuid.UUID(reference)).first()
    except ValueError:
        return held.filter(provider_id=receipt.sid).first() if receipt.sid else None
