"""Runs open promises in a test, without a broker: the same registered tasks, one after another."""

from django.utils import timezone

from core.models import Outbox
from hub.celery import app


def run_outbox(*, rounds: int = 20) -> int:
    """Do every open promise that is due, and what those promise in turn; how many were settled."""
    app.loader.import_default_modules()  # as a worker does when it starts
    before = Outbox.objects.exclude(settled_at=None).count()
    for _ in range(rounds):
        due = Outbox.objects.filter(settled_at=None, parked_at=None, next_at__lte=timezone.now())
        waiting = list(due.order_by("id").values_list("pk", "task"))
        if not waiting:
            break
        for pk, task in waiting:
            app.tasks[task](outbox_id=pk)
    return Outbox.objects.exclude(settled_at=None).count() - before
