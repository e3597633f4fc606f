"""Twenty agents on one queue, for a while: `make storm` (DURATION=60 SEED=1).

PostgreSQL and the web server are real and its own. Prints as JSON what they did and all that must
not be (tests/desk/hands.py); ends with 1 where there is any.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import sys
import tempfile
from collections import Counter
from pathlib import Path
from typing import Any

from hub import embedded
from tests.bench.cost import answers
from tests.bench.hub import manage
from tests.parts import Part, python, running

AGENTS = 20
CASES = 200


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--duration", type=float, default=20)
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    home = Path(tempfile.mkdtemp(prefix="hub-crowd-"))
    home.chmod(0o711)  # as root, PostgreSQL runs as another user and must reach its folder
    try:
        found = _crowded(home, asked.duration, asked.seed)
    finally:
        shutil.rmtree(home, ignore_errors=True)
    sys.stdout.write(json.dumps(found, indent=1) + "\n")
    sys.exit(1 if found["wrong"] else 0)


def _crowded(home: Path, seconds: float, seed: int) -> dict[str, Any]:
    port = embedded.free_port()
    site, log = f"http://127.0.0.1:{port}", home / "web.log"
    argv = python("-m", "gunicorn", "-c", "hub/gunicorn.py", "-b", f"127.0.0.1:{port}", "hub.wsgi")
    postgres = embedded.start_postgres(home / "postgres", log=home / "postgres.log")
    try:
        os.environ.pop("HUB_TEST_HOME", None)
        os.environ.update(
            {
                "DJANGO_SETTINGS_MODULE": "hub.settings",
                "DATABASE_URL": postgres.url,
                "REDIS_URL": "redis://127.0.0.1:9/0",  # no request asks it
                "HUB_DATA_DIR": str(home / "var"),
                "HUB_DEVELOPMENT": "1",
                "HUB_DEMO": "1",
                "HUB_BASE_URL": site,
                "HUB_LOG_LEVEL": "WARNING",
                "SECRET_KEY": "only-for-the-bench-" + "x" * 40,
                "PROMETHEUS_MULTIPROC_DIR": str(home / "prometheus"),
            }
        )
        (home / "prometheus").mkdir()
        manage("migrate", "--verbosity", "0")
        manage("collectstatic", "--verbosity", "0", "--no-input")
        hands, emails = _filled()
        before = hands.deadlocks()
        with running(Part("web", argv, {}, log)):
            answers(site, log)
            here = hands.crowd(site, emails, seconds=seconds, seed=seed)
        wrong = hands.faults(here)
        if dead := hands.deadlocks() - before:
            wrong.append(f"{dead} deadlocks")
    finally:
        postgres.stop(patience=10)
    did: Counter[str] = sum((one.did for one in here), start=Counter())
    return {"did": dict(did), "wrong": wrong}


def _filled() -> tuple[Any, list[str]]:
    """A queue and who works on it, once Django knows where."""
    import django

    django.setup()
    from django.utils import timezone

    from tests.desk import hands
    from tests.world import build

    build()
    hands.queue(CASES)
    return hands, hands.agents(AGENTS, now=timezone.now())


if __name__ == "__main__":
    main()
