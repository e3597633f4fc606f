"""The list of devices and the page of one, as managers and administrators read them."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import Session, Site
from tests.desk.steps import text
from tests.kiosk_fleet.conftest import NOW, device

pytestmark = pytest.mark.django_db
FLEET = "/desk/settings/kiosks/"


def test_the_worst_come_first_each_with_its_reason(world, client_for, now):
    device("Well")
    device("Gone", heard=200)
    device(
        "Full",
        pulse={"problems": ["storage_full"], "queued": 4, "oldest_at": NOW - timedelta(hours=2)},
    )
    device("Shut", opening={"sun": [["10:00", "12:00"]]}, heard=9000)
    device("New", heard=None, enrolled_at=None, thumbprint="", code_expires_at=NOW)
    device("Stopped", locked_at=NOW)
    device("Thrown away", revoked_at=NOW)
    client = client_for(world.manager)
    page = text(client.get(FLEET))
    places = [
        page.index(f">{name}<") for name in ("Gone", "Full", "Stopped", "New", "Well", "Shut")
    ]
    assert places == sorted(places)
    assert "nothing heard for three turns or more" in page
    assert "keeps enquiries for more than an hour; its storage is full" in page
    assert "Thrown away" not in page
    assert "Set up a kiosk" not in page  # a manager looks
    only = text(client.get(FLEET, {"state": "off"}))
    assert ">Thrown away<" in only
    assert ">Gone<" not in only


def test_a_county_of_devices_is_a_few_statements(world, client_for, now):
    site = Site.objects.get(slug="evesham-kiosk")
    for _ in range(40):
        device()
    client = client_for(world.administrator)
    client.get(FLEET)
    with CaptureQueriesContext(
        connection,
    ) as few:
        client.get(FLEET)
    for _ in range(40):
        device(site=site.slug)
    with CaptureQueriesContext(connection) as many:
        assert client.get(FLEET).status_code == 200
    assert len(many) == len(few) <= 12, [one["sql"][:120] for one in many]


def test_a_page_that_looks_again_by_itself_is_nobody_at_the_desk(world, client_for):
    client = client_for(world.administrator)
    earlier = timezone.now() - timedelta(minutes=9)
    Session.objects.update(seen_at=earlier)
    client.get(FLEET, headers={"X-Hub-Looks-Again": "1"})
    assert Session.objects.get().seen_at == earlier
    client.get(FLEET)
    assert Session.objects.get().seen_at != earlier
