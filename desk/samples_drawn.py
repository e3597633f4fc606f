"""Draws the sample of links of each month: once, however often it is tried."""

from __future__ import annotations

from datetime import datetime

from accounts.permissions import SYSTEM_VIEWER
from desk import quality
from metrics import pack_periods, queries_packs
from teamwork import actions_quality, queries_quality
from teamwork.actions_quality import NotNow

# So many pairs two people mark in an hour each; half were linked, as far as there are so many.
SIZE = 60


def draw_due(*, now: datetime) -> int | None:
    """The number of the newest month's sample, drawn where it was not yet.

    None before the ledger is read to the end of the month's last day, and where nothing in it was
    linked or looks alike.
    """
    period = pack_periods.month(now)
    if not queries_packs.is_read(period.until):
        return None
    key = f"month:{period.since}"
    number = queries_quality.number_of(key)
    if number is not None:
        return number
    found = quality.population(period.since, period.until, seed=key)
    try:
        return actions_quality.draw(
            SYSTEM_VIEWER,
            found,
            since=period.since,
            until=period.until,
            size=SIZE,
            key=key,
            now=now,
        )
    except NotNow:
        return None
