"""Periodic jobs: each run is a slot that the database lets happen once, carried by the outbox.

Every job is a sweep over what is due, so the slot of now makes up for all that were missed.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final

import structlog
from celery import current_app, shared_task
from django.db import transaction
from django.utils import timezone

from core import outbox, slots

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Job:
    """A task without arguments that runs once in every slot of its length."""

    name: str
    every: timedelta
    task: str
    # A run that starts later than this is left to the next slot.
    expires: timedelta
    # How long a run whose worker died holds up the next one.
    lease: int = 70

    def slot(self, now: datetime) -> datetime:
        """The beginning of the slot that `now` lies in."""
        length = int(self.every.total_seconds())
        return datetime.fromtimestamp(int(now.timestamp()) // length * length, UTC)


def _every(task: str, *, expires: int, lease: int = 70, **every: int) -> Job:
    return Job(task, timedelta(**every), task, timedelta(seconds=expires), lease)


JOBS: Final = (
    _every("metrics.tasks.refresh", seconds=5, expires=30, lease=20),
    _every("metrics.tasks.keep_online", seconds=3600, expires=3000),
    _every("metrics.tasks.watch", seconds=3600, expires=3000, lease=300),
    _every("desk.tasks.send_packs", seconds=300, expires=900, lease=70),
    _every("desk.tasks.draw_sample", seconds=3600, expires=3000, lease=300),
    _every("teamwork.tasks.rules", seconds=3, expires=30, lease=25),
    _every("core.tasks.seal_audit", seconds=10, expires=60, lease=20),
    _every("notifications.requeue_stuck", seconds=30, expires=120),
    _every("notifications.forget_attempts", days=1, expires=20 * 3600, lease=300),
    _every("notifications.fold_handovers", seconds=300, expires=900, lease=300),
    _every("notifications.ask_unheard", seconds=1800, expires=1800, lease=70),
    _every("enquiries.tasks.escalate_overdue", seconds=60, expires=300),
    _every("enquiries.tasks.chase_unfinished", seconds=60, expires=300),
    _every("enquiries.tasks.close_resolved", seconds=300, expires=900),
    _every("enquiries.tasks.free_cases", seconds=300, expires=900),
    _every("enquiries.tasks.expire_offers", seconds=60, expires=300),
    _every("enquiries.tasks.send_digests", seconds=300, expires=900, lease=300),
    _every("enquiries.tasks.tell_moves", seconds=60, expires=300, lease=300),
    _every("enquiries.tasks.tell_notices", seconds=60, expires=300, lease=300),
    _every("kb.tasks.publish_due", seconds=60, expires=300),
    _every("enquiries.tasks.reassure", seconds=300, expires=900, lease=300),
    _every("enquiries.tasks.count_chases", days=1, expires=20 * 3600, lease=300),
    _every("channels.tasks.drain_spool", seconds=30, expires=60, lease=300),
    _every("channels.tasks.pull_texts", seconds=300, expires=300, lease=300),
    _every("channels.tasks.count_left_forms", seconds=300, expires=900, lease=300),
    _every("channels.tasks.open_silent_texts", seconds=60, expires=300, lease=300),
    _every("channels.tasks.forget_texts", days=1, expires=20 * 3600, lease=300),
    _every("channels.tasks.poll_mail", seconds=60, expires=120, lease=120),
    _every("channels.tasks.forget_mail", days=1, expires=20 * 3600, lease=300),
    _every("enquiries.tasks.sweep_begun_forms", seconds=3600, expires=7200, lease=300),
    _every("enquiries.tasks.sweep_files", days=1, expires=20 * 3600, lease=300),
    _every("enquiries.tasks.let_go_held", seconds=300, expires=900),
    _every("enquiries.tasks.forget_uploads", seconds=3600, expires=3000),
    _every("enquiries.tasks.scan_again", seconds=3600, expires=3000),
    _every("kb.tasks.fold_searches", days=1, expires=20 * 3600, lease=300),
    _every("enquiries.tasks.forget_subscriptions", days=1, expires=20 * 3600),
    _every("core.tasks.purge_settled", days=1, expires=20 * 3600),
    _every("channels.tasks.forget_own_links", days=1, expires=20 * 3600),
    _every("channels.tasks.watch_kiosks", seconds=30, expires=60),
    _every("channels.tasks.forget_kept", days=1, expires=20 * 3600, lease=300),
    _every("teamwork.tasks.forget_drafts", seconds=3600, expires=3000),
    _every("teamwork.tasks.forget_together", days=1, expires=20 * 3600),
    _every("teamwork.tasks.forget_scripts", seconds=3600, expires=3000),
    _every("channels.tasks.end_calls", seconds=300, expires=900),
    _every("channels.tasks.count_calls", seconds=300, expires=900, lease=300),
    _every("channels.tasks.forget_calls", days=1, expires=20 * 3600),
)


def promise(job: Job, *, now: datetime) -> bool:
    """Promise this slot's run; False if it was promised before, by whomever."""
    slot = job.slot(now)
    with transaction.atomic():
        fresh = slots.begin(job.name, slot, now=now)
        if fresh:
            outbox.ring(
                "hub.run_job",
                key=f"job:{job.name}:{slot:%Y%m%dT%H%M%S}",
                args={"job": job.name, "slot": slot.isoformat()},
                lane=f"job:{job.name}",
            )
    return fresh


@shared_task(name="hub.run_job")
def run_job(*, outbox_id: int) -> None:
    """Run the job of one slot; what fails is logged and left to the next slot."""
    row = outbox.lease(outbox_id, seconds=15, now=timezone.now())
    if row is not None:
        carry_out(row, jobs=JOBS, now=timezone.now())


def carry_out(row: outbox.Row, *, jobs: tuple[Job, ...], now: datetime) -> None:
    """Do what the row of a slot asks for, unless it comes too late, and settle it."""
    job = next((job for job in jobs if job.name == row.args["job"]), None)
    slot = datetime.fromisoformat(row.args["slot"])
    error = ""
    if job is None:
        error = "no such job"
    elif now - slot > job.expires:
        error = "too late; a later slot does it"
    else:
        outbox.extend(row.id, until=now + timedelta(seconds=job.lease))
        try:
            current_app.tasks[job.task]()
        except Exception as failure:
            log.exception("job.failed", job=job.name)
            error = f"{type(failure).__name__}: {failure}"
    ended = timezone.now()
    if not error:
        slots.end(row.args["job"], slot, now=ended)
    outbox.settle(row.id, now=ended, error=error)
