"""What stands beside a crowd: the calls of each day, also those in vain, and what contacts cost."""

from __future__ import annotations

import random
from datetime import date, datetime
from decimal import Decimal

import inbox.actions_demonstration
import metrics.actions_costs
import metrics.queries_beside
from enquiries import bulk
from enquiries.channels import Channel
from enquiries.clocks import london_date
from hub.demo.needs import YEARS
from hub.demo.telling import Cast
from inbox.actions_demonstration import Rang

# Made up, of the order that councils publish.
POUNDS = {
    Channel.PHONE: "3.22",
    Channel.COUNTER: "8.60",
    Channel.EMAIL: "4.10",
    Channel.SMS: "0.70",
    Channel.WEB: "0.26",
    Channel.KIOSK: "1.15",
}
_MONDAY = 0


def show(cast: Cast, *, now: datetime) -> int:
    """Writes what is not there yet, once; gives how many days of calls were new."""
    if not metrics.queries_beside.costs(cast.manager):
        for channel, pounds in POUNDS.items():
            metrics.actions_costs.enter(
                organisation="hub",
                channel=channel.value,
                pounds=Decimal(pounds),
                since=london_date(now - YEARS),
                viewer=cast.manager,
                now=now,
            )
    today = london_date(now)
    return inbox.actions_demonstration.rang(
        [
            _rang(day, count)
            for day, count in sorted(bulk.by_day(Channel.PHONE).items())
            if day < today
        ]
    )


def _rang(day: date, answered: int) -> Rang:
    """Mondays, and the days of a flood, have more who give up."""
    chance = random.Random(day.toordinal())  # noqa: S311 - the same day each time
    busy = 0.12 if day.weekday() == _MONDAY else 0.06
    given_up = round(answered * chance.uniform(busy / 2, busy * 1.5))
    again = round(answered * chance.uniform(0.0, 0.04))
    prompt = round(answered * chance.uniform(0.5, 0.68 if day.weekday() == _MONDAY else 0.82))
    return Rang(day, answered + given_up + again, answered, prompt, given_up)
