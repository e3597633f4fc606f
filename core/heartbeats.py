"""Signs of life, kept as rows so that any process can read them."""

from datetime import datetime, timedelta
from typing import Final

from core.models import Heartbeat

CANARY: Final = "canary:default"
CANARY_SENT: Final = "canary:sent"
# Canaries go in every 15 s; after a longer silence the count starts afresh.
_SILENCE: Final = timedelta(seconds=40)


def beat(name: str, *, at: datetime, detail: dict[str, object] | None = None) -> None:
    """Write that this part was alive at that moment."""
    Heartbeat.objects.update_or_create(name=name, defaults={"at": at, "detail": detail or {}})


def detail(name: str) -> dict[str, object]:
    """What the part wrote with its last sign of life; nothing if there was none."""
    found = Heartbeat.objects.filter(name=name).values_list("detail", flat=True).first()
    return dict(found) if isinstance(found, dict) else {}


def age(name: str, *, now: datetime) -> float | None:
    """Seconds since the part was last seen; None if it never was."""
    at = Heartbeat.objects.filter(name=name).values_list("at", flat=True).first()
    return None if at is None else max(0.0, (now - at).total_seconds())


def ages(*, now: datetime) -> dict[str, float]:
    """Seconds since each part was last seen."""
    rows = Heartbeat.objects.order_by("name").values_list("name", "at")
    return {name: max(0.0, (now - at).total_seconds()) for name, at in rows}


def canary_sent(*, now: datetime) -> None:
    """A canary went into the queue; remember since when none has come out."""
    sent = Heartbeat.objects.filter(name=CANARY_SENT).first()
    heard = Heartbeat.objects.filter(name=CANARY).values_list("at", flat=True).first()
    since = now
    if sent is not None and now - sent.at < _SILENCE:
        since = datetime.fromisoformat(sent.detail["unanswered_since"])
    if heard is not None and heard >= since:
        since = now
    beat(CANARY_SENT, at=now, detail={"unanswered_since": since.isoformat()})


def worker_is_deaf(*, now: datetime, patience: timedelta = timedelta(seconds=60)) -> bool:
    """True when canaries went into the queue for a while and none has come out of it."""
    sent = Heartbeat.objects.filter(name=CANARY_SENT).first()
    if sent is None or now - sent.at >= _SILENCE:
        return False
    since = datetime.fromisoformat(sent.detail["unanswered_since"])
    heard = Heartbeat.objects.filter(name=CANARY).values_list("at", flat=True).first()
    answered = heard is not None and heard >= since
    return not answered and now - since > patience
