"""Carries what teams keep: the clock read, one call."""

from __future__ import annotations

from datetime import timedelta

from celery import shared_task
from django.utils import timezone

from teamwork import actions_drafts, ruling

DRAFTS_KEPT = timedelta(days=1)


@shared_task(name="teamwork.tasks.forget_drafts")
def forget_drafts() -> None:
    """Removes what somebody was writing a day ago and never sent."""
    while actions_drafts.forget_old(before=timezone.now() - DRAFTS_KEPT):
        pass


@shared_task(name="teamwork.tasks.rules")
def rules() -> None:
    """Go on with the ledger where the rules stopped, and do what they say."""
    ruling.run(now=timezone.now())
