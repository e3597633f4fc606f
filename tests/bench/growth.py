"""`python -m tests.bench.growth`: the same pages with ten thousand cases and with ten times more.

Ratios of one run on one machine; statements must not grow at all.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import statistics
import subprocess
import sys
import time
from contextlib import ExitStack
from dataclasses import dataclass
from typing import Any

import requests

from tests.bench import hub, work
from tests.parts import ROOT, python

AGENT, OFFICER = "agent@hub.demo", "officer@worcestershire-county.demo"
PAGES = {
    "queue": (AGENT, "/desk/?view=all"),
    "queue, not taken": (AGENT, "/desk/?view=unassigned"),
    "queue, late of one service": (AGENT, "/desk/?view=all&service=missed-bin&clock=late"),
    "queue, one district": (AGENT, "/desk/?view=all&area=E07000238"),
    "queue, ended of one service": (AGENT, "/desk/?view=ended&service=missed-bin"),
    "queue, ended with words": (AGENT, "/desk/?view=ended&text=collected"),
    "referrals offered": (OFFICER, "/desk/referrals/?tab=offered"),
    "referrals of the team": (OFFICER, "/desk/referrals/?tab=team"),
    "referrals waiting": (OFFICER, "/desk/referrals/?tab=waiting"),
    "referrals done": (OFFICER, "/desk/referrals/?tab=done"),
}
ALLOWED = 1.3


ROUNDS, SOME = 60, 12
_ROW = re.compile(r'href="(/desk/(?:cases/WH|referrals/[0-9a-f]{8}-)[^"/]+/)')


@dataclass(frozen=True)
class Side:
    """One of the two hubs: who is signed in, the addresses of the pages, their statements."""

    address: str
    sessions: dict[str, requests.Session]
    pages: dict[str, tuple[str, list[str]]]
    statements: dict[str, int]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--small", type=int, default=10_000)
    parser.add_argument("--large", type=int, default=100_000)
    parser.add_argument("--count", nargs="+", metavar="EMAIL=PATH", help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.count:
        sys.stdout.write(json.dumps([_statements(*one.split("=", 1)) for one in asked.count]))
        return
    with ExitStack() as stack:
        few, many = (
            _side(stack.enter_context(hub.running(size))) for size in (asked.small, asked.large)
        )
        pages = {name: _compared(few, many, name) for name in few.pages}
    figures: dict[str, Any] = {"sizes": [asked.small, asked.large], "pages": pages}
    sys.stdout.write(json.dumps(figures, indent=1) + "\n")
    slow = [name for name, one in pages.items() if not _holds(one)]
    for name, one in pages.items():
        mark = "  <- too slow" if name in slow else ""
        sys.stderr.write(f"  {name:<28} {one}{mark}\n")
    raise SystemExit(1 if slow else 0)


def _holds(one: dict[str, Any]) -> bool:
    return bool(one["ratio"] <= ALLOWED and one["same_statements"])


def _side(bench: hub.Bench) -> Side:
    # The environment is that of the hub that was started last: this one.
    sessions = {email: work.signed_in(bench.address, email) for email in (AGENT, OFFICER)}
    done = f"{bench.address}/desk/referrals/?tab=done"
    pages = {name: (email, [path]) for name, (email, path) in PAGES.items()}
    pages["one referral"] = (OFFICER, _first(sessions[OFFICER], done))
    calls = [f"{email}={path}" for email, paths in pages.values() for path in paths]
    counted = subprocess.run(
        python("-m", "tests.bench.growth", "--count", *calls),
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    if counted.returncode:
        raise SystemExit(counted.stderr)
    numbers = iter(json.loads(counted.stdout.splitlines()[-1]))
    most = {name: max(next(numbers) for _ in paths) for name, (_, paths) in pages.items()}
    return Side(bench.address, sessions, pages, most)


def _first(session: requests.Session, url: str) -> list[str]:
    """Some of a list: what one case's page takes depends on the case."""
    found = sorted(set(_ROW.findall(session.get(url, timeout=60).text)))[:SOME]
    if len(found) < SOME:
        raise SystemExit(f"{url} lists fewer than {SOME}")
    return found


def _statements(email: str, path: str) -> int:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "hub.settings")
    os.environ["ALLOWED_HOSTS"] = "127.0.0.1,localhost,testserver"
    import django

    django.setup()
    from django.contrib.auth import get_user_model
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    client = Client()
    client.force_login(get_user_model().objects.get(email=email))
    client.get(path)
    with CaptureQueriesContext(connection) as captured:
        answer = client.get(path)
    if answer.status_code != 200:
        raise SystemExit(f"{path} answered {answer.status_code}")
    return len(captured)


def _compared(few: Side, many: Side, name: str) -> dict[str, Any]:
    """The page of both, in turn: what else the machine does slows both alike."""
    took: tuple[list[float], list[float]] = ([], [])
    rows = [0, 0]
    for turn in range(ROUNDS + 5):
        for index, (side, samples) in enumerate(zip((few, many), took, strict=True)):
            email, paths = side.pages[name]
            path = paths[turn % len(paths)]
            began = time.perf_counter()
            answer = side.sessions[email].get(f"{side.address}{path}", timeout=60)
            if answer.status_code != 200:
                raise SystemExit(f"{path} answered {answer.status_code}")
            rows[index] = len(set(_ROW.findall(answer.text)))
            if turn >= 5:  # the first ones fill what the processes keep
                samples.append((time.perf_counter() - began) * 1_000)
    small, large = (statistics.median(samples) for samples in took)
    counted = [few.statements[name], many.statements[name]]
    return {
        "p50_ms": [round(small, 1), round(large, 1)],
        "ratio": round(large / small, 2),
        "rows": rows,
        "statements": counted,
        "same_statements": counted[0] == counted[1],
    }


if __name__ == "__main__":
    main()
