"""Processes that a test starts and may kill or freeze: only its own, by their ids."""

import contextlib
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import psutil

from hub import isolation

ROOT = Path(__file__).resolve().parent.parent


@dataclass
class Part:
    """One process group: started, killed, frozen and thawed by its id."""

    name: str
    argv: list[str]
    env: dict[str, str]
    log: Path
    process: subprocess.Popen[bytes] | None = None
    started: int = field(default=0)

    def start(self) -> "Part":
        """Start it; the kernel ends it should this process die."""
        with self.log.open("ab") as out:
            self.process = subprocess.Popen(
                self.argv,
                cwd=ROOT,
                env={**os.environ, **self.env},
                stdout=out,
                stderr=out,
                start_new_session=True,
                preexec_fn=isolation.die_with_parent(signal.SIGKILL),
            )
        self.started += 1
        return self

    def alive(self) -> bool:
        """Is the main process there? Also takes note of its end."""
        return self.process is not None and self.process.poll() is None

    def kill(self) -> None:
        """kill -9 of the whole group, as a power cut would."""
        self._signal_group(signal.SIGKILL)
        if self.process is not None:
            self.process.wait(10)

    def kill_child(self, choose: Callable[[list[int]], int]) -> bool:
        """kill -9 of one child process; False if there is none."""
        if self.process is None or not self.alive():
            return False
        with contextlib.suppress(psutil.Error, ProcessLookupError):
            children = [child.pid for child in psutil.Process(self.process.pid).children()]
            if children:
                os.kill(choose(sorted(children)), signal.SIGKILL)
                return True
        return False

    def freeze(self) -> None:
        """SIGSTOP: alive, and answers nothing."""
        self._signal_group(signal.SIGSTOP)

    def thaw(self) -> None:
        """SIGCONT."""
        self._signal_group(signal.SIGCONT)

    def stop(self, patience: float = 10) -> None:
        """End it as a supervisor would."""
        if self.process is None or not self.alive():
            return
        self.thaw()
        self._signal_group(signal.SIGTERM)
        try:
            self.process.wait(patience)
        except subprocess.TimeoutExpired:
            self.kill()

    def _signal_group(self, number: signal.Signals) -> None:
        if self.process is not None and self.process.poll() is None:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self.process.pid, number)


def python(*arguments: str) -> list[str]:
    """This interpreter with these arguments."""
    return [sys.executable, *arguments]


@contextlib.contextmanager
def running(*parts: Part) -> Iterator[None]:
    """Start these and end them whatever happens."""
    try:
        for part in parts:
            part.start()
        yield
    finally:
        for part in parts:
            part.stop(patience=3)


def wait_until(condition: Callable[[], object], *, seconds: float, step: float = 0.05) -> float:
    """Seconds until the condition held; AssertionError if it did not in time."""
    begin = time.monotonic()
    while not condition():
        if time.monotonic() - begin > seconds:
            raise AssertionError(f"not within {seconds} s")
        time.sleep(step)
    return time.monotonic() - begin
