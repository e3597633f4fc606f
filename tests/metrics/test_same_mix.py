"""The one-stop rate of weeks beside what it would be with one mix: page, file, chart and pack."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable
from datetime import date, timedelta
from itertools import pairwise
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from playwright.sync_api import Page

from accounts.models import User
from accounts.permissions import SYSTEM_VIEWER
from desk import packs
from desk.performance_rows import Names
from hub import charting
from metrics.pack_periods import WEEKLY, of
from tests.accessibility import axe
from tests.desk.test_browser import sign_in
from tests.metrics.test_performance_page import facts
from tests.world import NOW, World

pytestmark = pytest.mark.django_db(transaction=True)
PAGE = "/desk/performance/"
SignIn = Callable[[User], Client]
MONDAY = date(2026, 11, 2)
WEEKS = "from=2026-11-02&to=2026-11-15"
POINTS = [{"label": str(n), "value": 0.5, "other": other} for n, other in enumerate((0.8, 0.6))]


@pytest.fixture
def weeks(world: World) -> None:
    """Half web, half telephone before; then more by telephone, where it goes wrong more often."""
    before, first, second = (NOW.replace(month=m, day=d) for m, d in ((6, 1), (11, 3), (11, 10)))
    for at, phone, web in ((before, "ssff", "ssss"), (first, "sf", "ss"), (second, "sffsff", "ss")):
        for channel, verdicts in (("phone", phone), ("web", web)):
            facts(world, verdicts, channel=channel, started_at=at, opened_at=at)


def column(page: str, name: str) -> list[str]:
    """The cells under a head of the table of weeks."""
    table = page[page.index("One stop by week, in figures") :]
    table = table[: table.index("</table>")]
    heads = re.findall(r"<th[^>]*>(.*?)</th>", table[: table.index("</thead>")], re.DOTALL)
    at = [re.sub(r"<[^>]+>|\\s+", " ", one).strip() for one in heads].index(name)
    rows = re.findall(r"<tr[^>]*>(.*?)</tr>", table[table.index("<tbody") :], re.DOTALL)
    cells = [re.findall(r"<t[dh][^>]*>(.*?)</t[dh]>", row, re.DOTALL) for row in rows]
    return [re.sub(r"<[^>]+>", "", row[at]).strip() for row in cells]


def test_each_week_says_what_it_would_be_with_one_mix(
    world: World, weeks: None, client_for: SignIn
) -> None:
    client = client_for(world.manager)
    page = client.get(f"{PAGE}?{WEEKS}").content.decode()

    # The second week is worse because more rang: with the mix of before it is no worse by half.
    file = b"".join(client.get(f"{PAGE}figures.csv?{WEEKS}&by=week")).decode("utf-8-sig")
    exact = [
        float(row["value"])
        for row in csv.DictReader(io.StringIO(file))
        if (row["figure"], row["measure"]) == ("mix_adjusted", "value")
    ]
    assert exact == pytest.approx([0.75, 2 / 3], abs=0.001)
    assert column(page, "Same mix") == ["75%", "67%"]
    assert column(page, "One stop") == ["75%", "50%"]
    assert page.count('class="hub-chart__other"') == 1
    assert page.count('class="hub-chart__square"') == 2
    assert "Same mix 67%" in page
    # Without a year before there is nothing to compare with.
    none = client.get(f"{PAGE}?from=2026-06-01&to=2026-11-15").content.decode()
    assert "Same mix" not in none


def test_an_open_week_has_no_point_of_it(world: World, weeks: None, client_for: SignIn) -> None:
    at = NOW.replace(month=11, day=10, hour=15)
    facts(world, "p", started_at=at, opened_at=at)
    page = client_for(world.manager).get(f"{PAGE}?{WEEKS}").content.decode()
    assert page.count('class="hub-chart__square"') == 1
    assert column(page, "Same mix") == ["75%", "67%"]


def test_names_of_two_lines_do_not_lie_on_each_other() -> None:
    plot = charting.line({"unit": "%", "points": POINTS, "target": 0.6, "other_label": "Same mix"})
    assert plot.last_y is not None
    assert plot.target_y is not None
    assert plot.other_y is not None
    apart = sorted([plot.last_y, plot.target_y, plot.other_y])
    assert all(b - a >= 17.9 for a, b in pairwise(apart))
    assert len(plot.other_runs) == 1
    assert charting.line({"unit": "%", "points": [{"label": "", "value": 1}]}).other_y is None


def test_the_pack_draws_and_tells_it(world: World, weeks: None) -> None:
    period = of(WEEKLY, MONDAY + timedelta(weeks=1))
    names = Names({}, {})
    told = packs.pack(SYSTEM_VIEWER, period, whose="all", names=names, now=timezone.now()).told
    blocks: list[dict[str, Any]] = list(told["blocks"])
    mixed = next(one for one in blocks if "Same mix" in one.get("head", ()))
    assert [row[-1] for row in mixed["rows"][-2:]] == ["75.0%", "66.7%"]
    assert 'stroke-dasharray="9 4"' in next(one["svg"] for one in blocks if one["kind"] == "chart")
    # Beside the rate, how sure the links are.
    sure = next(one for one in blocks if "What it rests on" in one.get("head", ()))
    assert sure["rows"][0][0] == "Links that are right"


def test_axe_finds_nothing(world: World, weeks: None, live_server: Any, page: Page) -> None:
    sign_in(page, live_server.url, "manager@hub.demo")
    page.goto(f"{live_server.url}{PAGE}?{WEEKS}")
    page.locator(".hub-chart__other").wait_for(state="attached")
    assert axe.walk(page) == []
