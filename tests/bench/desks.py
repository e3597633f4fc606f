"""What three hundred open desks cost: per cent of one core, and how soon each hears of a change.

`python -m tests.bench.desks` prints JSON. Its servers are its own: PostgreSQL with fsync on and the
real process of the streams, on loopback. Each desk listens to the queue and to a case, ten desks to
each case; each opens another page (another stream) every twenty seconds, as agents do who work.
Cases change five times a second, and one in ten desks writes. What counts is the processor time of
the streams' process and of PostgreSQL, read from /proc; the time until a desk hears of a change is
from its commit to the bytes in the reader's hand.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import random
import shutil
import sys
import tempfile
import threading
import time
from pathlib import Path
from typing import Any

from hub import embedded
from tests.bench.cost import Cost, answers, pid_of
from tests.bench.hub import manage
from tests.parts import Part, python, running

DESKS = 300
CHANGES_A_SECOND = 5
PAGE_SECONDS = 20
MEASURED_SECONDS = 60
Figures = dict[str, Any]


def measured() -> Figures:
    """All of it, in one run."""
    home = Path(tempfile.mkdtemp(prefix="hub-bench-desks-"))
    home.chmod(0o711)  # as root, PostgreSQL runs as another user and must reach its folder
    try:
        return _measure(home)
    finally:
        shutil.rmtree(home, ignore_errors=True)


def _measure(home: Path) -> Figures:
    postgres = embedded.start_postgres(home / "postgres", log=home / "postgres.log")
    port = embedded.free_port()
    os.environ.pop("HUB_TEST_HOME", None)
    os.environ.update(
        {
            "DJANGO_SETTINGS_MODULE": "hub.settings",
            "DATABASE_URL": postgres.url,
            "REDIS_URL": "redis://127.0.0.1:9/0",
            "HUB_DATA_DIR": str(home / "var"),
            "HUB_DEVELOPMENT": "1",
            "HUB_DEMO": "1",
            "HUB_BASE_URL": "http://127.0.0.1:1",
            "HUB_LOG_LEVEL": "WARNING",
            "SECRET_KEY": "only-for-the-bench-" + "x" * 40,
        }
    )
    manage("migrate", "--verbosity", "0")
    command = ["-m", "uvicorn", "hub.live.serving:application", "--port", str(port)]
    streams = Part("live", python(*command, "--no-access-log"), {}, home / "live.log")
    try:
        cases = _cases()
        with running(streams):
            answers(f"http://127.0.0.1:{port}", home / "live.log")
            cost = Cost(streams, pid_of(home / "postgres"))
            desks = Desks(port, cases)
            with desks.open():
                idle = cost.of(lambda: time.sleep(MEASURED_SECONDS / 3))
                busy = cost.of(lambda: _change(cases, desks))
    finally:
        postgres.stop(patience=10)
    return _figures(idle, busy, desks)


def _cases() -> list[str]:
    import django

    django.setup()
    from tests.world import ask, build

    build()
    return [
        ask(words=f"Bin number {number}").enquiries[0].reference for number in range(DESKS // 10)
    ]


def _change(cases: list[str], desks: Desks) -> None:
    """Five changes a second, each by an agent, in a transaction of its own."""
    from django.db import transaction

    from core.audit import Actor
    from enquiries import events
    from enquiries.models import Enquiry
    from enquiries.vocabulary import EventType
    from tests.world import NOW

    by = Actor("staff", 1, "Ada Agent")
    ids = list(Enquiry.objects.filter(reference__in=cases).values_list("pk", "reference"))
    began = time.monotonic()
    for number in range(MEASURED_SECONDS * CHANGES_A_SECOND):
        time.sleep(max(0.0, began + number / CHANGES_A_SECOND - time.monotonic()))
        key, reference = ids[number % len(ids)]
        with transaction.atomic():
            held = events.locked(key)
            line = events.record(held, EventType.NOTED, actor=by, at=NOW, words="-")
        desks.changed[reference, line.sequence] = time.monotonic()


class Desks:
    """Three hundred readers in a thread of their own, as light as can be."""

    def __init__(self, port: int, cases: list[str]) -> None:
        self.port, self.cases = port, cases
        self.changed: dict[tuple[str, int], float] = {}
        self.heard: list[tuple[str, int, float]] = []
        self.opened = self.refused = 0
        self._ending = threading.Event()

    @contextlib.contextmanager
    def open(self) -> Any:
        """Opens them all, closes them in the end."""
        thread = threading.Thread(target=lambda: asyncio.run(self._all()))
        thread.start()
        while self.opened < DESKS and thread.is_alive():
            time.sleep(0.1)
        try:
            yield
            time.sleep(3)  # what was changed last is still heard
        finally:
            self._ending.set()
            thread.join()

    async def _all(self) -> None:
        await asyncio.gather(*(self._desk(number) for number in range(DESKS)))

    async def _desk(self, number: int) -> None:
        await asyncio.sleep(random.random() * 3)  # agents do not open pages in step
        while not self._ending.is_set():
            await self._page(number)

    async def _page(self, number: int) -> None:
        from django.utils import timezone

        from core import live

        case = f"case:{self.cases[number % len(self.cases)]}"
        ticket = live.ticket(1_000 + number, f"Agent {number}", ["queue", case], now=timezone.now())
        reader, writer = await asyncio.open_connection("127.0.0.1", self.port)
        writer.write(f"GET /live/?ticket={ticket} HTTP/1.1\r\nHost: bench\r\n\r\n".encode())
        if b" 200 " not in await reader.readline():
            self.refused += 1
        self.opened += 1
        ends = time.monotonic() + PAGE_SECONDS * (0.5 + random.random())
        writes = time.monotonic() + 3 if number % 10 == 0 else ends
        while (now := time.monotonic()) < ends and not self._ending.is_set():
            if now >= writes:
                await self._typing(ticket, case)
                writes = now + 3
            with contextlib.suppress(asyncio.TimeoutError):
                self._read(await asyncio.wait_for(reader.readline(), 0.5))
        writer.close()

    def _read(self, line: bytes) -> None:
        if line.startswith(b'data: {"topic":"queue"'):
            at = time.monotonic()
            for one in json.loads(line[6:])["changes"]:
                self.heard.append((one["reference"], one["version"], at))

    async def _typing(self, ticket: str, topic: str) -> None:
        reader, writer = await asyncio.open_connection("127.0.0.1", self.port)
        query = f"ticket={ticket}&topic={topic}"
        writer.write(
            f"POST /live/typing/?{query} HTTP/1.1\r\nHost: bench\r\nContent-Length: 0\r\n"
            "Connection: close\r\n\r\n".encode()
        )
        await reader.read()
        writer.close()


def _figures(idle: Figures, busy: Figures, desks: Desks) -> Figures:
    waits = sorted(
        at - desks.changed[reference, version]
        for reference, version, at in desks.heard
        if (reference, version) in desks.changed
    )
    return {
        "desks": DESKS,
        "changes_per_s": CHANGES_A_SECOND,
        "percent_of_one_core": round(100 * busy["live"], 1),
        "idle_percent": round(100 * idle["live"], 1),
        "postgres_percent": round(100 * busy["postgres"], 1),
        "postgres_idle_percent": round(100 * idle["postgres"], 1),
        "heard": len(waits),
        "refused": desks.refused,
        "s_until_heard": {
            "p50": round(waits[len(waits) // 2], 2),
            "p95": round(waits[int(len(waits) * 0.95)], 2),
            "max": round(waits[-1], 2),
        },
    }


if __name__ == "__main__":
    sys.stdout.write(json.dumps(measured(), indent=1) + "\n")
