"""One command runs everything, keeps it running, and leaves nothing behind."""

import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from tests.hub.running import ROOT, Hub, environment_for, open_folder, started, wait_until

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("whole hub")]
PARTS = ("postgres", "valkey", "web", "relay", "worker", "beat", "fallback", "live")


@pytest.fixture(scope="module")
def home() -> Iterator[Path]:
    with open_folder() as folder:
        yield folder / "with a space"


@pytest.fixture(scope="module")
def lasting(home: Path) -> Iterator[Hub]:
    """A hub that one test after the other may try; each leaves it running."""
    with started(home, "--no-demo", HUB_WORKER_PATIENCE="20") as hub:
        yield hub


def test_the_whole_life_of_a_hub_on_one_machine(home: Path) -> None:
    with socket.socket() as taken:
        taken.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        texts = {"TWILIO_AUTH_TOKEN": "a-token-of-the-tests"}
        with started(home, "--no-demo", "--port", port, **texts) as hub:
            assert f"port {port} is in use by another program" in hub.said
            assert hub.get("/healthz") == (200, "ok\n")
            _all_parts_come_back(hub)
            family = hub.family()
            hub.process.kill()
            _, left = psutil.wait_procs(family, timeout=40)
            assert not left, f"orphans: {left}"
    with started(home, "--no-demo") as hub:
        assert "migrations" not in hub.said, "the data survived"
        family = hub.family()
        hub.process.send_signal(signal.SIGINT)
        assert hub.process.wait(40) == 0
        assert "stopped; the data is kept" in hub.said
        assert not [process for process in family if process.is_running()]


def _all_parts_come_back(hub: Hub) -> None:
    before = {name: hub.part(name) for name in PARTS}
    for process in before.values():
        process.kill()
    wait_until(
        lambda: hub.get("/readyz")[0] == 200,
        seconds=40,
        words=lambda: f"{hub.get('/readyz')}\n{hub.said}",
    )
    for name, process in before.items():
        assert hub.part(name).pid != process.pid


def test_a_second_start_in_the_same_folder_says_that_one_is_running(
    lasting: Hub, home: Path
) -> None:
    second = subprocess.run(
        [sys.executable, "manage.py", "up"],
        cwd=ROOT,
        env=environment_for(home),
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert second.returncode == 1
    assert f"already running at {lasting.address}" in second.stdout
    assert "What to do" in second.stdout


def test_a_worker_that_lives_but_takes_no_work_is_started_again(lasting: Hub) -> None:
    deaf = lasting.part("worker")
    wait_until(
        lambda: 'name="canary:default"' in lasting.get("/metrics")[1],
        seconds=60,
        words=lambda: lasting.said,
    )
    deaf.suspend()
    for child in deaf.children(recursive=True):
        child.suspend()
    wait_until(
        lambda: not deaf.is_running() or deaf.status() == psutil.STATUS_ZOMBIE,
        seconds=90,
        words=lambda: lasting.said,
    )
    assert "lives but does not take work any more" in lasting.said
    wait_until(lambda: "worker" in lasting.said, seconds=10, words=lambda: lasting.said)


def test_a_setting_that_is_wrong_is_named_with_its_cure(tmp_path: Path) -> None:
    failed = subprocess.run(
        [sys.executable, "manage.py", "up"],
        cwd=ROOT,
        env={**environment_for(tmp_path), "PORT": "eighty"},
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert failed.returncode == 1
    assert "PORT is 'eighty'" in failed.stdout
    assert "Set PORT to a number" in failed.stdout
    assert "Traceback" not in failed.stdout + failed.stderr
