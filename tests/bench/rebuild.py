"""`python -m tests.bench.rebuild --size 100000`: two years made up, folded anew, a day closed.

As an operator would: `manage.py demo --size`, `manage.py rebuild_metrics` with nothing folded, cut
off once on its way, then the night after the next day, when what has had its time is decided. With
PostgreSQL of its own, fsync on. JSON on stdout, what the commands say on stderr. `cpu_ms` is what
one enquiry costs all processes together, PostgreSQL's too: on a machine that others use it says
more than the clock. `--goals` ends with 1 where it would take too long for 1,000,000.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import sys
import time
from contextlib import suppress
from datetime import timedelta
from pathlib import Path
from typing import Any

from tests.bench import tiles
from tests.bench.hub import manage

SIZE = 100_000
# Of 1,000,000: made in ten minutes, folded in ten, a night's work within one.
A_SECOND, NIGHT_S = 1_000_000 / 600, 60


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--size", type=int, default=SIZE, help="enquiries")
    parser.add_argument("--processes", type=int, default=os.cpu_count() or 1)
    parser.add_argument("--goals", action="store_true", help="end with 1 where a goal is missed")
    asked = parser.parse_args()
    os.environ |= {"HUB_DEMO": "1", "HUB_DEMO_PASSWORD": "bench bench bench"}
    with tiles.server(durable=True):
        figures = _measured(asked.size, asked.processes)
    sys.stdout.write(json.dumps(figures, indent=1) + "\n")
    raise SystemExit(1 if figures["missed"] and asked.goals else 0)


def _measured(size: int, processes: int) -> dict[str, Any]:
    from django.db import connection

    made = _seconds("demo", "--size", str(size))
    with connection.cursor() as sql:
        sql.execute("SET statement_timeout = 0")
        sql.execute(
            "TRUNCATE metrics_enquiryfact, metrics_itemfact, metrics_rollup, metrics_rolledcell,"
            " metrics_rolledpart"
        )
        sql.execute("DELETE FROM metrics_cursor")
        sql.execute("VACUUM ANALYZE")
    folded = _seconds("rebuild_metrics", "--processes", str(processes))
    night = _night()
    rates = {"made": _rate(size, made), "folded": _rate(size, folded)}
    missed = [name for name, one in rates.items() if one["a_second"] < A_SECOND]
    missed += ["night"] * (night["seconds"] > NIGHT_S)
    return {"size": size, "processes": processes, **rates, "night": night, "missed": missed}


def _seconds(*command: str) -> tuple[float, float]:
    """By the clock, and of processors."""
    began, worked = time.perf_counter(), _worked()
    sys.stderr.write(manage(*command))
    return time.perf_counter() - began, _worked() - worked


def _worked() -> float:
    """Seconds of processors that children that have ended, and PostgreSQL, have had."""
    from django.db import connection

    with connection.cursor() as sql:
        sql.execute("SELECT pg_backend_pid()")
        backend = int(sql.fetchone()[0])
    server = int(_stat(backend)[1])
    ours = resource.getrusage(resource.RUSAGE_CHILDREN)
    ticks = sum(int(one) for one in _stat(server)[11:15])
    for path in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            stat = _stat(int(path.name))
            if int(stat[1]) == server:
                ticks += int(stat[11]) + int(stat[12])
    return ours.ru_utime + ours.ru_stime + ticks / os.sysconf("SC_CLK_TCK")


def _stat(process: int) -> list[str]:
    """proc(5) from the third field, the state, on."""
    return Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()


def _rate(size: int, took: tuple[float, float]) -> dict[str, float]:
    seconds, worked = took
    return {
        "seconds": round(seconds, 1),
        "cpu_ms": round(1_000 * worked / size, 2),
        "a_second": round(size / seconds),
        "a_million_in_minutes": round(1_000_000 * seconds / size / 60, 1),
    }


def _night() -> dict[str, float]:
    """What is decided a day later, and how many more had to be looked at for it."""
    from django.utils import timezone

    from metrics import projection

    now = timezone.now() + timedelta(days=1)
    began = time.perf_counter()
    done = projection.refresh(now=now)
    seconds = time.perf_counter() - began
    return {"closed": done.matured, "judged": done.judged, "seconds": round(seconds, 1)}


if __name__ == "__main__":
    main()
