"""Plants leaks, one at a time, and sees that the isolation tests go red for each of them.

    python -m tests.isolation.planted [--jobs 2] [NAME …]     (or: make leaks)

Each leak is planted in a process of its own, in which the very tests run that guard the table in
every build. A leak that no test finds fails the run, by its name.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.isolation.plants import Plant

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
# Read by tests/isolation/conftest.py.
VARIABLE = "HUB_PLANT"
PASSED, FAILED = 0, 1


def _plants() -> tuple[Plant, ...]:
    """The leaks; they patch the house, so Django must stand first."""
    os.environ["DJANGO_SETTINGS_MODULE"] = "tests.settings"
    import django

    django.setup()
    from tests.isolation.plants import PLANTS

    return PLANTS


def _run(tests: list[str], plant: str, *, database: int, fresh: bool) -> tuple[int, str]:
    """The exit code of pytest, and what it wrote."""
    environment = {**os.environ, VARIABLE: plant, "HUB_TEST_DATABASE": f"test_leaks_{database}"}
    named = [f"{HERE / name.partition('::')[0]}::{name.partition('::')[2]}" for name in tests]
    command = [sys.executable, "-m", "pytest", "-q", "-x", "--show-capture=no", "--tb=line"]
    command += ["-p", "no:cacheprovider", "--create-db" if fresh else "--reuse-db", *named]
    done = subprocess.run(
        command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False
    )
    return done.returncode, done.stdout + done.stderr


def _report(plant: Plant, code: int, said: str, seconds: float) -> bool:
    """One line for each leak; whether it was found."""
    if code == FAILED:
        print(f"  found      {plant.name} ({seconds:.0f} s)")
        return True
    words = "NOT FOUND" if code == PASSED else "NOT RUN"
    print(f"  {words}  {plant.name}")
    if code != PASSED:
        print(said[-2_000:])
    return False


def main() -> int:
    """Plants them all, or those that are named. 0 when every one was found."""
    reader = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    reader.add_argument("names", nargs="*", help="only these")
    reader.add_argument("--jobs", type=int, default=min(2, os.cpu_count() or 1))
    asked = reader.parse_args()
    plants = [one for one in _plants() if not asked.names or one.name in asked.names]
    unknown = set(asked.names) - {one.name for one in plants}
    if unknown or not plants:
        print(f"There is no leak called {', '.join(sorted(unknown)) or 'nothing'}")
        return 2
    print(f"Without a leak: {len(plants)} places are looked at")
    sound = sorted({test for plant in plants for test in plant.tests()})
    code, said = _run(sound, "", database=0, fresh=True)
    if code != PASSED:
        print(f"The house is not sound without any planted leak:\n{said[-4_000:]}")
        return 2
    found = _all(plants, max(asked.jobs, 1))
    print(f"{sum(found)} of {len(plants)} planted leaks found")
    return 0 if all(found) else 1


def _all(plants: list[Plant], jobs: int) -> list[bool]:
    """Each leak in a process of its own, as many at a time as there are databases."""
    free, used = list(range(jobs)), {0}

    def one(plant: Plant) -> bool:
        database = free.pop()
        begun, fresh = time.monotonic(), database not in used
        used.add(database)
        code, said = _run(plant.tests(), plant.name, database=database, fresh=fresh)
        free.append(database)
        return _report(plant, code, said, time.monotonic() - begun)

    with ThreadPoolExecutor(jobs) as hands:
        return list(hands.map(one, plants))


if __name__ == "__main__":
    sys.exit(main())
