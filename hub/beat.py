"""The scheduler of `celery beat`: one at a time, slots in the database, no Redis needed."""

import time
from typing import Any, Final

import psycopg
import structlog
from celery.beat import Scheduler
from django.db import InterfaceError, OperationalError, connection
from django.utils import timezone

from core import heartbeats
from hub.broker import Broker, BrokerAwayError
from hub.locks import SessionLock
from hub.periodic import JOBS, Job, promise

BEAT_LOCK: Final = 0xBEA7
CANARY_SECONDS: Final = 15.0
HEARTBEAT_SECONDS: Final = 5.0
TICK_SECONDS: Final = 1.0

log = structlog.get_logger(__name__)


class SlotScheduler(Scheduler):
    """Promises each job's slot; a second beat stands by until the first one's lock is free."""

    jobs: tuple[Job, ...] = JOBS

    def setup_schedule(self) -> None:
        """Nothing to load: the jobs are code and their runs are rows."""
        self._lock = SessionLock(BEAT_LOCK)
        self._broker = Broker(self.app)
        self._promised: dict[str, object] = {}
        self._canary_at = 0.0
        self._beaten = 0.0

    def tick(self, *_: Any, **__: Any) -> float:
        """Promise what has become due; how long to sleep."""
        try:
            if self._lock.held():
                self._promise_due()
                self._heartbeat()
                self._send_canary()
        except (OperationalError, InterfaceError, psycopg.Error) as failure:
            log.warning("beat.database_away", reason=type(failure).__name__)
            connection.close()
            self._lock.release()
        return TICK_SECONDS

    def close(self) -> None:
        """Let a second beat take over."""
        self._lock.release()
        super().close()

    def _promise_due(self) -> None:
        now = timezone.now()
        for job in self.jobs:
            slot = job.slot(now)
            if self._promised.get(job.name) != slot:
                promise(job, now=now)
                self._promised[job.name] = slot

    def _heartbeat(self) -> None:
        if time.monotonic() - self._beaten >= HEARTBEAT_SECONDS:
            heartbeats.beat("beat", at=timezone.now())
            self._beaten = time.monotonic()

    def _send_canary(self) -> None:
        if time.monotonic() - self._canary_at < CANARY_SECONDS:
            return
        try:
            self._broker.check()
            self._broker.send("core.canary", {}, expires=CANARY_SECONDS)
        except BrokerAwayError:
            return
        self._canary_at = time.monotonic()
        heartbeats.canary_sent(now=timezone.now())
