"""A hub of its own for a bench: real PostgreSQL with fsync on, the real web server, on loopback."""

from __future__ import annotations

import contextlib
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import requests

from hub import embedded
from tests.parts import ROOT, Part, python

PASSWORD = "bench bench bench"


@dataclass(frozen=True)
class Bench:
    """Where the hub under measurement answers, and how long it took to fill."""

    address: str
    home: Path
    load_seconds: float


def manage(*arguments: str) -> str:
    """Runs a management command as an operator would; what it printed. Raises with that."""
    done = subprocess.run(
        python("manage.py", *arguments), cwd=ROOT, capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise SystemExit(f"manage.py {' '.join(arguments)} failed:\n{done.stdout}{done.stderr}")
    return done.stdout


@contextlib.contextmanager
def running(size: int) -> Iterator[Bench]:
    """The hub with `size` enquiries of two years; everything is removed afterwards."""
    home = Path(tempfile.mkdtemp(prefix="hub-bench-"))
    home.chmod(0o711)  # as root, PostgreSQL runs as another user and must reach its folder
    postgres = embedded.start_postgres(home / "postgres", log=home / "postgres.log")
    valkey = embedded.start_valkey(home / "valkey", log=home / "valkey.log")
    port = embedded.free_port()
    address = f"http://127.0.0.1:{port}"
    os.environ.update(
        {
            "DATABASE_URL": postgres.url,
            "REDIS_URL": valkey.url,
            "HUB_DATA_DIR": str(home / "var"),
            "HUB_DEVELOPMENT": "1",
            "HUB_DEMO": "1",
            "HUB_DEMO_PASSWORD": PASSWORD,
            "HUB_BASE_URL": address,
            "SECRET_KEY": "only-for-the-bench-" + "x" * 40,
            "TWILIO_AUTH_TOKEN": "only-for-the-bench",
            "PROMETHEUS_MULTIPROC_DIR": str(home / "prometheus"),
        }
    )
    (home / "prometheus").mkdir()
    web = Part(
        "web",
        python("-m", "gunicorn", "-c", "hub/gunicorn.py", "-b", f"127.0.0.1:{port}", "hub.wsgi"),
        {},
        home / "web.log",
    )
    try:
        manage("migrate", "--verbosity", "0")
        manage("collectstatic", "--verbosity", "0", "--no-input")
        began = time.perf_counter()
        manage("demo", "--size", str(size))
        took = time.perf_counter() - began
        web.start()
        _wait(address, home / "web.log")
        yield Bench(address, home, took)
    finally:
        web.stop(patience=5)
        valkey.stop(patience=5)
        postgres.stop(patience=10)
        shutil.rmtree(home, ignore_errors=True)


def _wait(address: str, log: Path) -> None:
    for _ in range(150):
        with contextlib.suppress(requests.RequestException):
            if requests.get(f"{address}/healthz", timeout=2).ok:
                return
        time.sleep(0.2)
    sys.exit(f"The web server did not answer within 30 s:\n{log.read_text()[-2000:]}")
