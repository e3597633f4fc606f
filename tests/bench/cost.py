"""What work costs in processor time, read from /proc."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import requests

from tests.parts import Part


class Cost:
    """Processor time of one part of the hub and of PostgreSQL with all that they started."""

    def __init__(self, part: Part, postgres: int) -> None:
        assert part.process is not None
        self._roots = {part.name: part.process.pid, "postgres": postgres}

    def of(self, work: Callable[[], None]) -> dict[str, float]:
        """Seconds of processor time, by part, for every second that the work took."""
        before, began = self._spent(), time.monotonic()
        work()
        took, after = time.monotonic() - began, self._spent()
        return {name: (after[name] - before[name]) / took for name in before}

    def _spent(self) -> dict[str, float]:
        return {name: sum(_seconds(root)) for name, root in self._roots.items()}


def _seconds(root: int) -> Iterator[float]:
    """What a process and its children have used, with those children that have ended."""
    whole = psutil.Process(root)
    own = whole.cpu_times()
    yield own.user + own.system + own.children_user + own.children_system
    for child in whole.children(recursive=True):
        with contextlib.suppress(psutil.Error):
            times = child.cpu_times()
            yield times.user + times.system


def pid_of(folder: Path) -> int:
    """The number of the PostgreSQL whose data is there."""
    found = next(folder.rglob("postmaster.pid"))
    return int(found.read_text().splitlines()[0])


def answers(address: str, log: Path) -> None:
    """Waits until a server answers. Raises SystemExit with the end of its log."""
    for _ in range(300):
        with contextlib.suppress(requests.RequestException):
            if requests.get(f"{address}/healthz", timeout=2).ok:
                return
        time.sleep(0.2)
    raise SystemExit(f"The server did not answer:\n{log.read_text()[-2000:]}")
