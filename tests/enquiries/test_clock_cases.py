"""Due dates worked out by hand, one a line in clock_cases.csv, with the reason in words.

Times are those of the wall in London; `2 d` are working days, `2 h` working hours, `2 h elapsed`
hours of the clock; `8 h + 5 d` is an agreement, `|` goes on to the next holder, `or` is the sooner.
"""

from __future__ import annotations

import csv
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest

from accounts.hours import read_hours
from enquiries import clocks, promises
from enquiries.clocks import LONDON, Calendar, Pause
from enquiries.promises import AgreedStep

CASES = list(csv.DictReader((Path(__file__).parent / "clock_cases.csv").open(encoding="utf-8")))


def at(text: str) -> datetime:
    """ "2026-10-25 01:00", in London unless it names its offset."""
    moment = datetime.fromisoformat(text)
    return moment if moment.tzinfo else moment.replace(tzinfo=LONDON)


def calendar(hours: str, closed: str = "") -> Calendar:
    return Calendar.from_json({**read_hours(hours), "closed": closed.split()})


def pauses(text: str) -> list[Pause]:
    """ "2026-11-18 10:00/2026-11-18 12:00 2026-11-19 10:00/": the last still runs."""
    words = text.split()
    moments = " ".join(words).replace("/", " / ").split()
    found: list[Pause] = []
    while moments:
        begins, rest = at(" ".join(moments[:2])), moments[3:]
        if rest:
            found.append((begins, at(" ".join(rest[:2]))))
        else:
            found.append((begins, None))
        moments = rest[2:]
    return found


def step(budget: str, of: Calendar) -> AgreedStep:
    accept, work = budget.split("+")
    hours = timedelta(hours=int(accept.split()[0]))
    return AgreedStep(hours, int(work.split()[0]), of, elapsed="elapsed" in accept)


def promised(case: dict[str, str]) -> date | None:
    """What agreements and perhaps a promise come to."""
    first, _, second = case["budget"].partition(" or ")
    agreed = second or first
    calendars = [calendar(hours, case["closed"]) for hours in case["hours"].split("|")]
    steps = [step(*both) for both in zip(agreed.split("|"), calendars, strict=True)]
    days = int(first.split()[0]) if second else None
    starts = at(case["starts"])
    found = promises.promised(starts, days, calendars[0], steps)
    return found.on if found else promises.agreed_by(starts, steps)


def due(case: dict[str, str]) -> datetime | None:
    """When one clock is due, or warns."""
    words = case["budget"].removeprefix("warn ").split()
    starts, of, waits = at(case["starts"]), calendar(case["hours"], case["closed"]), case["pauses"]
    percent = int(words[words.index("at") + 1]) if "at" in words else 100
    budget = timedelta(hours=int(words[0]))
    if words[1] == "d":
        days = clocks.shortened_days(int(words[0]), percent)
        if not case["budget"].startswith("warn"):
            return clocks.due_at(starts, days, of, pauses(waits))
        budget = clocks.days_budget(starts, days, of)
    elif percent != 100:
        budget = clocks.shortened(budget, percent)
    reckon = clocks.warn_at if case["budget"].startswith("warn") else clocks.clock_due
    return reckon(starts, budget, of, pauses(waits), elapsed="elapsed" in words)


@pytest.mark.parametrize("case", CASES, ids=[f"line {n}" for n in range(2, len(CASES) + 2)])
def test_a_case_worked_out_by_hand(case: dict[str, str]) -> None:
    if "+" in case["budget"]:
        assert promised(case) == date.fromisoformat(case["due"]), case["why"]
    else:
        assert due(case) == (at(case["due"]) if case["due"] else None), case["why"]


def test_there_are_enough_cases_and_each_says_why() -> None:
    assert len(CASES) >= 40
    assert all(case["why"] for case in CASES)
    assert len({tuple(case.items()) for case in CASES}) == len(CASES)
