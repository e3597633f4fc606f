"""Texts of which no more was heard: their carriers are asked what became of them.

A carrier reports to us, and gives up where we were away too long. It is asked outside of every
transaction, about few at a time, and about each once in hours.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import datetime, timedelta

import structlog
from django.db import connection, transaction
from django.db.models import Q

from notifications import receipts
from notifications.backends import registry
from notifications.backends.base import Asked, Later
from notifications.lifecycle import State
from notifications.models import Notification
from notifications.receipts import Receipt

# So long a carrier may take to report by itself; after so long nothing more will be known.
AFTER, UNTIL = timedelta(hours=1), timedelta(days=3)
EVERY = timedelta(hours=6)
# Of a text that waited for its night to end, or for its carrier to be well.
WAITED = timedelta(days=4)
AT_ONCE = 50
SECONDS = 25.0

log = structlog.get_logger(__name__)


def ask(*, clock: Callable[[], datetime]) -> int:
    """Asks of what is due, for SECONDS at most, and writes down what is said; how many that were.

    What it was killed over, or had no time for, is asked another time. A carrier that cannot say
    now is left alone until then.
    """
    if connection.in_atomic_block:
        raise RuntimeError("notifications.unheard.ask was called inside a transaction")
    began, asked, ways = time.monotonic(), 0, _ways()
    while ways and (batch := _take(list(ways), now=clock())):
        for message in batch:
            if time.monotonic() - began > SECONDS:
                return asked
            if (way := ways.get(message.provider)) is None:
                continue
            try:
                word = way.became(message.provider_id)
            except Later as trouble:
                log.warning("unheard.cannot_say", carrier=message.provider, why=str(trouble))
                del ways[message.provider]
                continue
            asked += 1
            if word is not None:
                said = Receipt(way.name, message.provider_id, word.status, word.code,
                               by=message.provider)  # fmt: skip
                receipts.record(str(message.public_id), said, now=clock())
    return asked


def _ways() -> dict[str, Asked]:
    """The carriers that can be asked, by their slugs."""
    found: dict[str, Asked] = {}
    for kind in receipts.STATES:
        for account in registry.accounts_of(kind):
            try:
                backend = registry.backend_of(account)
            except Exception:  # half filled in: others can be asked all the same
                log.exception("carrier.unusable", carrier=account.slug)
                continue
            if isinstance(backend, Asked):
                found[account.slug] = backend
    return found


@transaction.atomic
def _take(carriers: list[str], *, now: datetime) -> list[Notification]:
    """Some that are due, marked as asked about: nobody else asks about them for hours."""
    due = Notification.objects.filter(
        Q(asked_at=None) | Q(asked_at__lte=now - EVERY),
        state=State.SENT,
        medium="sms",
        provider__in=carriers,
        sent_at__gt=now - UNTIL,
        sent_at__lte=now - AFTER,
        created_at__gt=now - UNTIL - WAITED,
    ).exclude(provider_id="")
    taken = list(due.order_by("created_at", "pk").select_for_update(skip_locked=True)[:AT_ONCE])
    Notification.objects.filter(pk__in=[one.pk for one in taken]).update(asked_at=now)
    return taken
