"""Signs of life, kept as rows so that any process can read them."""

from datetime import datetime, timedelta

from core.models import Heartbeat

CANARY = "canary:default"
CANARY_SENT = "canary:sent"


def beat(name: str, *, at: datetime, detail: dict[str, object] | None = None) -> None:
    """Write that this part was alive at that moment."""
    Heartbeat.objects.update_or_create(name=name, defaults={"at": at, "detail": detail or {}})


def age(name: str, *, now: datetime) -> float | None:
    """Seconds since the part was last seen; None if it never was."""
    at = Heartbeat.objects.filter(name=name).values_list("at", flat=True).first()
    return None if at is None else max(0.0, (now - at).total_seconds())


def worker_is_deaf(*, now: datetime, patience: timedelta = timedelta(seconds=60)) -> bool:
    """True when canaries go into the queue but none has come out of it for a while."""
    sent, heard = age(CANARY_SENT, now=now), age(CANARY, now=now)
    if sent is None or heard is None or sent > patience.total_seconds() / 2:
        return False
    return heard > patience.total_seconds()
