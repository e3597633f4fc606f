"""Work of the knowledge base outside requests."""

from __future__ import annotations

from celery import shared_task
from django.utils import timezone

from kb import actions_articles


@shared_task(name="kb.tasks.publish_due")
def publish_due() -> None:
    """Publishes the answers whose time has come."""
    actions_articles.publish_due(now=timezone.now())
