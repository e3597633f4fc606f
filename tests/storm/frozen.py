"""T-R8: Redis is frozen while citizens write in. Prints the figures as JSON.

Submissions must go on as if nothing had happened, and everybody must be told within seconds.
"""

import argparse
import json
import random
import re
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from tests.storm import system as system_module
from tests.storm.citizens import Citizen, Sheet, lines
from tests.storm.system import System


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=int, default=60, help="how long Redis is frozen")
    parser.add_argument("--rate", type=float, default=5, help="enquiries a second")
    options = parser.parse_args()
    with system_module.running(provider_seed=-1) as system:
        figures = _measure(system, seconds=options.seconds, rate=options.rate)
    sys.stdout.write(json.dumps(figures, indent=1) + "\n")


def _measure(system: System, *, seconds: int, rate: float) -> dict[str, Any]:
    from core import outbox

    citizen = Citizen(
        system.base, system_module.token(), Sheet(system.folder / "acks.jsonl"), random.Random(1)
    )
    citizen.web()
    citizen.api()
    _wait_told(system.folder, seconds=60)
    _wait_worker()
    (system.folder / "acks.jsonl").write_text("", encoding="utf-8")
    with ThreadPoolExecutor(16) as pool:
        _write_in(pool, citizen, seconds=max(5, seconds // 3), rate=rate)
        frozen_at = time.time()
        system.parts["valkey"].freeze()
        _write_in(pool, citizen, seconds=seconds, rate=rate)
    thawed_at = time.time()
    _wait_told(system.folder, seconds=30)
    system.parts["valkey"].thaw()
    deadline = time.monotonic() + 60
    while outbox.depth() and time.monotonic() < deadline:
        time.sleep(0.5)
    return {
        "rate": rate,
        "with Redis": _figures(system.folder, 0, frozen_at),
        "Redis frozen": _figures(system.folder, frozen_at, thawed_at),
        "open promises at the end": outbox.depth(),
    }


def _wait_worker() -> None:
    """Until a canary came through Redis and a worker: everything is up."""
    from django.utils import timezone

    from core import heartbeats

    deadline = time.monotonic() + 60
    while heartbeats.age(heartbeats.CANARY, now=timezone.now()) is None:
        if time.monotonic() > deadline:
            raise SystemExit("No worker has answered within a minute")
        time.sleep(0.5)


def _write_in(pool: ThreadPoolExecutor, citizen: Citizen, *, seconds: int, rate: float) -> None:
    """So many a second whatever the answers take; one in four through the whole web form."""
    begin, waiting = time.monotonic(), []
    for number in range(int(seconds * rate)):
        time.sleep(max(0.0, begin + number / rate - time.monotonic()))
        door = citizen.web if number % 4 == 0 else citizen.api
        waiting.append(pool.submit(_note_refusals, citizen, door))
    for future in waiting:
        future.result()


def _note_refusals(citizen: Citizen, door: Any) -> None:
    try:
        door()
    except Exception as trouble:
        citizen.sheet.note(refused=f"{type(trouble).__name__}: {trouble}")


def _told(folder: Path) -> dict[str, float]:
    """When each reference was first told by text."""
    when: dict[str, float] = {}
    for message in lines(folder / "taken.jsonl"):
        for reference in re.findall(r"WH\w-\w{4}-\w{2}", message["body"]):
            when.setdefault(reference, message["at"])
    return when


def _wait_told(folder: Path, *, seconds: float) -> None:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        told = _told(folder)
        acks = [note for note in lines(folder / "acks.jsonl") if "reference" in note]
        if all(ack["reference"] in told for ack in acks):
            return
        time.sleep(0.5)


def _figures(folder: Path, begin: float, end: float) -> dict[str, Any]:
    notes = [note for note in lines(folder / "acks.jsonl") if begin <= note["at"] < end]
    acks, told = [note for note in notes if "reference" in note], _told(folder)
    answers = sorted(ack["seconds"] for ack in acks)
    waits = sorted(told[ack["reference"]] - ack["at"] for ack in acks if ack["reference"] in told)
    return {
        "submitted": len(acks),
        "errors": len(notes) - len(acks),
        "answered after p50": _at(answers, 0.5),
        "answered after p95": _at(answers, 0.95),
        "answered after at most": _at(answers, 1),
        "told": len(waits),
        "told after p50": _at(waits, 0.5),
        "told after p95": _at(waits, 0.95),
        "told after at most": _at(waits, 1),
    }


def _at(values: list[float], share: float) -> float | None:
    return round(values[min(len(values) - 1, int(len(values) * share))], 3) if values else None


if __name__ == "__main__":
    main()
