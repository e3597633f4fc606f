"""Runs open promises in a test, without a broker: the same registered tasks, one after another."""

from django.utils import timezone

from core.models import Outbox
from hub.celery import app
from notifications.models import Notification
from teamwork.actions_undo import SECONDS


def run_outbox(*, rounds: int = 20, at_once: bool = False) -> int:
    """Do every open promise that is due, and what those promise in turn; how many were settled.

    What could still be taken back at the desk cannot any more, unless it is done `at_once`.
    """
    if not at_once:
        _seconds_go_by()
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


def _seconds_go_by() -> None:
    now = timezone.now()
    soon = {"next_at__gt": now, "next_at__lte": now + SECONDS, "attempts": 0}
    Outbox.objects.filter(settled_at=None, **soon).update(next_at=now)
    Notification.objects.filter(held_for="undo", hold_until__gt=now).update(hold_until=now)
