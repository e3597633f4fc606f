"""What contacts cost is told to a partner of those alone that it took; what is only the whole
partnership's is named."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from html import unescape

import pytest
from django.test import Client

from accounts.models import User
from accounts.permissions import SYSTEM_VIEWER
from desk import packs
from desk.performance_rows import Names
from enquiries.channels import Channel
from metrics import value
from metrics.models import UnitCost
from metrics.pack_periods import MONTHLY, of
from metrics.queries import Chosen
from metrics.queries_printed import printed_for
from metrics.value import Cost, Spent
from tests.metrics.test_commands import story as story
from tests.metrics.test_performance_page import partner_manager as partner_manager
from tests.metrics.test_projection import Clock
from tests.metrics.test_projection import clock as clock
from tests.world import NOW, World

pytestmark = pytest.mark.django_db(transaction=True)
FIGURES = "/desk/performance/figures"
SignIn = Callable[[User], Client]


def test_only_what_one_organisation_took_is_left_by_hand() -> None:
    rows = (
        Spent("hub", "phone", 10, Decimal("66.60"), 0),
        Spent("wychavon", "phone", 4, Decimal("9.00"), 2),
        Spent("wychavon", "web", 1, Decimal("0.50"), 0),
    )
    found = value.only(Cost(Decimal("76.10"), 13, 2, rows), "wychavon")
    assert (found.total, found.known, found.unknown) == (Decimal("9.50"), 3, 2)
    assert found.rows == rows[1:]
    assert value.only(found, "malvern").each is None


def test_a_partner_sees_no_cost_of_others(
    world: World, story: Clock, client_for: SignIn, partner_manager: User
) -> None:
    for slug, pounds in (("hub", "6.66"), ("wychavon", "4.50")):
        for channel in Channel:
            UnitCost.objects.create(
                organisation=world.organisations[slug], channel=channel.value, pounds=pounds,
                since="2020-01-01", entered_by="Mo", entered_at=NOW,
            )  # fmt: skip
    whole = printed_for(SYSTEM_VIEWER, Chosen(), now=story.now)["cost_per_contact"]
    assert {row["organisation"] for row in whole["by"]} >= {"hub"}
    mine = printed_for(world.viewer(partner_manager), Chosen(), now=story.now)["cost_per_contact"]
    assert {row["organisation"] for row in mine["by"]} <= {"wychavon"}
    assert mine["numerator"] == sum(row["total"] for row in mine["by"])

    client = client_for(partner_manager)
    page = unescape(client.get(f"{FIGURES}/?from=2026-01-01").content.decode())
    assert "Costs are of the contacts that your own organisation took" in page
    assert "Counted of the whole partnership alone, so not told here: " in page
    for name in ("Kiosks", "Calls", "Messages"):
        assert name.lower() in page[page.index("partnership alone") :].lower()
    file = b"".join(client.get(f"{FIGURES}.csv?from=2026-01-01&by=channel")).decode()
    costs = [line for line in file.splitlines() if line.startswith("cost_per_contact")]
    assert costs
    assert not any("hub" in line.split(",")[1] for line in costs)
    hubs = unescape(client_for(world.manager).get(f"{FIGURES}/").content.decode())
    assert "Counted of the whole partnership alone" not in hubs
    assert "your own organisation took" not in hubs


def test_the_pack_of_a_partner_says_so_too(
    world: World, story: Clock, partner_manager: User
) -> None:
    period, names = of(MONTHLY, NOW.date().replace(day=1)), Names({}, {})
    viewer = world.viewer(partner_manager)
    told = packs.pack(viewer, period, whose="Wychavon", names=names, now=story.now).told
    assert any("whole partnership alone" in one.get("text", "") for one in told["blocks"])
