"""What each enquiry costs: the statements of intake and triage. None is added unseen."""

from __future__ import annotations

from datetime import datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts import areas
from accounts.gazetteer import gazetteer
from accounts.models import Area
from enquiries import intake
from enquiries.actions import triage
from enquiries.channels import Channel
from enquiries.inbound import InboundContact, Need, Place, Sender
from tests.world import NOW, World, build


@pytest.fixture
def news(monkeypatch: pytest.MonkeyPatch) -> datetime:
    """Now is today, so that people are told."""
    monkeypatch.setattr("django.utils.timezone.now", lambda: NOW)
    return NOW


def inbound(key: str, service: str | None = "missed-bin") -> InboundContact:
    return InboundContact(
        channel=Channel.WEB,
        external_id=key,
        received_at=NOW,
        needs=(Need("The bin is full", service=service, place=Place("WR11 3DA")),),
        sender=Sender(name="Jo Bloggs", email="jo@example.com"),
    )


@pytest.mark.django_db(transaction=True)
def test_intake_and_triage_ask_the_database_no_more_than_they_must(news: datetime) -> None:
    build()
    intake.receive(inbound("none"), now=NOW)  # this process has read the rules
    # BEGIN and COMMIT are counted.
    with CaptureQueriesContext(
        connection,
    ) as first:
        received = intake.receive(inbound("one"), now=NOW)
    with CaptureQueriesContext(connection) as known:
        intake.receive(inbound("two"), now=NOW)
    with CaptureQueriesContext(connection) as replayed:
        intake.receive(inbound("two"), now=NOW)
    with CaptureQueriesContext(connection) as without_service:
        intake.receive(inbound("three", service=None), now=NOW)
    with CaptureQueriesContext(connection) as triaged:
        triage.triage(enquiry_id=received.enquiries[0].enquiry_id, now=NOW)

    counted = [len(one) for one in (first, known, replayed, without_service, triaged)]
    assert all(n <= most for n, most in zip(counted, [21, 21, 5, 14, 19], strict=True)), counted
    said = [query["sql"] for one in (first, triaged) for query in one]
    assert not [sql for sql in said if "SAVEPOINT" in sql]


@pytest.mark.django_db
def test_what_contains_a_place_is_what_the_gazetteer_says(world: World) -> None:
    Area.objects.create(code="T1", name="Evesham", kind="town", parent_code="E07000238")
    Area.objects.filter(code="E05007940").update(parent_code="T1")
    book = gazetteer()

    for district, ward in [
        ("E07000238", "E05007940"), ("E07000238", ""), ("E07000238", "E99999999"),
        ("E07000237", "E05007940"), ("E99999998", "E99999999"), ("", "E05007940"), ("", ""),
    ]:  # fmt: skip
        found = areas.containing(district_code=district, ward_code=ward)
        assert found.codes == book.containing(district, ward)
        assert found.district_name == book.names.get(district, "")


@pytest.mark.django_db
def test_areas_that_lie_in_each_other_by_mistake_end_the_walk(world: World) -> None:
    Area.objects.filter(code="E10000034").update(parent_code="E05007940")

    found = areas.containing(district_code="E07000238", ward_code="E05007940")

    assert found.codes == ("E05007940", "E07000238", "E10000034")
