"""What the heartbeats of five hundred kiosks cost: per cent of one core, servers and database.

`python -m tests.bench.kiosks` prints JSON. Its servers are its own: PostgreSQL with fsync on and
the real web server, on loopback. Each device signs each call with a key of its own, each at its
own moment of every thirty seconds, as they come in life; what counts is the processor time of the
web server and of PostgreSQL, read from /proc. The bare page in the same run (/healthz through the
whole chain, at the same pace) says what the machine and the chain cost by themselves.
"""

from __future__ import annotations

import json
import os
import shutil
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from functools import partial
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from typing import Any

from hub import embedded
from tests.bench.cost import Cost, answers, pid_of
from tests.bench.hub import manage
from tests.parts import Part, python, running

DEVICES = 500
EVERY_SECONDS = 30
MEASURED_SECONDS = 60
SENDERS = 8
Figures = dict[str, Any]


def measured() -> Figures:
    """All of it, in one run."""
    home = Path(tempfile.mkdtemp(prefix="hub-bench-kiosks-"))
    home.chmod(0o711)  # as root, PostgreSQL runs as another user and must reach its folder
    try:
        return _measure(home)
    finally:
        shutil.rmtree(home, ignore_errors=True)


def _measure(home: Path) -> Figures:
    postgres = embedded.start_postgres(home / "postgres", log=home / "postgres.log")
    port = embedded.free_port()
    address = f"http://127.0.0.1:{port}"
    _set_up(home, postgres.url, address)
    command = ["-m", "gunicorn", "-c", "hub/gunicorn.py", "-b", f"127.0.0.1:{port}", "hub.wsgi"]
    web = Part("web", python(*command), {}, home / "web.log")
    try:
        devices = _devices()
        with running(web):
            answers(address, home / "web.log")
            cost = Cost(web, pid_of(home / "postgres"))
            calls = [partial(_beat, address, one) for one in devices]
            # Each has a nonce, and is known to every worker, as after some minutes of any day.
            for _ in range(2):
                with ThreadPoolExecutor(SENDERS) as senders:
                    list(senders.map(lambda call: call(), calls))
            idle = cost.of(lambda: time.sleep(10))
            beats = cost.of(lambda: _paced(calls))
            bare = cost.of(lambda: _paced([partial(_bare, address)] * DEVICES))
    finally:
        postgres.stop(patience=10)
    return _figures(idle, beats, bare)


def _set_up(home: Path, database: str, address: str) -> None:
    os.environ.pop("HUB_TEST_HOME", None)
    os.environ.update(
        {
            "DJANGO_SETTINGS_MODULE": "hub.settings",
            "DATABASE_URL": database,
            "REDIS_URL": "redis://127.0.0.1:9/0",
            "HUB_DATA_DIR": str(home / "var"),
            "HUB_DEVELOPMENT": "1",
            "HUB_HASHED_STATIC": "1",
            "HUB_BASE_URL": address,
            "HUB_LOG_LEVEL": "WARNING",
            "SECRET_KEY": "only-for-the-bench-" + "x" * 40,
            "PROMETHEUS_MULTIPROC_DIR": str(home / "prometheus"),
        }
    )
    (home / "prometheus").mkdir()
    manage("migrate", "--verbosity", "0")
    manage("collectstatic", "--verbosity", "0", "--no-input")


def _devices() -> list[Any]:
    """Five hundred that are enrolled at twenty sites, with a session of just now."""
    import django

    django.setup()
    from accounts.models import Organisation, Site
    from kiosks import keys
    from kiosks.models import Kiosk
    from tests.kiosk_device import Device

    now = datetime.now(UTC)
    body = Organisation.objects.create(slug="bench", name="Bench", kind="county")
    sites = [
        Site.objects.create(organisation=body, slug=f"s{n}", name=f"Library {n}", kind="kiosk")
        for n in range(20)
    ]
    devices = [Device() for _ in range(DEVICES)]
    Kiosk.objects.bulk_create(
        Kiosk(
            site=sites[number % len(sites)],
            name=f"Kiosk {number}",
            key=one.key,
            thumbprint=keys.thumbprint(one.key),
            enrolled_at=now - timedelta(days=1),
            token_digest=f"{number:064x}",
        )
        for number, one in enumerate(devices)
    )
    return devices


_own = threading.local()
_NONE: Mapping[str, str] = {}


def _asked(
    address: str, method: str, path: str, body: bytes = b"", headers: Mapping[str, str] = _NONE
) -> tuple[int, str, bytes]:
    """Status, cookie and words of an answer. As light as can be: senders share our processors."""
    for turn in range(2):
        if not hasattr(_own, "http"):
            _own.http = HTTPConnection(address.removeprefix("http://"), timeout=20)
        try:
            _own.http.request(method, path, body, dict(headers))
            answer = _own.http.getresponse()
            return answer.status, answer.headers.get("Set-Cookie", ""), answer.read()
        except (ConnectionError, HTTPException):  # closed by the server since the call before
            _own.http.close()
            if turn:
                raise
    raise AssertionError


def _beat(address: str, device: Any) -> None:
    """One heartbeat, signed; signed again where the nonce is too old."""
    body = json.dumps(
        {
            "v": 1, "now": int(time.time() * 1000), "release": "2026.11.1", "content": "42",
            "queued": 0, "oldest": None, "numbers": 300, "touched": int(time.time() * 1000) - 9000,
            "printed": 12, "here": False, "problems": [], "done": [], "counts": {},
        }
    ).encode()  # fmt: skip
    for _turn in range(2):
        status, cookie, words = _asked(
            address,
            "POST",
            "/kiosk/pulse/",
            body,
            {
                "DPoP": device.proof("/kiosk/pulse/", body),
                "Content-Type": "application/json",
                "Cookie": getattr(device, "cookie", ""),
            },
        )
        device.nonce = json.loads(words).get("nonce", device.nonce)
        if cookie:
            device.cookie = cookie.partition(";")[0]
        if status != 401:
            break
    if status != 200:
        raise SystemExit(f"A heartbeat was answered {status}: {words[:300]!r}")


def _bare(address: str) -> None:
    if _asked(address, "GET", "/healthz")[0] != 200:
        raise SystemExit("The bare page did not answer")


def _paced(calls: Sequence[Callable[[], None]]) -> None:
    """Each call once in every thirty seconds, evenly apart, for as long as is measured."""
    rounds = MEASURED_SECONDS // EVERY_SECONDS
    began = time.monotonic()
    with ThreadPoolExecutor(SENDERS) as senders:
        asked = []
        for number in range(rounds * len(calls)):
            due = began + number * EVERY_SECONDS / len(calls)
            time.sleep(max(0.0, due - time.monotonic()))
            asked.append(senders.submit(calls[number % len(calls)]))
        for one in asked:
            one.result()


def _figures(idle: dict[str, float], beats: dict[str, float], bare: dict[str, float]) -> Figures:
    per_second = DEVICES / EVERY_SECONDS
    net = {name: beats[name] - idle[name] for name in beats}
    floor = sum(bare[name] - idle[name] for name in bare)
    return {
        "devices": DEVICES,
        "heartbeats_per_s": round(per_second, 1),
        "percent_of_one_core": round(100 * sum(beats.values()), 2),
        "of_that": {name: round(100 * share, 2) for name, share in beats.items()},
        "ms_each": round(1000 * sum(net.values()) / per_second, 2),
        "bare_page_ms_each": round(1000 * floor / per_second, 2),
        "idle_percent": round(100 * sum(idle.values()), 2),
        "n": DEVICES * MEASURED_SECONDS // EVERY_SECONDS,
    }


if __name__ == "__main__":
    sys.stdout.write(json.dumps(measured(), indent=1) + "\n")
