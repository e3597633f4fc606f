"""Work of the knowledge base outside requests."""

from __future__ import annotations

from celery import shared_task
from django.utils import timezone

from kb import actions_articles, search_log


@shared_task(name="kb.tasks.publish_due")
def publish_due() -> None:
    """Publishes the answers whose time has come."""
    actions_articles.publish_due(now=timezone.now())


@shared_task(name="kb.tasks.fold_searches")
def fold_searches() -> None:
    """Counts searches into weeks, and forgets what may name somebody."""
    search_log.fold(now=timezone.now())
