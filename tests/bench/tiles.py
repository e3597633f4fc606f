"""`python -m tests.bench.tiles --sizes 10000,100000,1000000`: figures over few facts and over many.

Facts of two years are made by the database itself, spread as a hub's are: seasons of the week,
services that many and that few ask for, seven bodies, what breaks and whose it is, three contacts
for each enquiry. Rollups are then counted by the real code. The sizes stand in one PostgreSQL and
are asked in turn, so that what else the machine does slows all alike. Beside what the clock says
stands what the processors of Python and PostgreSQL worked for it: goals go by that, because the
clock of a shared machine tells of its other users. JSON on stdout, a table on stderr; `--goals`
ends with 1 where a tile takes too long or grows too much. Reports have no goal.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from hub import embedded
from tests.bench import tiles_filled
from tests.bench.desk_work import worked_by_server

if TYPE_CHECKING:
    from tests.bench.tiles_asked import Tile

SIZES = (10_000, 100_000, 1_000_000)
GOAL_MS, ALLOWED = 60, 1.3
# Growth is told of what can be told apart from the clock's own noise.
NOISE_MS = 5.0
ROUNDS, WARM, ROUNDS_OF_REPORTS = 30, 3, 5


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sizes", default=",".join(map(str, SIZES)), help="with commas")
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    parser.add_argument("--goals", action="store_true", help="end with 1 where a goal is missed")
    asked = parser.parse_args()
    sizes = sorted({int(one) for one in asked.sizes.split(",")})
    with server():
        figures = _measured(sizes, asked.rounds)
    sys.stdout.write(json.dumps(figures, indent=1) + "\n")
    for name, one in {**figures["tiles"], **figures["reports"]}.items():
        mark = "  <- missed" if name in figures["missed"] else ""
        sys.stderr.write(f"  {name:<34} {one}{mark}\n")
    raise SystemExit(1 if figures["missed"] and asked.goals else 0)


@contextmanager
def server(*, durable: bool = False) -> Iterator[None]:
    """PostgreSQL of its own, with our tables and nothing in them; `durable` with fsync on."""
    home = Path(tempfile.mkdtemp(prefix="hub-tiles-"))
    home.chmod(0o711)  # as root, PostgreSQL runs as another user and must reach its folder
    log = home / "postgres.log"
    postgres = embedded.start_postgres(home / "postgres", log=log, durable=durable)
    os.environ.update(
        {
            "DATABASE_URL": postgres.url,
            "HUB_DEVELOPMENT": "1",
            "HUB_DEMO": "1",
            "HUB_BASE_URL": "http://testserver",
            "SECRET_KEY": "only-for-the-bench-" + "x" * 40,
            "HUB_DATA_DIR": str(home / "var"),
            "DJANGO_SETTINGS_MODULE": "hub.settings",
        }
    )
    try:
        import django
        from django.core.management import call_command

        django.setup()
        call_command("migrate", verbosity=0)
        yield
    finally:
        from django.db import connection

        connection.connection = None
        for kept in _KEPT.values():
            kept.close()
        postgres.stop(patience=10)
        shutil.rmtree(home, ignore_errors=True)


def _measured(sizes: Sequence[int], rounds: int) -> dict[str, Any]:
    from tests.bench import tiles_asked

    tiles_filled.people()
    client = tiles_asked.signed_in()
    filled = {size: _filled(size) for size in sizes}
    tiles = _asked(sizes, tiles_asked.tiles(), rounds)
    missed = [name for name, one in tiles.items() if not _holds(one)]
    reports = _asked(sizes, tiles_asked.reports(client), min(rounds, ROUNDS_OF_REPORTS))
    return {
        "sizes": list(sizes),
        "filled_s": filled,
        "tiles": tiles,
        "missed": missed,
        "reports": reports,
    }


def _asked(sizes: Sequence[int], tiles: Mapping[str, Tile], rounds: int) -> dict[str, Any]:
    """Each at every size in turn: (by the clock, worked) in ms for each round."""
    took: dict[str, list[list[tuple[float, float]]]] = {name: [[] for _ in sizes] for name in tiles}
    for turn in range(rounds + WARM):
        for index, size in enumerate(sizes):
            _turn_to(size)
            for name, tile in tiles.items():
                sample = _timed(tile)
                if turn >= WARM:  # the first ones fill what a process keeps
                    took[name][index].append(sample)
    _turn_to(sizes[-1])
    return {name: _told(samples, _statements(tiles[name])) for name, samples in took.items()}


def _timed(tile: Tile) -> tuple[float, float]:
    server = worked_by_server()
    began, worked = time.perf_counter(), time.process_time()
    tile()
    worked, waited = time.process_time() - worked, time.perf_counter() - began
    return 1_000 * waited, 1_000 * (worked + worked_by_server() - server)


def _filled(size: int) -> dict[str, float]:
    """A database of its own with so many enquiries; how long facts and rollups took."""
    from django.db import connection

    from metrics import rollups

    connection.close()
    with connection._nodb_cursor() as cursor:
        cursor.execute(f"CREATE DATABASE tiles_{size} TEMPLATE {_first()}")
    connection.settings_dict["NAME"] = f"tiles_{size}"
    began = time.perf_counter()
    tiles_filled.fill(size)
    filled = time.perf_counter() - began
    with connection.cursor() as cursor:
        cursor.execute("SET statement_timeout = 0")
    began = time.perf_counter()
    rollups.keep()
    counted = time.perf_counter() - began
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")
    connection.close()
    sys.stderr.write(f"{size:,} enquiries: facts {filled:.0f} s, rollups {counted:.0f} s\n")
    return {"facts": round(filled, 1), "rollups": round(counted, 1)}


def _first() -> str:
    return os.environ["DATABASE_URL"].rpartition("/")[2]


# A connection to each, which stays open as those of a server do.
_KEPT: dict[int, Any] = {}


def _turn_to(size: int) -> None:
    from django.db import connection

    connection.settings_dict["NAME"] = f"tiles_{size}"
    connection.connection = _KEPT.get(size)
    connection.ensure_connection()
    if size not in _KEPT:
        _KEPT[size] = connection.connection
        with connection.cursor() as cursor:
            # All is worked by the process whose work is measured.
            cursor.execute("SET max_parallel_workers_per_gather = 0")


def _statements(tile: Tile) -> int:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    with CaptureQueriesContext(connection) as captured:
        tile()
    return len(captured)


def _told(samples: list[list[tuple[float, float]]], statements: int) -> dict[str, Any]:
    waited, worked = (
        [statistics.median(one[which] for one in of) for of in samples] for which in (0, 1)
    )
    return {
        "p50_ms": [round(one, 1) for one in waited],
        "worked_p50_ms": [round(one, 1) for one in worked],
        "growth": round(worked[-1] / worked[0], 2),
        "statements": statements,
    }


def _holds(one: dict[str, Any]) -> bool:
    worked = one["worked_p50_ms"]
    grew = one["growth"] > ALLOWED and worked[-1] - worked[0] > NOISE_MS
    return bool(worked[-1] <= GOAL_MS and not grew)


if __name__ == "__main__":
    main()
