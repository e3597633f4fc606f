"""Due dates worked out in this process: a calendar with lunch hours and closures, with pauses."""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any, Final

DUE_DATES: Final = 10_000
CALENDAR: Final = {
    **{
        day: [["09:00", "12:30"], ["13:30", "17:00"]] for day in ("mon", "tue", "wed", "thu", "fri")
    },
    "sat": [["09:00", "13:00"]],
    "closed": ["2026-12-24", "2026-12-29", "2026-12-30", "2026-12-31"],
}

Case = tuple[datetime, list[tuple[datetime, datetime | None]]]


def due_dates() -> dict[str, Any]:
    """Due dates a second: promises of 20 working days, and 16 hours with their warning."""
    from enquiries import clocks

    cases = _cases()

    def promise(case: Case) -> None:
        calendar = clocks.Calendar.from_json(CALENDAR)
        clocks.due_at(case[0], 20, calendar, case[1])

    def hours(case: Case) -> None:
        calendar = clocks.Calendar.from_json(CALENDAR)
        clocks.clock_due(case[0], timedelta(hours=16), calendar, case[1])
        clocks.warn_at(case[0], timedelta(hours=16), calendar, case[1])

    return {
        "promises_per_s": _rate(promise, cases),
        "hours_and_warnings_per_s": _rate(hours, cases),
        "n": DUE_DATES,
    }


def _cases() -> list[Case]:
    """Starts over two years, each with none to three pauses of up to eight days."""
    chance, cases = random.Random(3), []  # times, not secrets
    for _ in range(DUE_DATES):
        start = datetime(2026, 1, 1, tzinfo=UTC) + timedelta(minutes=chance.randrange(2 * 525_600))
        pauses: list[tuple[datetime, datetime | None]] = []
        moment = start
        for _ in range(chance.randrange(4)):
            begins = moment + timedelta(minutes=chance.randrange(80 * 60))
            moment = begins + timedelta(minutes=chance.randrange(200 * 60))
            pauses.append((begins, moment))
        cases.append((start, pauses))
    return cases


def _rate(work: Callable[[Case], None], cases: list[Case]) -> int:
    work(cases[0])
    began = time.perf_counter()
    for case in cases:
        work(case)
    return round(len(cases) / (time.perf_counter() - began))
