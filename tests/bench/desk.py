"""`python -m tests.bench.desk --cases 10000,100000,1000000`: the desk with few and with many.

One agent with a real session, each request through the whole of Django (middleware, views,
templates, real PostgreSQL with fsync) without the socket. The hubs stand in one PostgreSQL and are
asked in turn, so that what else the machine does slows all alike. Beside what the clock says stands
what the processors of Python and PostgreSQL worked for it: growth and goals go by that, because the
clock of a shared machine tells of its other users. JSON on stdout, a table on stderr, both with the
goals that were missed.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from hub import embedded
from tests.bench.hub import PASSWORD, manage
from tests.parts import ROOT, python

BASE = 10_000
SIZES = (10_000, 100_000, 1_000_000)
ALLOWED = 1.3
# Milliseconds (p50) with a million cases, by how the name of what is measured begins.
GOALS = {"queue": 20, "case": 20, "reply": 15, "person by": 40}
ROUNDS, WARM = 40, 4


@dataclass
class Hub:
    """A hub of so many cases, and the agent who works there."""

    cases: int
    agent: subprocess.Popen[str]
    kinds: list[str] = field(default_factory=list)

    def told(self) -> Any:
        assert self.agent.stdout is not None
        line = self.agent.stdout.readline()
        if not line:
            raise SystemExit(f"The agent at {self.cases:,} cases went home: see above")
        return json.loads(line)

    def does(self, what: str, name: str) -> dict[str, Any]:
        """One act, timed or counted."""
        assert self.agent.stdin is not None
        self.agent.stdin.write(f"{what} {name}\n")
        self.agent.stdin.flush()
        answer: dict[str, Any] = self.told()
        if answer.get("status", 200) not in (200, 302, 303):
            raise SystemExit(f"{name} at {self.cases:,} cases answered {answer['status']}")
        return answer


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cases", default=",".join(map(str, SIZES)), help="sizes, with commas")
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    parser.add_argument("--goals", action="store_true", help="end with 1 where a goal is missed")
    parser.add_argument("--home", type=Path, help="keeps what is filled there, and uses it again")
    asked = parser.parse_args()
    sizes = sorted({int(one) for one in asked.cases.split(",")})
    figures = measured(sizes, asked.rounds, asked.home)
    figures["missed"] = table(figures)
    sys.stdout.write(json.dumps(figures, indent=1) + "\n")
    raise SystemExit(1 if figures["missed"] and asked.goals else 0)


def measured(sizes: Sequence[int], rounds: int, home: Path | None = None) -> dict[str, Any]:
    """Every kind of request at every size."""
    with ExitStack() as stack:
        urls, filled = stack.enter_context(_hubs(sizes, home))
        hubs = [stack.enter_context(_agent(size, urls[size])) for size in sizes]
        for hub in hubs:
            hub.kinds = hub.told()
        kinds = {name: _of_kind(hubs, name, rounds) for name in hubs[0].kinds}
    return {"cases": list(sizes), "filled_s": filled, "rounds": rounds, "kinds": kinds}


def _of_kind(hubs: Sequence[Hub], name: str, rounds: int) -> dict[str, Any]:
    took: list[list[dict[str, Any]]] = [[] for _ in hubs]
    for turn in range(rounds + WARM):
        for samples, hub in zip(took, hubs, strict=True):
            answer = hub.does("time", name)
            if turn >= WARM:  # the first ones fill what a process keeps
                samples.append(answer)
    counted = [hub.does("count", name) for hub in hubs]
    worked = [statistics.median(one["worked_ms"] for one in samples) for samples in took]
    waited = [[one["ms"] for one in samples] for samples in took]
    return {
        "p50_ms": [round(statistics.median(one), 1) for one in waited],
        "p95_ms": [round(statistics.quantiles(one, n=20)[-1], 1) for one in waited],
        "worked_p50_ms": [round(one, 1) for one in worked],
        "statements": [one["statements"] for one in counted],
        "growth": round(worked[-1] / worked[0], 2),
        "reads_whole_tables": counted[-1]["whole"],
    }


def table(figures: dict[str, Any]) -> list[str]:
    """Prints it; returns the goals that were missed."""
    sizes, missed = figures["cases"], []
    write = sys.stderr.write
    heads = "".join(f"{f'{size:,}':>25}" for size in sizes)
    write(f"\n{'worked, p50, p95 in ms; statements':<30}{heads}  growth  goal\n")
    for name, one in figures["kinds"].items():
        cells = "".join(
            f"{worked:>7}{p50:>7}{p95:>7}{count:>4}"
            for worked, p50, p95, count in zip(
                one["worked_p50_ms"], one["p50_ms"], one["p95_ms"], one["statements"], strict=True
            )
        )
        goal = next((ms for start, ms in GOALS.items() if name.startswith(start)), None)
        wrong = []
        if one["growth"] > ALLOWED and len(sizes) > 1:
            wrong.append("grows")
        if goal is not None and one["worked_p50_ms"][-1] > goal:
            wrong.append("slow")
        if one["reads_whole_tables"]:
            wrong.append("reads a whole table")
        missed += [f"{name}: {', '.join(wrong)}"] if wrong else []
        said = f"{f'<= {goal}' if goal else '':>6}  {', '.join(wrong) or 'met'}"
        write(f"{name:<30}{cells}  {one['growth']:>6}  {said}\n")
    return missed


@contextmanager
def _hubs(
    sizes: Sequence[int], kept: Path | None
) -> Iterator[tuple[dict[int, str], dict[str, float]]]:
    """A database for each size, on loopback; the address of each, and how long each took."""
    home = kept or Path(tempfile.mkdtemp(prefix="hub-bench-desk-"))
    home.mkdir(exist_ok=True)
    home.chmod(0o711)  # as root, PostgreSQL runs as another user and must reach its folder
    postgres = embedded.start_postgres(home / "postgres", log=home / "postgres.log")
    valkey = embedded.start_valkey(home / "valkey", log=home / "valkey.log")
    server = postgres.url.rpartition("/")[0]
    os.environ.update(
        {
            "DATABASE_URL": postgres.url,
            "REDIS_URL": valkey.url,
            "HUB_DATA_DIR": str(home / "var"),
            "HUB_DEVELOPMENT": "1",
            "HUB_DEMO": "1",
            "HUB_DEMO_PASSWORD": PASSWORD,
            "SECRET_KEY": "only-for-the-bench-" + "x" * 40,
        }
    )
    try:
        yield _filled(server, sizes)
    finally:
        valkey.stop(patience=5)
        postgres.stop(patience=20)
        if kept is None:
            shutil.rmtree(home, ignore_errors=True)


def _filled(server: str, sizes: Sequence[int]) -> tuple[dict[int, str], dict[str, float]]:
    urls = {size: f"{server}/cases_{size}" for size in sizes}
    missing = [size for size in sizes if not _is_there(server, f"cases_{size}")]
    took: dict[str, float] = {}
    if missing and not _is_there(server, "base"):
        began = time.perf_counter()
        manage("migrate", "--verbosity", "0")
        manage("demo", "--size", str(BASE))
        _run(server, "ALTER DATABASE hub RENAME TO base", "CREATE DATABASE hub")
        took["base"] = round(time.perf_counter() - began, 1)
    for size in missing:
        began = time.perf_counter()
        _run(server, "DROP DATABASE IF EXISTS filling", "CREATE DATABASE filling TEMPLATE base")
        turns = str(max(0, size // BASE - 1))
        filled = subprocess.run(
            ["nice", "-n", "10", *python("-m", "tests.bench.copies", turns)],
            cwd=ROOT,
            env={**os.environ, "DATABASE_URL": f"{server}/filling"},
            check=False,
        )
        if filled.returncode:
            raise SystemExit(f"{size:,} cases could not be filled in")
        _run(server, f"ALTER DATABASE filling RENAME TO cases_{size}")
        took[str(size)] = round(time.perf_counter() - began, 1)
    return urls, took


def _is_there(server: str, name: str) -> bool:
    import psycopg

    with psycopg.connect(f"{server}/postgres", autocommit=True) as connection:
        asked = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name])
        return asked.fetchone() is not None


def _run(server: str, *statements: str) -> None:
    import psycopg

    with psycopg.connect(f"{server}/postgres", autocommit=True) as connection:
        for statement in statements:
            connection.execute(statement)


@contextmanager
def _agent(size: int, url: str) -> Iterator[Hub]:
    process = subprocess.Popen(
        python("-m", "tests.bench.desk_work"),
        cwd=ROOT,
        env={**os.environ, "DATABASE_URL": url},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        yield Hub(size, process)
    finally:
        process.kill()
        process.wait()


if __name__ == "__main__":
    main()
