"""When people begin to ask how it is going, and how long before that we tell them. Pure.

The time is elapsed time, not working time: who waits does not stop worrying at the weekend. The
message falls shortly before half of those who ask have asked.
"""

from __future__ import annotations

from datetime import timedelta

# So many enquiries must have been asked about, in so long, before their median means anything.
FEWEST = 20
LOOKS_BACK = timedelta(days=180)
# A tenth of the time sooner; a service of hours gets two hours, one of months no more than a day.
SHARE = 0.1
SHORTEST, LONGEST = timedelta(hours=2), timedelta(hours=24)
# Without a median: half of what was promised, where that leaves two working days or more.
LEAST_PROMISE_WD = 4
DAYS_OF_A_WORKING_DAY = 7 / 5


def by_median(hours: float) -> timedelta:
    """So long after receipt they are told, where half of those who ask have asked by `hours`."""
    median = timedelta(hours=hours)
    return max(median - min(max(median * SHARE, SHORTEST), LONGEST), timedelta())


def by_promise(promise_wd: int | None) -> timedelta | None:
    """The same from the promise alone; None where it is too near, or where there is none."""
    if promise_wd is None or promise_wd < LEAST_PROMISE_WD:
        return None
    return timedelta(days=promise_wd * DAYS_OF_A_WORKING_DAY / 2)


def after(
    *,
    is_on: bool,
    own_hours: int | None,
    chases: int,
    median_hours: float | None,
    promise_wd: int | None,
) -> timedelta | None:
    """So long after receipt the citizen is told: as an administrator set it, else by the median of
    enough chases, else by the promise. None: they are not told.
    """
    if not is_on:
        return None
    if own_hours is not None:
        return timedelta(hours=own_hours)
    if median_hours is not None and chases >= FEWEST:
        return by_median(median_hours)
    return by_promise(promise_wd)
