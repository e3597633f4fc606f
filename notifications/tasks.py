"""Carries messages: ids in, the clock read, one call."""

from __future__ import annotations

from datetime import timedelta

from celery import shared_task
from django.utils import timezone

from notifications import attempts, delivery, handovers, sweeps, unheard

# Far longer than a hand-over takes; the outbox brings back by itself whatever it still holds.
STUCK_AFTER = timedelta(minutes=10)
ATTEMPTS_KEPT = timedelta(days=90)
# As long as what did not arrive can be sent again from its list (queries_health.FAILURES_OF).
SEALED_KEPT = timedelta(days=7)


@shared_task(name="notifications.deliver")
def deliver(*, outbox_id: int) -> None:
    """Hands one message to its provider."""
    delivery.deliver(outbox_id=outbox_id, now=timezone.now())


@shared_task(name="notifications.deliver_several")
def deliver_several(*, outbox_ids: list[int]) -> None:
    """Hands over several, one after the other; what there is no time for comes back by itself."""
    delivery.deliver_several(outbox_ids=outbox_ids, clock=timezone.now)


@shared_task(name="notifications.forget_attempts")
def forget_attempts() -> None:
    """Removes the rows of hand-overs that are older than anybody looks, and the links that were
    kept to say something again."""
    now = timezone.now()
    while attempts.forget(before=now - ATTEMPTS_KEPT):
        pass
    sweeps.forget_sealed(since=now - ATTEMPTS_KEPT, before=now - SEALED_KEPT)


@shared_task(name="notifications.requeue_stuck")
def requeue_stuck() -> None:
    """Brings back messages that nobody has promised to deliver."""
    now = timezone.now()
    sweeps.requeue_stuck(older_than=now - STUCK_AFTER, now=now)


@shared_task(name="notifications.fold_handovers")
def fold_handovers() -> None:
    """Counts how promptly messages were handed over, today and yesterday."""
    handovers.fold(now=timezone.now())


@shared_task(name="notifications.ask_unheard")
def ask_unheard() -> None:
    """Asks carriers what became of texts of which no more was heard."""
    unheard.ask(clock=timezone.now)
