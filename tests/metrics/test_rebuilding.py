"""What is told of one place: by whom first, by others then; whichever way it is folded."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from random import Random

import pytest
from django.db import connection

from core.errors import DomainError
from enquiries import intake
from enquiries.actions import resolutions
from enquiries.channels import Channel
from enquiries.inbound import InboundContact, Need, Place, Sender
from enquiries.lifecycle import Outcome
from enquiries.models import Enquiry
from metrics import projection, rebuilding, recount
from metrics.models import EnquiryFact
from metrics.same_place import Report
from tests.metrics.test_projection import (
    PEOPLE,
    Clock,
    clock,  # noqa: F401  a fixture
    from_nothing,
    rows,
)
from tests.world import NOW, World, ask

pytestmark = pytest.mark.django_db(transaction=True)

# About 30 metres of latitude.
STEP = 0.00027
EVESHAM = (52.0921, -1.9465)


def report(
    steps: float,
    sender: Sender,
    clock: Clock,  # noqa: F811
    service: str = "pothole",
) -> Enquiry:
    received = intake.receive(
        InboundContact(
            channel=Channel.PHONE,
            external_id=f"{service}-{clock.now.isoformat()}",
            received_at=clock.now,
            needs=(
                Need(
                    description="A hole in the road",
                    service=service,
                    place=Place(latitude=EVESHAM[0] + steps * STEP, longitude=EVESHAM[1]),
                ),
            ),
            sender=sender,
        ),
        now=clock.now,
    )
    return Enquiry.objects.get(pk=received.enquiries[0].enquiry_id)


@pytest.mark.parametrize("seed", range(3))
def test_reports_of_one_place_are_the_same_step_by_step_and_all_at_once(
    world: World,
    clock: Clock,  # noqa: F811
    seed: int,
) -> None:
    random = Random(seed)
    report(0, PEOPLE[0], clock)
    for _ in range(40):
        clock.on(hours=random.choice([2, 30, 24 * 6, 24 * 15]))
        if random.random() < 0.75:
            report(random.choice([0, 0, 1, 1.5, 3, 20]), random.choice(PEOPLE), clock)
        else:
            with suppress(DomainError):
                resolutions.resolve(
                    reference=random.choice(list(Enquiry.objects.order_by("pk"))).reference,
                    viewer=world.viewer(world.agent),
                    outcome=random.choice([Outcome.COMPLETED, Outcome.SPAM]),
                    words="So it is.",
                    now=clock.now,
                )
        if random.random() < 0.5:
            projection.refresh(now=clock.now)
    projection.refresh(now=clock.on(days=20))
    step_by_step = rows()

    from_nothing(clock, processes=1 + (seed == 0))
    assert rows() == step_by_step
    from_nothing(clock, batch=7)
    assert rows() == step_by_step
    from_nothing(clock, batch=500)

    assert rows() == step_by_step
    rebuilding.rebuild(now=clock.now)
    assert rows() == step_by_step
    at_once = {one.enquiry: one.verdict for one in recount.as_of(clock.now)}
    facts = {str(one.pk): (one.verdict, one.reason or None) for one in EnquiryFact.objects.all()}
    assert facts == {key: (one.kind.value, one.reason) for key, one in at_once.items()}
    assert "duplicate" in {reason for _, reason in facts.values()}


def test_a_rebuild_that_is_cut_off_among_places_goes_on_after_the_last_service(
    world: World,
    clock: Clock,  # noqa: F811
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for service in ("pothole", "missed-bin", "pothole", "missed-bin"):
        report(0, Sender(), clock, service)
        clock.on(hours=1)
    read, asked, folded = rebuilding._reports, list[str](), list[int]()

    def reports(service: str) -> Iterator[Report]:
        asked.append(service)
        if len(asked) == 2:
            raise TimeoutError("somebody switched it off")
        return read(service)

    monkeypatch.setattr(rebuilding, "_reports", reports)
    with pytest.raises(TimeoutError):
        rebuilding.rebuild(now=clock.now, told=folded.append)
    assert sum(folded) == 4
    rebuilding.rebuild(now=clock.now, told=folded.append)

    assert sum(folded) == 4
    assert asked[2] == asked[1] > asked[0]
    facts = EnquiryFact.objects.filter(reason="duplicate").values_list("service", flat=True)
    assert sorted(facts) == ["missed-bin", "pothole"]


def test_no_search_for_ties_reads_what_waits_to_be_indexed(world: World) -> None:
    ask()
    projection.refresh(now=NOW)
    with connection.cursor() as sql:
        sql.execute("SELECT reloptions FROM pg_class WHERE relname = 'fact_ties'")
        assert sql.fetchone() == (["fastupdate=off"],)
        sql.execute("SELECT gin_clean_pending_list('fact_ties')")
        assert sql.fetchone() == (0,)
