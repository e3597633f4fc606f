"""Small weather for every run of the suite; `make storm` is the real one."""

import json
import re
import subprocess
import sys

import pytest

from tests.parts import ROOT

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("whole hub")]


def run(*arguments: str) -> subprocess.CompletedProcess[str]:
    """In a process of its own, on servers of its own."""
    return subprocess.run(
        [sys.executable, "-m", *arguments],
        cwd=ROOT, capture_output=True, text=True, check=False, timeout=540,
    )  # fmt: skip


def test_a_short_storm_loses_doubles_and_forgets_nothing(record_property):
    storm = run("tests.storm", "--duration", "10", "--seed", "7")
    sys.stdout.write(storm.stdout)
    record_property("storm", storm.stdout)
    assert re.search(
        r"^lost 0 / doubled 0 / told twice 0 / not told 0$", storm.stdout, re.MULTILINE
    )
    assert storm.returncode == 0, storm.stdout + storm.stderr


def test_with_redis_frozen_submissions_go_on_and_everybody_is_told(record_property):
    done = run("tests.storm.frozen", "--seconds", "8", "--rate", "4")
    assert done.returncode == 0, done.stderr
    figures = json.loads(done.stdout)
    sys.stdout.write(done.stdout)
    record_property("frozen", done.stdout)
    before, frozen = figures["with Redis"], figures["Redis frozen"]
    assert before["errors"] == frozen["errors"] == 0
    assert frozen["submitted"] == 32
    assert frozen["told"] == 32
    assert figures["open promises at the end"] == 0
    # The promise is 0.3 s; a machine that is busy with other tests is compared with itself.
    assert frozen["answered after p95"] <= max(0.3, 2 * before["answered after p95"] + 0.3)
    assert frozen["told after p95"] <= 15
