"""Runs open promises in a test, without a broker: the same registered tasks, one after another."""

from celery import current_app
from django.utils import timezone

from core.models import Outbox


def run_outbox(*, rounds: int = 20) -> int:
    """Do every open promise that is due, and what those promise in turn; how many were settled."""
    before = Outbox.objects.exclude(settled_at=None).count()
    for _ in range(rounds):
        due = Outbox.objects.filter(settled_at=None, parked_at=None, next_at__lte=timezone.now())
        waiting = list(due.order_by("id").values_list("pk", "task"))
        if not waiting:
            break
        for pk, task in waiting:
            current_app.tasks[task](outbox_id=pk)
    return Outbox.objects.exclude(settled_at=None).count() - before
