"""A worker that is asked to end does, though a child of its own never would."""

from __future__ import annotations

import os
import signal
import subprocess
from contextlib import suppress

from tests.parts import ROOT, python

# A child says more than a pipe holds, and its parent waits for its end: neither would ever go on.
STUCK = """
import os
from billiard import Process
from celery.signals import worker_shutting_down
import hub.celery

said = os.pipe()
child = Process(target=os.write, args=(said[1], b"x" * 100_000))
child.start()
hub.celery.ENDING_SECONDS = 0.5
worker_shutting_down.send(sender="here", sig="SIGTERM", how="Warm", exitcode=0)
child.join()
print("ended", child.exitcode)
"""


def test_a_child_that_is_never_heard_is_cut_when_the_worker_ends() -> None:
    worker = subprocess.Popen(
        python("-c", STUCK),
        cwd=ROOT,
        env={**os.environ, "HUB_DATA_DIR": os.devnull},
        stdout=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    try:
        said, _ = worker.communicate(timeout=30)
    finally:
        with suppress(ProcessLookupError):
            os.killpg(worker.pid, signal.SIGKILL)
    assert said.split() == ["ended", "-9"]
