"""Two made-up years have floods, spring gardens and a web that grows; always the same."""

from __future__ import annotations

import random
from collections import Counter
from datetime import date

from enquiries.channels import Channel
from enquiries.clocks import LONDON, london_date
from hub.demo.seasons import DAYS, STAFFED, Seasons

SERVICES = ["blocked-drain", "garden-waste", "missed-bin", "noise", "pothole"]
LAST = date(2026, 11, 23)


def test_two_years_have_seasons_hours_and_doors() -> None:
    seasons = Seasons(SERVICES, LAST)
    chance = random.Random(1)
    drawn = [seasons.draw(chance) for _ in range(20_000)]
    again = random.Random(1)
    assert [seasons.draw(again) for _ in range(50)] == drawn[:50]
    days = [london_date(one.at) for one in drawn]
    assert {(LAST - day).days for day in days} <= set(range(1, DAYS + 1))
    drains = Counter(one.at.month for one in drawn if one.service == "blocked-drain")
    assert drains.most_common(1)[0][0] == 2
    gardens = Counter(one.at.month for one in drawn if one.service == "garden-waste")
    assert {month for month, _ in gardens.most_common(3)} == {3, 4, 5}
    by_weekday = Counter(day.weekday() for day in days)
    assert by_weekday[0] > by_weekday[3] > 2 * by_weekday[5]
    at_desks = [one.at.astimezone(LONDON) for one in drawn if one.channel in STAFFED]
    assert all(8 <= at.hour < 18 and at.weekday() < 6 for at in at_desks)
    early, late = (
        Counter(one.channel for one in drawn if (one.progress < 0.5) is half)
        for half in (True, False)
    )
    assert late[Channel.WEB] / late.total() > early[Channel.WEB] / early.total() + 0.05
    assert late[Channel.PHONE] / late.total() < early[Channel.PHONE] / early.total() - 0.05
