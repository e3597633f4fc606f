"""Each hand-over as a row, written with its outcome: what health and figures are made of."""

from __future__ import annotations

from collections import Counter
from datetime import datetime
from typing import Protocol

from django.db import connection, transaction

from notifications import health
from notifications.backends.accounts import Account
from notifications.backends.base import Handed, Later, Refused, Unclear
from notifications.models import Attempt

HANDED, REFUSED, LATER, BUSY, UNCLEAR = "handed", "refused", "later", "busy", "unclear"


class To(Protocol):
    """Whom it was handed to."""

    @property
    def account(self) -> Account: ...
    @property
    def is_probe(self) -> bool: ...


def record(
    notification: int,
    medium: str,
    to: To,
    result: Handed | Refused | Later | Unclear,
    *,
    at: datetime,
    took: float,
) -> None:
    """Keeps what came of a hand-over that took so many seconds, and what it says of the carrier."""
    word = word_for(result)
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO notifications_attempt"
            " (notification, carrier, medium, at, took_ms, result, code)"
            " VALUES (%s, %s, %s, %s, %s, %s, %s)",
            [notification, to.account.slug, medium, at, max(0, round(took * 1000)), word,
             "" if isinstance(result, Handed) else result.code[:20]],
        )  # fmt: skip
    if word in health.BAD:
        health.heard_bad(to.account.slug, str(result), was_probe=to.is_probe, now=at)
    elif to.is_probe and word != BUSY:
        health.heard_well(to.account.slug, now=at)


def word_for(result: Handed | Refused | Later | Unclear) -> str:
    """What a hand-over's end is called in rows."""
    if isinstance(result, Handed):
        return HANDED
    if isinstance(result, Refused):
        return REFUSED
    if isinstance(result, Unclear):
        return UNCLEAR
    return BUSY if result.busy else LATER


def failed_by(notification: int) -> Counter[str]:
    """How many times each carrier has not taken this message."""
    rows = Attempt.objects.filter(notification=notification, result__in=[LATER, BUSY, UNCLEAR])
    return Counter(rows.values_list("carrier", flat=True))


@transaction.atomic
def forget(*, before: datetime, batch: int = 5_000) -> int:
    """Removes one batch of old rows, oldest first; how many it was. They lie in order of age."""
    oldest = Attempt.objects.order_by("pk").values_list("pk", "at")[:batch]
    old = [pk for pk, at in oldest if at < before]
    return Attempt.objects.filter(pk__in=old).delete()[0]
