"""The kernel's own periodic work."""

from datetime import timedelta
from importlib import import_module
from typing import Final

import structlog
from celery import shared_task
from django.conf import settings
from django.utils import timezone

from core import audit, heartbeats, limits, outbox, slots

KEEP_SETTLED: Final = timedelta(days=30)
KEEP_SLOTS: Final = timedelta(days=30)
KEEP_JOB_ROWS: Final = timedelta(days=1)

log = structlog.get_logger(__name__)


@shared_task(name="core.canary")
def canary() -> None:
    """Came through the queue and a worker: write that down."""
    heartbeats.beat(heartbeats.CANARY, at=timezone.now())


@shared_task(name="core.tasks.seal_audit")
def seal_audit() -> None:
    """Chain what the trail has gained; the log line is an anchor outside the database."""
    if audit.seal(now=timezone.now()):
        head = audit.head()
        log.info("audit.sealed", sequence=head.sequence, digest=head.digest)


@shared_task(name="core.tasks.purge_settled")
def purge_settled() -> None:
    """Forget settled promises, old job slots, and visits that are over with all that they held."""
    now = timezone.now()
    while outbox.purge(settled_before=now - KEEP_SETTLED):
        pass
    while outbox.purge(settled_before=now - KEEP_JOB_ROWS, task="hub.run_job"):
        pass
    slots.purge(before=now - KEEP_SLOTS)
    limits.purge(before=now - limits.KEPT)
    # Answers of a form that was never sent live in its session: they end with it.
    import_module(settings.SESSION_ENGINE).SessionStore.clear_expired()
