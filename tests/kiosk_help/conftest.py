"""A device at a library that has staff round the clock, and somebody who stands there."""

from __future__ import annotations

import pytest
from django.test import Client

from accounts.hours import DAYS
from accounts.models import Site
from kiosks.models import Kiosk
from tests import kiosk_device
from tests.kiosk.conftest import Visitor
from tests.world import World

SITE = "evesham-kiosk"


@pytest.fixture
def site(world: World) -> Site:
    found = Site.objects.get(slug=SITE)
    found.opening = {day: [["00:00", "24:00"]] for day in DAYS}
    found.save()
    return found


@pytest.fixture
def visitor(site: Site) -> Visitor:
    return Visitor(kiosk_device.enrolled(SITE).client)


@pytest.fixture
def kiosk(visitor: Visitor) -> Kiosk:
    return Kiosk.objects.get()


@pytest.fixture
def desk(world: World, client_for: type) -> Client:
    """An agent of the hub, signed in."""
    client: Client = client_for(world.agent)
    return client
