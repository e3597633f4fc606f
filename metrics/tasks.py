"""Carried by Celery: the clock is read here, the work is in the projection."""

from celery import shared_task
from django.utils import timezone

from metrics import projection


@shared_task(name="metrics.tasks.refresh")
def refresh() -> None:
    """Fold what has changed since the last time."""
    projection.refresh(now=timezone.now())
