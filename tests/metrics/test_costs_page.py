"""What a contact costs is entered on a page: each organisation its own, the hub anybody's."""

from __future__ import annotations

import uuid
from collections.abc import Callable

import pytest
from django.test import Client

from accounts.models import User
from core.models import AuditEvent
from metrics.models import UnitCost
from tests.metrics.test_performance_page import PAGE, facts
from tests.metrics.test_performance_page import partner_manager as partner_manager
from tests.world import World

pytestmark = pytest.mark.django_db
COSTS = f"{PAGE}costs/"
SignIn = Callable[[User], Client]


def sent(**more: str) -> dict[str, str]:
    said = {"organisation": "wychavon", "channel": "phone", "pounds": "4.5", "since": "2026-04-01"}
    return said | {"key": str(uuid.uuid4())} | more


def test_a_cost_is_entered_mended_and_written_down(world: World, client_for: SignIn) -> None:
    client = client_for(world.manager)
    assert "No cost is entered" in client.get(COSTS).content.decode()

    for pounds in ("4.5", "3.20"):
        assert client.post(COSTS, sent(pounds=pounds)).status_code == 303
    client.post(COSTS, sent(since="2027-04-01", pounds="12000"))

    [row] = UnitCost.objects.all()
    assert str(row.pounds) == "3.20"
    assert "£3.20" in client.get(COSTS).content.decode()
    assert AuditEvent.objects.filter(action="cost.entered").count() == 2
    facts(world, "s")
    assert COSTS in client.get(PAGE).content.decode()


def test_a_partner_enters_and_reads_its_own_alone(
    world: World, client_for: SignIn, partner_manager: User
) -> None:
    client_for(world.manager).post(COSTS, sent(organisation="hub", pounds="6.66"))
    client = client_for(partner_manager)

    assert client.post(COSTS, sent(organisation="hub", pounds="1")).status_code != 303
    assert client.post(COSTS, sent()).status_code == 303

    page = client.get(COSTS).content.decode()
    assert "£4.50" in page
    assert "£6.66" not in page
    assert sorted(map(str, UnitCost.objects.values_list("pounds", flat=True))) == ["4.50", "6.66"]
