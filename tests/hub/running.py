"""A hub of its own for a test: really started by `manage.py up`, in a folder with a space."""

import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psutil

ROOT = Path(__file__).resolve().parents[2]


def environment_for(home: Path) -> dict[str, str]:
    """The environment of somebody at a terminal, without what this test run has set."""
    ours = ("HUB_", "DJANGO_", "DATABASE_", "REDIS_", "SECRET_", "PYTEST_")
    clean = {k: v for k, v in os.environ.items() if k != "PORT" and not k.startswith(ours)}
    return {**clean, "HUB_DATA_DIR": str(home)}


@dataclass
class Hub:
    """A running hub and what can be asked of it."""

    home: Path
    output: Path
    process: subprocess.Popen[bytes]

    @property
    def said(self) -> str:
        return self.output.read_text("utf-8", errors="replace")

    @property
    def address(self) -> str:
        servers = json.loads((self.home / "run" / "servers.json").read_text("utf-8"))
        return str(servers["web"])

    def get(self, path: str) -> tuple[int, str]:
        try:
            with urllib.request.urlopen(f"{self.address}{path}", timeout=5) as answer:
                return answer.status, answer.read().decode()
        except urllib.error.HTTPError as error:
            return error.code, error.read().decode()
        except OSError as error:
            return 0, str(error)

    def part(self, name: str) -> psutil.Process:
        """The main process of a part."""
        mark = {
            "web": "hub.wsgi",
            "fallback": "hub.fallback",
            "live": "hub.live",
            "worker": "worker",
            "beat": "beat",
            "relay": "relay",
            "postgres": "pginstall/bin/postgres",
            "valkey": "valkey",
        }[name]
        children = psutil.Process(self.process.pid).children()
        return next(child for child in children if mark in " ".join(child.cmdline()))

    def family(self) -> list[psutil.Process]:
        return psutil.Process(self.process.pid).children(recursive=True)


def wait_until(true: Callable[[], Any], *, seconds: float, words: Callable[[], str]) -> None:
    """Wait for something that will come true; fail with `words` when it does not."""
    deadline = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < deadline, words()
        time.sleep(0.2)


@contextmanager
def open_folder() -> Iterator[Path]:
    """A folder that every user can reach; pytest's own are closed again by the next test run."""
    folder = Path(tempfile.mkdtemp(prefix="hub-tests-"))
    folder.chmod(0o711)
    yield folder
    shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def started(home: Path, *arguments: str, **environment: str) -> Iterator[Hub]:
    """Start a hub under `home` and wait until it says that it is ready."""
    home.mkdir(parents=True, exist_ok=True)
    output = home / "output.txt"
    with output.open("wb") as out:
        process = subprocess.Popen(
            [sys.executable, "manage.py", "up", *arguments],
            cwd=ROOT,
            env={**environment_for(home), **environment},
            stdout=out,
            stderr=subprocess.STDOUT,
        )
    hub = Hub(home, output, process)
    try:
        wait_until(
            lambda: "ready in" in hub.said or process.poll() is not None,
            seconds=240,  # many tests share two cores
            words=lambda: f"not ready:\n{hub.said}",
        )
        assert process.poll() is None, hub.said
        yield hub
    finally:
        if process.poll() is None:
            process.send_signal(signal.SIGINT)
            try:
                process.wait(40)
            except subprocess.TimeoutExpired:
                process.kill()
