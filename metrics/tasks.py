"""Carried by Celery: the clock is read here, the work is in the projection."""

from celery import shared_task
from django.utils import timezone

from metrics import online, projection, watching


@shared_task(name="metrics.tasks.refresh")
def refresh() -> None:
    """Fold what has changed since the last time."""
    projection.refresh(now=timezone.now())


@shared_task(name="metrics.tasks.keep_online")
def keep_online() -> None:
    """Write down what can be done online today."""
    online.keep(timezone.now())


@shared_task(name="metrics.tasks.watch")
def watch() -> None:
    """Compare figures with their bands, once a day."""
    watching.watch(timezone.now())
