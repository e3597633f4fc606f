"""The whole system as processes that can be killed and that a supervisor brings back."""

import contextlib
import io
import os
import shutil
import signal
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import django
import psutil
import requests
from django.core.management import call_command
from django.db import connection
from django.utils import timezone

from hub import embedded
from tests.parts import Part, python
from tests.stand_ins.twilio_server import ACCOUNT, SERVICE, TOKEN

REFERENCE_DATA = (
    "areas", "postcodes", "organisations", "services", "articles", "outside", "rules",
    "clock_rules",
)  # fmt: skip


@dataclass
class ServerPart:
    """PostgreSQL or Valkey, with the same handles as our own processes."""

    name: str
    begin: Callable[[int], embedded.Server]
    server: embedded.Server | None = None
    started: int = field(default=0)

    def start(self) -> None:
        """Start it on its old port; EmbeddedError while the old one is not quite gone."""
        port = self.server.port if self.server else 0
        if port and embedded.free_port(port) != port:
            raise embedded.EmbeddedError(f"the port of {self.name} is not free yet")
        self.server = self.begin(port)
        self.started += 1

    def alive(self) -> bool:
        """Is the main process there?"""
        return self.server is not None and self.server.process.poll() is None

    def kill(self) -> None:
        """kill -9 of the main process; PostgreSQL's others go when they notice."""
        if self.server is not None and self.alive():
            self.server.process.kill()
            self.server.process.wait(10)

    def kill_child(self, choose: Callable[[list[int]], int]) -> bool:
        """kill -9 of one child process: PostgreSQL then ends all sessions and recovers."""
        children = sorted(self._family()[1:])
        if not children:
            return False
        _send(choose(children), signal.SIGKILL)
        return True

    def freeze(self) -> None:
        """SIGSTOP of it and its children."""
        for pid in self._family():
            _send(pid, signal.SIGSTOP)

    def thaw(self) -> None:
        """SIGCONT of the same."""
        for pid in self._family():
            _send(pid, signal.SIGCONT)

    def stop(self, patience: float = 15) -> None:
        """End it as it likes to be ended."""
        if self.server is not None:
            self.thaw()
            self.server.stop(patience=patience)

    def _family(self) -> list[int]:
        if self.server is None or not self.alive():
            return []
        with contextlib.suppress(psutil.Error):
            main = psutil.Process(self.server.process.pid)
            return [main.pid, *(child.pid for child in main.children(recursive=True))]
        return []


def _send(pid: int, number: signal.Signals) -> None:
    with contextlib.suppress(ProcessLookupError):
        os.kill(pid, number)


AnyPart = Part | ServerPart


@dataclass
class System:
    """All parts by name, and where the system answers."""

    folder: Path
    base: str
    parts: dict[str, AnyPart]
    frozen: set[str] = field(default_factory=set)

    def supervise(self) -> None:
        """Start again what is not there."""
        for name, part in self.parts.items():
            if name not in self.frozen and not part.alive():
                with contextlib.suppress(embedded.EmbeddedError):
                    part.start()

    def wait_ready(self, *, seconds: float = 60) -> None:
        """Return when pages are served."""
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            self.supervise()
            with contextlib.suppress(requests.RequestException):
                if requests.get(f"{self.base}/healthz", timeout=2).ok:
                    return
            time.sleep(0.2)
        log = (self.folder / "web.log").read_text(encoding="utf-8", errors="replace")
        raise SystemExit(f"The system does not answer:\n{log[-2000:]}")


@contextlib.contextmanager
def running(*, provider_seed: int, keep: bool = False) -> Iterator[System]:
    """The system with the partnership's reference data, on loopback, in a folder of its own."""
    folder = Path(tempfile.mkdtemp(prefix="hub-storm-"))
    folder.chmod(0o711)  # as root, PostgreSQL runs as another user and must reach its folder
    postgres = ServerPart(
        "postgres",
        lambda port: embedded.start_postgres(
            folder / "postgres", log=folder / "postgres.log", port=port
        ),
    )
    valkey = ServerPart(
        "valkey",
        lambda port: embedded.start_valkey(folder / "valkey", log=folder / "valkey.log", port=port),
    )
    provider = Part(
        "provider",
        python("-m", "tests.storm.provider", str(folder), str(provider_seed)),
        {},
        folder / "provider.log",
    )
    system = System(folder, f"http://127.0.0.1:{embedded.free_port()}", {})
    try:
        provider.start()
        postgres.start()
        valkey.start()
        _prepare(system, postgres, valkey)
        system.parts = {"postgres": postgres, "valkey": valkey, **_own_parts(system)}
        system.wait_ready()
        yield system
    finally:
        for name in ("web", "beat", "relay", "worker", "valkey", "postgres"):
            if name in system.parts:
                system.parts[name].thaw()
                system.parts[name].stop(8)
        for part in (valkey, postgres, provider):
            part.stop(8)
        if keep:
            sys.stderr.write(f"kept: {folder}\n")
        else:
            shutil.rmtree(folder, ignore_errors=True)


def _prepare(system: System, postgres: ServerPart, valkey: ServerPart) -> None:
    assert postgres.server is not None
    assert valkey.server is not None
    where = system.folder / "provider.url"
    while not where.exists() or not where.read_text(encoding="ascii"):
        time.sleep(0.05)
    os.environ.pop("HUB_TEST_HOME", None)
    os.environ.update(
        {
            "DJANGO_SETTINGS_MODULE": "hub.settings",
            "DATABASE_URL": postgres.server.url,
            "REDIS_URL": valkey.server.url,
            "HUB_DATA_DIR": str(system.folder / "var"),
            "HUB_DEVELOPMENT": "1",
            "HUB_DEMO": "1",
            "HUB_PROXIES": "1",
            "HUB_FORM_QUICKEST_SECONDS": "0",
            "HUB_BASE_URL": system.base,
            "HUB_LOG_LEVEL": "WARNING",
            "SECRET_KEY": "only-for-the-storm-" + "x" * 40,
            "TWILIO_ACCOUNT_SID": ACCOUNT,
            "TWILIO_AUTH_TOKEN": TOKEN,
            "TWILIO_MESSAGING_SERVICE_SID": SERVICE,
            "TWILIO_API_BASE": where.read_text(encoding="ascii"),
        }
    )
    django.setup()
    call_command("migrate", verbosity=0)
    from tests import partnership_forms  # it needs Django

    for name in REFERENCE_DATA:
        if name == "rules":  # they name answers to questions
            partnership_forms.publish_ruled()
        call_command(f"import_{name}", stdout=io.StringIO())
    # What follows is started anew, and the storm itself asks the database only when it is over.
    connection.close()


def _own_parts(system: System) -> dict[str, AnyPart]:
    """The processes that `manage.py up` starts, with the same arguments."""
    bind = system.base.removeprefix("http://")
    celery = ["-m", "celery", "-A", "hub.celery", "-q"]
    commands = {
        "web": python("-m", "gunicorn", "-c", "hub/gunicorn.py", "-b", bind, "hub.wsgi"),
        "relay": python("manage.py", "relay"),
        "worker": python(
            *celery, "worker", "-c", "2", "-Q", "default", "--without-mingle", "--without-gossip"
        ),
        "beat": python(*celery, "beat", "--pidfile="),
    }
    return {
        name: Part(name, argv, {}, system.folder / f"{name}.log") for name, argv in commands.items()
    }


def token() -> str:
    """A key for the citizens' other system."""
    import accounts.actions
    import accounts.queries
    from accounts.permissions import Scope
    from core.audit import SYSTEM

    body = accounts.queries.organisation("worcestershire-county")
    assert body is not None
    raw = accounts.actions.issue_token(
        organisation=body, name="storm", scopes=tuple(Scope), actor=SYSTEM, now=timezone.now()
    )
    connection.close()
    return raw
