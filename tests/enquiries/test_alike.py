"""What may be the same thing told twice is suggested, and costs the same however much there is."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.permissions import Viewer
from enquiries.models import Enquiry
from enquiries.queries import alike, desk
from tests.enquiries.reports import LATER, NOBODY, SAM, merge, report
from tests.world import World

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def today(monkeypatch: pytest.MonkeyPatch) -> None:
    """The wall clock stands at the tests' own day, so that nothing here is old news."""
    monkeypatch.setattr("django.utils.timezone.now", lambda: LATER)


def test_what_may_be_the_same_is_found_the_same_persons_first(world: World, agent: Viewer) -> None:
    first = report()
    others = report(SAM, minutes=1)
    nobodys = report(NOBODY, minutes=2)
    second = report(minutes=3)
    report(minutes=4, service="pothole")
    report(minutes=5, postcode="WR1 3EZ")

    found = alike.alike(agent, second)
    assert [(row.reference, row.whose, row.came_first) for row in found] == [
        (first.reference, "same", True),
        (nobodys.reference, "unknown", True),
        (others.reference, "other", True),
    ]
    assert found[0].where == "The same postcode"


def test_places_up_to_fifty_metres_apart_are_one(world: World, agent: Viewer) -> None:
    first, near, far = report(), report(SAM, minutes=1), report(SAM, minutes=2)
    for row, east, north in ((near, 30, 40), (far, 31, 40)):
        row.postcode, row.easting, row.northing = "WR11 9ZZ", 403500 + east, 243900 + north
        row.save()
    found = alike.alike(agent, first)
    assert [(row.reference, row.where) for row in found] == [(near.reference, "50 metres away")]
    Enquiry.objects.filter(pk=first.pk).update(uprn="100")
    Enquiry.objects.filter(pk=near.pk).update(uprn="200")
    first.refresh_from_db()
    assert alike.alike(agent, first) == ()


def test_what_came_after_the_window_is_not_suggested(world: World, agent: Viewer) -> None:
    first = report()
    inside, outside = report(minutes=14 * 24 * 60 - 1), report(minutes=14 * 24 * 60 + 1)
    assert [row.reference for row in alike.alike(agent, first)] == [inside.reference]
    assert first.reference not in [row.reference for row in alike.alike(agent, outside)]


def test_suggesting_and_showing_cost_the_same_however_many_there_are(
    world: World, agent: Viewer
) -> None:
    first, second = report(), report(minutes=1)

    def counted() -> int:
        with CaptureQueriesContext(connection) as seen:
            case = desk.case(agent, first.reference, now=LATER)
            assert case.alike
            assert case.ties
        return len(seen)

    merge(second, first, agent)
    report(SAM, minutes=2)
    few = counted()
    for minutes in range(3, 12):
        extra = report(minutes=minutes)
        if minutes % 2:
            merge(extra, first, agent)
    assert counted() == few
