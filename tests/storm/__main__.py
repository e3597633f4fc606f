"""make storm: DURATION seconds of kill -9 while citizens write in; then every promise is checked.

Prints `lost N / doubled N / told twice N / not told N` and ends with 1 unless all are 0.
"""

import argparse
import os
import random
import sys
import time
from pathlib import Path

from tests.parts import Part, python
from tests.storm import system as system_module
from tests.storm.citizens import lines
from tests.storm.nemesis import Nemesis
from tests.storm.system import System

# Longer than the minute for which an unclear message is left alone before it is looked up.
SETTLE_SECONDS = 240


def say(words: str) -> None:
    sys.stdout.write(words + "\n")
    sys.stdout.flush()


def main() -> int:
    parser = argparse.ArgumentParser(prog="make storm", description=__doc__)
    parser.add_argument("--duration", type=int, default=60, help="seconds of kills")
    parser.add_argument("--seed", type=int, default=1, help="the same seed, the same blows")
    parser.add_argument("--keep", action="store_true", help="leave logs and data for a look")
    options = parser.parse_args()
    say(f"storm: {options.duration} s, seed {options.seed}; starting the system")
    with system_module.running(provider_seed=options.seed, keep=options.keep) as system:
        return _storm(system, duration=options.duration, seed=options.seed)


def _storm(system: System, *, duration: int, seed: int) -> int:
    token = system_module.token()
    citizens = Part(
        "citizens",
        python("-m", "tests.storm.citizens", str(system.folder), system.base, token, str(seed)),
        {},
        system.folder / "citizens.log",
    )
    nemesis = Nemesis(system, random.Random(seed))
    citizens.start()
    begin = time.monotonic()
    while time.monotonic() - begin < duration:
        # The first seconds are quiet, so that every door has been through once.
        if time.monotonic() - begin > 3:
            nemesis.act()
        system.supervise()
        time.sleep(0.1)
    nemesis.end()
    over = time.monotonic()
    say(f"storm over after {len(nemesis.blows)} blows; waiting until all is settled")
    (system.folder / "stop").touch()
    recovered = _settle(system, citizens, over=over)
    return _report(system.folder, nemesis.blows, recovered=recovered)


def _settle(system: System, citizens: Part, *, over: float) -> float:
    """Wait for the citizens and for the outbox; seconds until nothing due was waiting any more."""
    from django.db import DatabaseError, connection
    from django.utils import timezone

    from core import outbox
    from tests.storm.checks import outbox_rests

    recovered = 0.0
    while time.monotonic() - over < SETTLE_SECONDS:
        system.supervise()
        time.sleep(0.2)
        try:
            if not recovered and outbox.oldest_due_age(timezone.now()) < 2:
                recovered = time.monotonic() - over
            if not citizens.alive() and outbox_rests():
                break
        except DatabaseError:
            connection.close()
    if citizens.alive():
        citizens.kill()
    return recovered


def _report(folder: Path, blows: list[str], *, recovered: float) -> int:
    from collections import Counter

    from tests.storm.checks import examine

    found = examine(folder)
    waits = sorted(note["seconds"] for note in lines(folder / "acks.jsonl") if "seconds" in note)
    say("blows: " + ", ".join(f"{name} {n}" for name, n in sorted(Counter(blows).items())))
    say("seen: " + ", ".join(f"{name} {value}" for name, value in found.counts.items()))
    if waits:
        quantile = [waits[min(len(waits) - 1, int(len(waits) * q))] for q in (0.5, 0.95, 0.99)]
        say("acknowledged after (p50, p95, p99, longest): "
            + ", ".join(f"{value:.2f} s" for value in (*quantile, waits[-1])))  # fmt: skip
    say(f"nothing due was waiting {recovered:.1f} s after the last blow")
    for name, cases in {
        "lost": found.lost,
        "doubled": found.doubled,
        "told twice": found.told_twice,
        "not told": found.not_told,
        **found.other,
    }.items():
        for case in cases[:5]:
            say(f"  {name}: {case}")
    if not waits:
        say("  nobody was acknowledged")
    say(
        f"lost {len(found.lost)} / doubled {len(found.doubled)}"
        f" / told twice {len(found.told_twice)} / not told {len(found.not_told)}"
    )
    return 0 if found.clean and waits else 1


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "hub.settings")
    sys.exit(main())
