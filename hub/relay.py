"""From the outbox to Celery; and, when the broker is away or the work is late, done right here."""

import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import timedelta
from typing import Any, Final

import psycopg
import structlog
from celery import Celery
from django.db import InterfaceError, OperationalError, close_old_connections, connection
from django.utils import timezone

from core import heartbeats, outbox
from core.failpoints import reach
from hub.broker import Broker, BrokerAwayError
from hub.celery import load_providers
from hub.locks import open_session

POLL_SECONDS: Final = 1.0
GATHER_SECONDS: Final = 0.02
# After a round that had work the next one waits so long, for more to come together.
PACE_SECONDS: Final = 0.1
HAND_AGAIN_AFTER: Final = timedelta(seconds=15)
LATE_AFTER: Final = timedelta(seconds=10)
# Messages that nobody took within this time are worth nothing: their rows were handed over again.
MESSAGE_EXPIRES_SECONDS: Final = 30.0
# Celery gets no more than this at a time, so that a message does not age in the queue.
WINDOW: Final = 200
# As many rows as one message names, and into how many messages what is due is shared out at least.
MOST_TOGETHER: Final = 8
# Tasks of which a worker can do several that come in one message, and by which task.
SEVERAL: Final = {"notifications.deliver": "notifications.deliver_several"}
SHARES: Final = 4
THREADS: Final = 4
LOOK_SECONDS: Final = 0.5
HEARTBEAT_SECONDS: Final = 5.0

log = structlog.get_logger(__name__)


class Bell:
    """Waits for pg_notify, and for a second at most; reconnects by itself."""

    def __init__(self) -> None:
        self._listener: psycopg.Connection[Any] | None = None

    def wait(self, seconds: float) -> None:
        """Return when the outbox rang or the time is over."""
        try:
            if self._listener is None:
                self._listener = open_session()
                self._listener.execute(f"LISTEN {outbox.CHANNEL}")
            if list(self._listener.notifies(timeout=seconds, stop_after=1)):
                # What is committed at about the same time comes along in one round.
                time.sleep(GATHER_SECONDS)
                list(self._listener.notifies(timeout=0))
        except psycopg.Error:
            self.close()
            time.sleep(min(seconds, 0.5))

    def close(self) -> None:
        """Hang up."""
        if self._listener is not None:
            with suppress(psycopg.Error):
                self._listener.close()
        self._listener = None


class Relay:
    """One round hands over what is due; two relays are safe: rows are taken with SKIP LOCKED."""

    def __init__(
        self, app: Celery, *, broker: Broker | None = None, threads: int = THREADS
    ) -> None:
        app.loader.import_default_modules()
        load_providers()
        self._app = app
        self._broker = broker or Broker(app)
        self._threads = threads
        self._pool = ThreadPoolExecutor(threads, thread_name_prefix="relay")
        self._doing: set[int] = set()
        self._lock = threading.Lock()
        self._beaten = 0.0
        self._looked = 0.0
        self._broker_is_away = False
        self.handed = 0
        self.drained = 0
        self._had_work = False

    def run(self, stop: threading.Event) -> None:
        """Go on until told to stop, whatever happens to the database or the broker."""
        bell, pause = Bell(), 0.0
        while not stop.is_set():
            bell.wait(pause)
            if self._had_work:
                stop.wait(PACE_SECONDS)
            try:
                pause = self.round()
            except (OperationalError, InterfaceError, psycopg.Error) as failure:
                log.warning("relay.database_away", reason=type(failure).__name__)
                connection.close()
                pause = 0.5
        bell.close()
        self.close()

    def close(self) -> None:
        """Finish what is in hand, and let go of every thread's own connection."""
        meeting = threading.Barrier(self._threads)

        def hang_up() -> None:
            connection.close()
            with suppress(threading.BrokenBarrierError):
                meeting.wait(5)

        for _ in range(self._threads):
            self._pool.submit(hang_up)
        self._pool.shutdown(wait=True)

    def round(self) -> float:
        """Hand over or do what is due now; how long may be waited before the next round."""
        busy = self._hand_over()
        if time.monotonic() - self._looked >= LOOK_SECONDS:
            busy = self._do_late() or busy
        self._heartbeat()
        return 0.1 if busy else POLL_SECONDS

    def _do_late(self) -> bool:
        """True if there was something that a worker should have done by now."""
        now, room = timezone.now(), self._room()
        late = outbox.take_late(now=now, limit=room, older_than=LATE_AFTER) if room else []
        self._do(late)
        if not late:
            self._looked = time.monotonic()
        return bool(late)

    def _hand_over(self) -> bool:
        """True if there may be more to do at once."""
        try:
            self._broker.check()
        except BrokerAwayError:
            self._broker_is_away = True
            return self._drain()
        self._broker_is_away, self._had_work = False, False
        now = timezone.now()
        space = WINDOW - outbox.in_hand(now=now, stale_after=HAND_AGAIN_AFTER)
        if space <= 0:
            return True
        rows = outbox.take_due(now=now, limit=space, stale_after=HAND_AGAIN_AFTER)
        parcels = self._parcels(rows)
        for index, parcel in enumerate(parcels):
            try:
                self._send(parcel)
            except BrokerAwayError:
                outbox.hand_back([row.id for left in parcels[index:] for row in left])
                return True
        self._had_work = bool(rows)
        return len(rows) == space

    def _parcels(self, rows: list[outbox.Row]) -> list[list[outbox.Row]]:
        """Rows that go in one message: several of a task that has a way to do several, else one.

        A parcel is a share of what is there, so that no worker is idle while another has it all.
        """
        parcels: list[list[outbox.Row]] = []
        together: dict[str, list[outbox.Row]] = {}
        for row in rows:
            if row.task in SEVERAL:
                together.setdefault(row.task, []).append(row)
            else:
                parcels.append([row])
        for alike in together.values():
            size = min(MOST_TOGETHER, -(-len(alike) // SHARES))
            parcels += [alike[start : start + size] for start in range(0, len(alike), size)]
        return sorted(parcels, key=lambda parcel: parcel[0].id)

    def _send(self, parcel: list[outbox.Row]) -> None:
        first = parcel[0]
        if first.task not in self._app.tasks:
            self._refuse(first)
            return
        reach("relay.before_send")
        name = first.task
        arguments: dict[str, Any] = {"outbox_id": first.id}
        if len(parcel) > 1:
            name, arguments = SEVERAL[name], {"outbox_ids": [row.id for row in parcel]}
        self._broker.send(name, arguments, expires=MESSAGE_EXPIRES_SECONDS)
        reach("relay.after_send")
        self.handed += len(parcel)

    def _drain(self) -> bool:
        room = self._room()
        if not room:
            return True
        rows = outbox.take_due(now=timezone.now(), limit=room, stale_after=HAND_AGAIN_AFTER)
        self._do(rows)
        return len(rows) == room

    def _room(self) -> int:
        with self._lock:
            return max(0, 2 * self._threads - len(self._doing))

    def _do(self, rows: list[outbox.Row]) -> None:
        for row in rows:
            with self._lock:
                if row.id in self._doing:
                    continue
                self._doing.add(row.id)
            self._pool.submit(self._perform, row)

    def _perform(self, row: outbox.Row) -> None:
        close_old_connections()
        try:
            if row.task in self._app.tasks:
                self._app.tasks[row.task](outbox_id=row.id)
                self.drained += 1
            else:
                self._refuse(row)
        except Exception:
            # The claim has put the row off already; the next row is somebody else's worry.
            log.exception("relay.task_failed", task=row.task, outbox_id=row.id)
        finally:
            with self._lock:
                self._doing.discard(row.id)
            close_old_connections()

    @staticmethod
    def _refuse(row: outbox.Row) -> None:
        """A name nobody knows: a newer release may, so it waits like any failure, and is seen."""
        now = timezone.now()
        if outbox.lease(row.id, seconds=5, now=now):
            outbox.postpone(row.id, now=now, error=f"no task is called {row.task}")

    def _heartbeat(self) -> None:
        if time.monotonic() - self._beaten < HEARTBEAT_SECONDS:
            return
        self._beaten = time.monotonic()
        now = timezone.now()
        heartbeats.beat(
            "relay",
            at=now,
            detail={
                "depth": outbox.depth(),
                "oldest_seconds": round(outbox.oldest_due_age(now), 1),
                "broker": "away" if self._broker_is_away else "ok",
                "handed": self.handed,
                "drained": self.drained,
            },
        )
