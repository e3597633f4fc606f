"""Carry: the clock read, one call."""

from __future__ import annotations

from celery import shared_task
from django.utils import timezone

from enquiries.actions import calls
from inbox import actions_calls


@shared_task(name="channels.voice.tasks.end_calls")
def end_calls() -> None:
    """Ends calls of which no end was told."""
    calls.end_overdue(now=timezone.now())


@shared_task(name="channels.voice.tasks.forget_calls")
def forget_calls() -> None:
    """Forgets who rang long ago."""
    actions_calls.forget(now=timezone.now())
