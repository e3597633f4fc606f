"""When people come, what about and by which door: two made-up years with seasons. Pure.

Shares are of the order that councils report; they prove nothing about anybody.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from itertools import accumulate

from enquiries.bank_holidays import is_bank_holiday
from enquiries.channels import Channel
from enquiries.clocks import LONDON

DAYS = 730
# Services that people bring most; any other counts one.
OFTEN = {
    "missed-bin": 14,
    "council-tax-account": 10,
    "fly-tipping": 7,
    "pothole": 8,
    "street-light": 4,
    "bulky-waste": 6,
    "garden-waste": 4,
    "recycling-centre": 5,
    "housing-register": 4,
    "new-bin": 5,
    "pay-council-tax": 6,
    "council-tax-discount": 4,
    "noise": 3,
    "bus-pass": 3,
    "blue-badge": 3,
}


def _in_months(*months: int) -> Callable[[date], bool]:
    return lambda day: day.month in months


def _flood(day: date) -> bool:
    return day.month == 2 and 9 <= day.day <= 18


def _after_christmas(day: date) -> bool:
    return (day.month == 12 and day.day >= 27) or (day.month == 1 and day.day <= 10)


# How many times as many people come about a service while something holds.
SEASONS: Mapping[str, tuple[Callable[[date], bool], float]] = {
    "blocked-drain": (_flood, 16),
    "road-obstruction": (_flood, 12),
    "missed-bin": (_after_christmas, 3.5),
    "recycling-centre": (_after_christmas, 3),
    "garden-waste": (_in_months(3, 4, 5), 4),
    "bulky-waste": (_in_months(4, 5, 8), 1.6),
    "council-tax-account": (_in_months(3, 4), 2.4),
    "pay-council-tax": (_in_months(3, 4), 1.8),
    "gritting": (_in_months(12, 1, 2), 7),
    "pothole": (_in_months(1, 2, 3, 4), 1.9),
    "street-light": (_in_months(10, 11, 12, 1), 1.8),
    "grass-cutting": (_in_months(5, 6, 7, 8), 5),
    "pest-control": (_in_months(6, 7, 8), 4),
    "noise": (_in_months(6, 7, 8), 1.9),
    "secondary-school-place": (_in_months(9, 10), 6),
    "primary-school-place": (_in_months(12, 1, 4), 5),
    "register-to-vote": (_in_months(4), 6),
    "school-transport": (_in_months(8, 9), 4),
}
# Monday to Sunday.
_WEEK = (1.28, 1.1, 1.0, 0.97, 0.95, 0.3, 0.2)
_STAFFED_HOURS = {8: 6, 9: 12, 10: 13, 11: 11, 12: 8, 13: 8, 14: 11, 15: 10, 16: 8, 17: 5}
_OTHER_HOURS = {
    0: 1, 6: 1, 7: 3, 8: 5, 9: 6, 10: 6, 11: 6, 12: 7, 13: 6, 14: 5, 15: 5, 16: 6, 17: 7,
    18: 8, 19: 10, 20: 11, 21: 9, 22: 5, 23: 2,
}  # fmt: skip
STAFFED = frozenset({Channel.PHONE, Channel.COUNTER})
# The share of each door on the first and on the last day of the two years.
_DOORS: Mapping[Channel, tuple[float, float]] = {
    Channel.PHONE: (54, 37),
    Channel.WEB: (20, 40),
    Channel.COUNTER: (12, 8),
    Channel.EMAIL: (8, 6),
    Channel.SMS: (4, 5),
    Channel.KIOSK: (2, 4),
}


@dataclass(frozen=True, slots=True)
class Asked:
    """One need as it comes: which day and minute, by which door, what about.

    In UTC, as all that follows: what is added to a London time may not exist, or come twice.
    """

    at: datetime
    channel: Channel
    service: str
    # 0 on the first day of the two years, 1 on the last.
    progress: float


class Seasons:
    """Every day of the two years before a day, with how much of what comes on it."""

    def __init__(self, services: Sequence[str], last: date) -> None:
        self._services = list(services)
        self._days = [last - timedelta(days=DAYS - number) for number in range(DAYS)]
        # Of each day, the shares of the services added up one after the other.
        self._added = [
            list(accumulate(OFTEN.get(slug, 1) * _season(slug, day) for slug in self._services))
            for day in self._days
        ]
        self._weight = list(
            accumulate(
                added[-1] * _of_weekday(day)
                for day, added in zip(self._days, self._added, strict=True)
            )
        )

    def draw(self, chance: random.Random) -> Asked:
        """Somebody who comes."""
        number = chance.choices(range(DAYS), cum_weights=self._weight)[0]
        day, progress = self._days[number], number / (DAYS - 1)
        service = chance.choices(self._services, cum_weights=self._added[number])[0]
        channel = _door(day, progress, chance)
        return Asked(_moment(day, channel, chance), channel, service, progress)


def _season(slug: str, day: date) -> float:
    holds, times = SEASONS.get(slug, (None, 1.0))
    return times if holds is not None and holds(day) else 1.0


def _of_weekday(day: date) -> float:
    return 0.15 if is_bank_holiday(day) else _WEEK[day.weekday()]


def _door(day: date, progress: float, chance: random.Random) -> Channel:
    """By which door; on Sundays and bank holidays nobody is there to ring or to visit."""
    shares = [first + (last - first) * progress for first, last in _DOORS.values()]
    channel = chance.choices(list(_DOORS), shares)[0]
    if channel in STAFFED and (day.weekday() == 6 or is_bank_holiday(day)):
        return Channel.WEB
    return channel


def _moment(day: date, channel: Channel, chance: random.Random) -> datetime:
    hours = _STAFFED_HOURS if channel in STAFFED else _OTHER_HOURS
    hour = chance.choices(list(hours), list(hours.values()))[0]
    if channel in STAFFED and day.weekday() == 5:
        hour = 9 + hour % 4
    clock = time(hour, chance.randrange(60), chance.randrange(60))
    return datetime.combine(day, clock, LONDON).astimezone(UTC)
