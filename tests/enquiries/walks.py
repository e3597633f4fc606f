"""Calendars, moments and pauses of every kind, and a slow walk of every minute."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

from hypothesis import strategies as st

from enquiries.clocks import DAYS, LONDON, Calendar, Pause

MINUTE = timedelta(minutes=1)
ALWAYS = Calendar.from_json({day: [["00:00", "24:00"]] for day in DAYS})
# As published for England, and R4's days on weekends.
OBSERVED = {
    date.fromisoformat(f"{year}-{day}")
    for year, days in {
        2026: (
            "01-01",
            "04-03",
            "04-06",
            "05-04",
            "05-25",
            "08-31",
            "12-25",
            "12-26",
            "12-28",
        ),
        2027: (
            "01-01",
            "03-26",
            "03-29",
            "05-03",
            "05-31",
            "08-30",
            "12-25",
            "12-26",
            "12-27",
            "12-28",
        ),
        2028: (
            "01-01",
            "01-03",
            "04-14",
            "04-17",
            "05-01",
            "05-29",
            "08-28",
            "12-25",
            "12-26",
        ),
        2029: (
            "01-01",
            "03-30",
            "04-02",
            "05-07",
        ),
    }.items()
    for day in days
}

# Midnight is where days, and calendars, meet; none lies inside the hour that the clocks change.

TIMES = ["00:00", "02:00", "06:30", "09:00", "12:30", "13:30", "17:00", "22:00", "24:00"]
SPANS = st.lists(st.sampled_from(TIMES), min_size=2, max_size=4, unique=True).map(
    lambda times: [list(pair) for pair in zip(*[iter(sorted(times))] * 2, strict=False)]
)
DATES = st.dates(date(2026, 1, 1), date(2028, 12, 31))
HOURS = st.fixed_dictionaries({"tue": SPANS}, optional={day: SPANS for day in DAYS if day != "tue"})
JSON = st.builds(
    lambda hours, closed: {**hours, "closed": [day.isoformat() for day in closed]},
    HOURS,
    st.lists(DATES, max_size=5, unique=True),
)
CALENDARS = JSON.map(Calendar.from_json)


def _moment(minutes: int) -> datetime:
    return datetime(2026, 1, 1, tzinfo=UTC) + minutes * MINUTE


MOMENTS = st.integers(0, 3 * 365 * 24 * 60 - 1).map(_moment)
# Around the nights when clocks change, where mistakes live.
NIGHTS = st.sampled_from([date(2026, 3, 28), date(2026, 10, 24), date(2027, 3, 27)])
NEAR_CHANGE = st.builds(
    lambda day, minutes: datetime(day.year, day.month, day.day, 12, tzinfo=UTC) + minutes * MINUTE,
    NIGHTS,
    st.integers(0, 24 * 60),
)
STARTS = MOMENTS | NEAR_CHANGE
BUDGETS = st.integers(1, 80 * 60).map(lambda minutes: minutes * MINUTE)
LENGTHS = st.integers(0, 20 * 24 * 60).map(lambda minutes: minutes * MINUTE)


@st.composite
def clock(draw: st.DrawFn, *, open_too: bool = True) -> tuple[datetime, list[Pause]]:
    """A start, and pauses that lie about it; perhaps one that still runs."""
    start = draw(STARTS)
    pauses: list[Pause] = []
    for _ in range(draw(st.integers(0, 4))):
        begins = start + draw(st.integers(-3 * 24 * 60, 20 * 24 * 60)) * MINUTE
        still = open_too and draw(st.integers(0, 7)) == 0
        pauses.append((begins, None if still else begins + draw(LENGTHS)))
    return start, pauses


def later(one: datetime | None, other: datetime | None) -> bool:
    """Whether one is as late as the other; nothing due is later than anything."""
    return one is None or (other is not None and one >= other)


# The oracle.


def is_open(moment: datetime, hours: dict[str, Any]) -> bool:
    wall = moment.astimezone(LONDON)
    day, clock_time = wall.date(), wall.strftime("%H:%M")
    if day in OBSERVED or day.isoformat() in hours["closed"]:
        return False
    spans = hours.get(DAYS[day.weekday()], [])
    return any(opens <= clock_time < closes for opens, closes in spans)


def paused(moment: datetime, pauses: list[Pause]) -> bool:
    return any(begins <= moment and (ends is None or moment < ends) for begins, ends in pauses)


def oracle(
    start: datetime, budget: timedelta, hours: dict[str, Any] | None, pauses: list[Pause]
) -> datetime | None:
    """Walks minute by minute; `hours` None is elapsed time."""
    moment, left = start, budget // MINUTE
    stuck = [begins for begins, ends in pauses if ends is None]
    while True:
        if stuck and moment >= min(stuck):
            return None
        if not paused(moment, pauses) and (hours is None or is_open(moment, hours)):
            left -= 1
        moment += MINUTE
        if not left:
            return moment
