"""Runs of periodic jobs: the database lets each slot happen once."""

from datetime import datetime

from core.models import JobSlot


def begin(job: str, slot: datetime, *, now: datetime) -> bool:
    """True for the first who asks for this slot."""
    _, fresh = JobSlot.objects.get_or_create(job=job, slot=slot, defaults={"started_at": now})
    return fresh


def end(job: str, slot: datetime, *, now: datetime) -> None:
    """This slot's run went through."""
    JobSlot.objects.filter(job=job, slot=slot).update(finished_at=now)


def purge(*, before: datetime) -> None:
    """Forget old slots."""
    JobSlot.objects.filter(slot__lt=before).delete()
