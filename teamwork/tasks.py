"""Carries what teams keep: the clock read, one call."""

from __future__ import annotations

from datetime import timedelta

from celery import shared_task
from django.utils import timezone

from core import outbox
from teamwork import actions_drafts, actions_scripts, actions_together, actions_undo, ruling

DRAFTS_KEPT = timedelta(days=1)
# As long as a form that a citizen began.
SCRIPTS_KEPT = timedelta(days=7)


@shared_task(name="teamwork.tasks.forget_drafts")
def forget_drafts() -> None:
    """Removes what was typed a day ago and never sent, and what could be taken back then."""
    while actions_undo.forget_old(before=timezone.now() - DRAFTS_KEPT):
        pass
    while actions_drafts.forget_old(before=timezone.now() - DRAFTS_KEPT):
        pass


@shared_task(name="teamwork.tasks.rules")
def rules() -> None:
    """Go on with the ledger where the rules stopped, and do what they say."""
    ruling.run(now=timezone.now())


@shared_task(name="teamwork.together")
def together(*, outbox_id: int) -> None:
    """Goes on with one act on many cases; what is left is promised anew."""
    now = timezone.now()
    row = outbox.lease(outbox_id, seconds=actions_together.LEASE_SECONDS, now=now)
    if row is None:
        return
    key, until = row.args["together_id"], now + actions_together.LONGEST
    if not actions_together.go_on(together_id=key, now=now, until=until):
        actions_together.promise_more(together_id=key, now=timezone.now())
    outbox.settle(row.id, now=timezone.now())


@shared_task(name="teamwork.tasks.forget_together")
def forget_together() -> None:
    """Removes what was done to many cases a month ago: each case's own story has it."""
    while actions_together.forget_old(before=timezone.now() - actions_together.KEPT):
        pass


@shared_task(name="teamwork.tasks.forget_scripts")
def forget_scripts() -> None:
    """Removes scripts that nobody went on with for a week, and those that were sent."""
    while actions_scripts.forget_old(before=timezone.now() - SCRIPTS_KEPT):
        pass
