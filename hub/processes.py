"""One process of ours under watch: started, its log followed, restarted, stopped."""

import os
import re
import signal
import subprocess
import time
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from hub import isolation

KEEP_BYTES = 20 * 1024 * 1024
QUICK_DEATH_SECONDS = 5.0
SLOWEST_RESTART_SECONDS = 10.0
# A person follows what happens; a stack of lines is for the file.
_DETAIL = re.compile(r"^(\s|Traceback |During handling|The above exception|$)")


@dataclass(slots=True)
class Process:
    """A program that shall run until we stop it."""

    name: str
    command: list[str]
    log: Path | None  # None: it writes where we write
    say: Callable[[str, str], None]
    folder: Path | None = None
    started_at: float = 0.0
    restarts: int = 0
    _popen: subprocess.Popen[bytes] | None = None
    _next_start: float = 0.0
    _quick_deaths: int = 0
    _read_to: int = 0

    @property
    def pid(self) -> int:
        """The number of the process; 0 when it does not run."""
        return self._popen.pid if self._popen and self._popen.poll() is None else 0

    @property
    def age(self) -> float:
        """For how many seconds it has been running."""
        return time.monotonic() - self.started_at

    def start(self) -> None:
        """Start it now. Only the main thread may: the kernel ties the child to the thread."""
        with self._open_log() as out:
            self._popen = subprocess.Popen(
                self.command,
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=out,
                cwd=self.folder,
                start_new_session=True,  # Ctrl-C reaches us alone, and we stop all in order
                preexec_fn=isolation.die_with_parent(signal.SIGTERM),
            )
        self.started_at = time.monotonic()

    def _open_log(self) -> AbstractContextManager[IO[bytes] | None]:
        if self.log is None:
            return nullcontext()
        self.log.parent.mkdir(parents=True, exist_ok=True)
        if self.log.exists() and self.log.stat().st_size > KEEP_BYTES:
            self.log.replace(self.log.with_suffix(".log.1"))
        out = self.log.open("ab")
        self._read_to = out.tell()
        return out

    def look(self) -> None:
        """Show what it wrote; start it again when it has ended and the pause is over."""
        if self._popen is None:
            return
        self.show_log()
        if self._popen.poll() is None:
            return
        now = time.monotonic()
        if not self._next_start:
            quick = self.age < QUICK_DEATH_SECONDS
            self._quick_deaths = self._quick_deaths + 1 if quick else 0
            pause = min(SLOWEST_RESTART_SECONDS, 0.2 * 2**self._quick_deaths)
            self._next_start = now + pause
            self._end_group(signal.SIGKILL)  # nobody of its family may work on beside the new one
            self.say(self.name, f"{_how(self._popen.returncode)}; starting it again")
        elif now >= self._next_start:
            self._next_start = 0.0
            self.restarts += 1
            self.start()

    @property
    def hopeless(self) -> bool:
        """True when it has died five times in a row as soon as it was started."""
        return self._quick_deaths >= 5

    def kill(self) -> None:
        """End it and its children at once; `look` starts it again."""
        self._end_group(signal.SIGKILL)
        if self._popen:
            self._popen.wait()

    def ask_to_stop(self) -> None:
        """Tell it to finish; returns at once."""
        if self._popen and self._popen.poll() is None:
            self._popen.terminate()

    def wait(self, patience: float) -> None:
        """Wait until it has finished, by force after `patience` seconds."""
        if self._popen is None:
            return
        try:
            self._popen.wait(max(0.0, patience))
        except subprocess.TimeoutExpired:
            self.say(self.name, "did not finish in time and was ended")
        self.kill()

    def last_lines(self, number: int = 8) -> str:
        """The end of its log."""
        if self.log is None or not self.log.exists():
            return ""
        text = self.log.read_bytes()[-8000:].decode(errors="replace")
        return "\n".join(text.strip().splitlines()[-number:])

    def show_log(self) -> None:
        """Say the new lines of its log, without the details of errors."""
        if self._popen is None or self.log is None or not self.log.exists():
            return
        with self.log.open("rb") as file:
            file.seek(self._read_to)
            new = file.read(200_000)
        whole, cut, _ = new.rpartition(b"\n")
        if not cut:
            return
        self._read_to += len(whole) + 1
        for line in whole.decode(errors="replace").splitlines():
            if not _DETAIL.match(line):
                self.say(self.name, line[:300])

    def _end_group(self, number: signal.Signals) -> None:
        if self._popen is None:
            return
        try:
            os.killpg(self._popen.pid, number)
        except (ProcessLookupError, PermissionError):
            return


def _how(code: int) -> str:
    if code >= 0:
        return f"ended (code {code})"
    return f"was ended by {signal.Signals(-code).name}"
