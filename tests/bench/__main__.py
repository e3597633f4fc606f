"""`make bench`: JSON on stdout, a table on stderr. Machines are shared: compare within one run."""

from __future__ import annotations

import argparse
import json
import os
import platform
import subprocess
import sys
from typing import Any

from tests.bench import areas, citizens, clocks, hub, rules, search, work
from tests.parts import ROOT, python


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--size", type=int, default=10_000, help="enquiries in the database")
    size = parser.parse_args().size
    with hub.running(size) as bench:
        figures = _measure(bench, size)
    figures["messages"] = _alone("messages")
    figures["kiosks"] = _alone("kiosks")
    figures["desks"] = _alone("desks")
    sizes = ",".join(str(one) for one in sorted({10_000, size}))
    figures["tiles"] = _alone("tiles", "--sizes", sizes, "--rounds", "12")
    figures["rebuild"] = _alone("rebuild", "--size", str(size))
    figures["desk"] = _alone("desk", "--cases", sizes, "--rounds", "12")
    sys.stdout.write(json.dumps(figures, indent=1) + "\n")
    _table(figures)


def _measure(bench: hub.Bench, size: int) -> dict[str, Any]:
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "hub.settings")
    os.environ["ALLOWED_HOSTS"] = "127.0.0.1,localhost,testserver"
    django.setup()
    token = _token()
    session = work.signed_in(bench.address)
    results = {
        "W1 create by API": work.creates(bench.address, token),
        "W2 queue page": work.pages(
            session, [f"{bench.address}/desk/?view=all", f"{bench.address}/desk/?view=unassigned"]
        ),
        "W3 case page": work.pages(session, work.case_urls(session, bench.address)),
        "a step of a form": citizens.steps(bench.address),
        "the page of an enquiry": citizens.tracking(bench.address),
        "read by citizens": citizens.reading(bench.address),
        "W4 SQL statements": work.statements(),
        "in process": work.in_process(),
        "2,000 rules to 20": rules.routing(),
        "due dates": clocks.due_dates(),
        "points placed": areas.look_ups(),
        "search, 20,000 entries": search.filled(),
    }
    machine = f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}"
    loaded = {"rows": size, "seconds": round(bench.load_seconds, 1)}
    return {"size": size, "machine": machine, "load": loaded, **results}


def _alone(name: str, *arguments: str) -> dict[str, Any]:
    """Measured by a process of its own, with servers of its own."""
    done = subprocess.run(
        python("-m", f"tests.bench.{name}", *arguments),
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise SystemExit(f"The bench of {name} failed:\n{done.stderr[-2000:]}")
    figures: dict[str, Any] = json.loads(done.stdout)
    return figures


def _token() -> str:
    from datetime import UTC, datetime

    import accounts.actions
    import accounts.queries
    from accounts.permissions import Scope
    from core.audit import SYSTEM

    body = accounts.queries.organisation("wychavon")
    if body is None:
        raise SystemExit("The demo has no Wychavon")
    return accounts.actions.issue_token(
        organisation=body,
        name="bench",
        scopes=[Scope.CREATE],
        actor=SYSTEM,
        now=datetime.now(UTC),
    )


def _table(figures: dict[str, Any]) -> None:
    sys.stderr.write(f"\n{figures['size']:,} enquiries, {figures['machine']}\n")
    for name, values in figures.items():
        if isinstance(values, dict):
            plain = {key: one for key, one in values.items() if not isinstance(one, dict)}
            words = ", ".join(f"{key} {value}" for key, value in plain.items())
            sys.stderr.write(f"  {name:<20} {words}\n")


if __name__ == "__main__":
    main()
