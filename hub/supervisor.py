"""Keeps the parts of a running hub alive: what `manage.py up` does after the start."""

import signal
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from datetime import timedelta
from types import FrameType

from django.conf import settings
from django.db import Error as DatabaseError
from django.db import connection
from django.utils import timezone

from core import heartbeats
from hub import embedded, startup
from hub.processes import Process
from hub.startup import Servers, StartFailed

LOOK_SECONDS = 0.2
CANARY_LOOK_SECONDS = 5.0
WEB_SECONDS = 60.0
STOP_SECONDS = 20.0
STOP_ORDER = ("beat", "relay", "worker", "live", "web", "fallback")


class Supervisor:
    """Starts the processes, restarts what dies or no longer listens, and stops all in order."""

    def __init__(
        self,
        processes: list[Process],
        servers: Servers | None = None,
        *,
        say: Callable[[str, str], None] = startup.say,
    ) -> None:
        self.processes = {process.name: process for process in processes}
        self.servers = servers
        self.say = say
        self._stopping = threading.Event()
        self._deaf = threading.Event()
        self._retry_server_at: dict[str, float] = {}

    def run(self, *, ready: Callable[[], None] = lambda: None, address: str = "") -> None:
        """Run until a signal ends it; calls `ready` once the pages at `address` answer."""
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, self._signalled)
        try:
            if address:  # the pages first: whoever waits has them sooner, and nothing else is lost
                self.processes["web"].start()
                self._wait_for_web(address)
            for name, process in self.processes.items():
                if name != "web" and not self._stopping.is_set():
                    process.start()
            if not self._stopping.is_set():
                ready()
            threading.Thread(target=self._listen_for_canary, daemon=True).start()
            while not self._stopping.wait(LOOK_SECONDS):
                self._look()
        finally:
            self._stop()

    def _signalled(self, _number: int, _frame: FrameType | None) -> None:
        if self._stopping.is_set():
            for process in self.processes.values():
                process.kill()
            return
        self._stopping.set()

    def _wait_for_web(self, address: str) -> None:
        deadline = time.monotonic() + WEB_SECONDS
        web = self.processes["web"]
        while not self._stopping.wait(0.05):
            self._look()
            try:
                with urllib.request.urlopen(f"{address}/healthz", timeout=2) as answer:  # noqa: S310  # our own http address
                    if answer.status == 200:
                        return
            except (urllib.error.URLError, OSError):
                pass
            if web.hopeless or time.monotonic() > deadline:
                raise StartFailed(
                    "web", f"The pages do not answer.\n{web.last_lines()}", f"Read {web.log}."
                )

    def _look(self) -> None:
        if self.servers:
            for name, server in list(self.servers.by_name.items()):
                if server.process.poll() is not None:
                    self._restart_server(name, self.servers)
        worker = self.processes.get("worker")
        if worker and self._deaf.is_set():
            self._deaf.clear()
            self.say("worker", "lives but does not take work any more; starting it again")
            worker.kill()
        for process in self.processes.values():
            process.look()

    def _restart_server(self, name: str, servers: Servers) -> None:
        if time.monotonic() < self._retry_server_at.get(name, 0.0):
            return
        self.say(name, "has ended; starting it again")
        try:
            servers.start(name)
        except (embedded.EmbeddedError, OSError) as error:
            self._retry_server_at[name] = time.monotonic() + 1.0
            self.say(name, f"{error} Trying again.")

    def _listen_for_canary(self) -> None:
        """Look at the heartbeats that a task writes through queue and worker (a thread)."""
        while not self._stopping.wait(CANARY_LOOK_SECONDS):
            worker = self.processes.get("worker")
            if worker is None or worker.age < settings.HUB_WORKER_PATIENCE:
                continue
            try:
                if heartbeats.worker_is_deaf(
                    now=timezone.now(), patience=timedelta(seconds=settings.HUB_WORKER_PATIENCE)
                ):
                    self._deaf.set()
            except DatabaseError:
                connection.close()  # the database is being started again; the next look is fresh

    def _stop(self) -> None:
        self._stopping.set()
        self.say("hub", "stopping")
        deadline = time.monotonic() + STOP_SECONDS
        for name in STOP_ORDER:
            if name in self.processes:
                self.processes[name].ask_to_stop()
        for name in STOP_ORDER:
            if name in self.processes:
                self.processes[name].wait(deadline - time.monotonic())
                self.processes[name].show_log()
        if self.servers:
            self.servers.stop()
        self.say("hub", "stopped; the data is kept")
