"""`python -m tests.bench.growth`: the same pages with ten thousand cases and with ten times more.

Ratios of one run on one machine; statements must not grow at all.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import sys
import time
from typing import Any

import requests

from tests.bench import hub, work

AGENT, OFFICER = "agent@hub.demo", "officer@wychavon.demo"
PAGES = {
    "queue": (AGENT, "/desk/?view=all"),
    "queue, not taken": (AGENT, "/desk/?view=unassigned"),
    "queue, late of one service": (AGENT, "/desk/?view=all&service=missed-bin&late=on"),
    "referrals offered": (OFFICER, "/desk/referrals/?tab=offered"),
    "referrals of the team": (OFFICER, "/desk/referrals/?tab=team"),
    "referrals waiting": (OFFICER, "/desk/referrals/?tab=waiting"),
    "referrals done": (OFFICER, "/desk/referrals/?tab=done"),
}
ALLOWED = 1.3


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--small", type=int, default=10_000)
    parser.add_argument("--large", type=int, default=100_000)
    sizes = parser.parse_args()
    with hub.running(sizes.small) as bench:
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "hub.settings")
        os.environ["ALLOWED_HOSTS"] = "127.0.0.1,localhost,testserver"
        import django

        django.setup()
        before = _measure(bench.address)
        began = time.perf_counter()
        hub.manage("demo", "--size", str(sizes.large))
        loaded = time.perf_counter() - began
        after = _measure(bench.address)
    figures: dict[str, Any] = {
        "sizes": [sizes.small, sizes.large],
        "load_seconds": round(loaded, 1),
        "pages": {name: _compared(before[name], after[name]) for name in before},
    }
    sys.stdout.write(json.dumps(figures, indent=1) + "\n")
    for name, one in figures["pages"].items():
        mark = "" if one["ratio"] <= ALLOWED and one["same_statements"] else "  <- too slow"
        sys.stderr.write(f"  {name:<28} {one}{mark}\n")


def _measure(address: str) -> dict[str, dict[str, Any]]:
    sessions = {email: work.signed_in(address, email) for email in (AGENT, OFFICER)}
    found = {
        name: {
            **work.pages(sessions[email], [f"{address}{path}"]),
            "statements": _statements(email, path),
        }
        for name, (email, path) in PAGES.items()
    }
    one = _first(sessions[OFFICER], f"{address}/desk/referrals/?tab=team", "/desk/referrals/")
    found["one referral"] = {
        **work.pages(sessions[OFFICER], [f"{address}{one}"]),
        "statements": _statements(OFFICER, one),
    }
    return found


def _first(session: requests.Session, url: str, prefix: str) -> str:
    page = session.get(url, timeout=60).text
    links: list[str] = re.findall(rf'href="({prefix}[0-9a-f-]{{36}}/)', page)
    if not links:
        raise SystemExit(f"{url} lists nothing")
    return links[0]


def _statements(email: str, path: str) -> int:
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


def _compared(small: dict[str, Any], large: dict[str, Any]) -> dict[str, Any]:
    return {
        "p50_ms": [small["p50_ms"], large["p50_ms"]],
        "ratio": round(large["p50_ms"] / small["p50_ms"], 2),
        "statements": [small["statements"], large["statements"]],
        "same_statements": small["statements"] == large["statements"],
    }


if __name__ == "__main__":
    main()
