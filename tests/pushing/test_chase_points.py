"""When people begin to ask: counted from a made ledger, and what follows from it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection

from accounts.permissions import Viewer
from core.models import AuditEvent
from enquiries import chase_points
from enquiries.actions import chasing
from enquiries.channels import Channel, ItemKind
from enquiries.models import ChasePoint, Contact, ContactItem, Enquiry
from enquiries.queries import chasing as reading
from kb.models import Service
from tests.world import NOW, World, ask, build, enquiry_of

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


def chased(enquiry: Enquiry, *hours: float, kind: ItemKind = ItemKind.CHASE) -> None:
    """They asked so many hours after it came in."""
    for after in hours:
        at = enquiry.received_at + timedelta(hours=after)
        contact = Contact.objects.create(
            channel=Channel.PHONE.value, started_at=at, ended_at=at, recorded_at=at
        )
        ContactItem.objects.create(contact=contact, enquiry=enquiry, kind=kind.value, at=at)


def asked(number: int, *, service: str = "missed-bin", days: int = 30) -> list[Enquiry]:
    """So many enquiries of as many days ago."""
    first = enquiry_of(ask(service=service, at=NOW - timedelta(days=days), triaged=False))
    rows = [first]
    for _ in range(number - 1):
        copy = Enquiry.objects.get(pk=first.pk)
        copy.pk, copy.reference = None, f"X{len(rows)}-{service}"[:16]
        copy.save(force_insert=True)
        rows.append(copy)
    return rows


def point(slug: str = "missed-bin") -> ChasePoint:
    return ChasePoint.objects.get(service__slug=slug)


def test_the_median_is_that_of_the_first_chase_of_each(world: World) -> None:
    for number, enquiry in enumerate(asked(21)):
        chased(enquiry, 10 + number, 200 + number)
    chasing.count(now=NOW)
    row = point()
    assert row.chases == 21
    assert row.median_hours == pytest.approx(20)
    assert row.after == timedelta(hours=18)
    assert row.computed_at == NOW


def test_fewer_than_twenty_leave_it_to_the_promise(world: World) -> None:
    Service.objects.filter(slug="missed-bin").update(promise_wd=10)
    for enquiry in asked(19):
        chased(enquiry, 10)
    chasing.count(now=NOW)
    assert (point().chases, point().after) == (19, timedelta(days=7))


def test_what_is_old_or_no_chase_or_not_the_first_does_not_count(world: World) -> None:
    old, other, earlier = asked(3, days=30)
    Enquiry.objects.filter(pk=old.pk).update(received_at=NOW - timedelta(days=400))
    old.refresh_from_db()
    chased(old, 10)
    chased(other, 10, kind=ItemKind.REPEAT)
    # Its first chase was before the time that is looked at.
    Enquiry.objects.filter(pk=earlier.pk).update(received_at=NOW - timedelta(days=190))
    earlier.refresh_from_db()
    chased(earlier, 24, 24 * 100)
    chasing.count(now=NOW)
    assert point().chases == 0


def test_a_count_is_thrown_away_when_there_are_no_chases_any_more(world: World) -> None:
    for enquiry in asked(20):
        chased(enquiry, 50)
    chasing.count(now=NOW)
    assert point().median_hours == pytest.approx(50)
    chasing.count(now=NOW + timedelta(days=365))
    assert (point().chases, point().median_hours) == (0, None)


@pytest.mark.parametrize(
    ("hours", "told_after"),
    [(1, 0), (10, 8), (20, 18), (100, 90), (480, 456), (2000, 1976)],
)
def test_they_are_told_a_tenth_sooner_but_no_more_than_a_day(hours: int, told_after: int) -> None:
    assert chase_points.by_median(hours) == timedelta(hours=told_after)


@pytest.mark.parametrize(
    ("promise", "days"), [(None, None), (1, None), (3, None), (4, 2.8), (10, 7), (20, 14)]
)
def test_without_a_median_it_is_half_of_the_promise(
    promise: int | None, days: float | None
) -> None:
    found = chase_points.by_promise(promise)
    assert found == (None if days is None else timedelta(days=days))


def test_what_an_administrator_sets_outweighs_what_was_counted(world: World) -> None:
    admin = world.viewer(world.administrator)
    for enquiry in asked(20):
        chased(enquiry, 50)
    chasing.count(now=NOW)
    chasing.set_point(viewer=admin, service="missed-bin", is_on=True, own_hours=30, now=NOW)
    assert point().after == timedelta(hours=30)
    chasing.count(now=NOW + timedelta(days=1))
    assert point().after == timedelta(hours=30)
    chasing.set_point(viewer=admin, service="missed-bin", is_on=False, own_hours=30, now=NOW)
    assert point().after is None
    chasing.set_point(viewer=admin, service="missed-bin", is_on=True, own_hours=None, now=NOW)
    assert point().after == timedelta(hours=45)
    assert AuditEvent.objects.filter(action="chase_point.set").count() == 3
    assert point().changed_by == "Adam Admin"


def test_who_may_not_set_it_finds_nothing_and_hours_have_bounds(
    world: World, agent: Viewer, officer: Viewer
) -> None:
    for viewer in (agent, officer, world.viewer(world.manager)):
        with pytest.raises(chasing.NoSuchService):
            chasing.set_point(
                viewer=viewer, service="missed-bin", is_on=False, own_hours=None, now=NOW
            )
    admin = world.viewer(world.administrator)
    for hours in (0, -1, 10_000):
        with pytest.raises(chasing.NotATime):
            chasing.set_point(
                viewer=admin, service="missed-bin", is_on=True, own_hours=hours, now=NOW
            )
    assert reading.points(agent) == []
    assert reading.points(officer) == []
    named = {one.slug: one.why for one in reading.points(world.viewer(world.manager))}
    assert named["missed-bin"] == "uncounted"
    chasing.count(now=NOW)
    named = {one.slug: one.why for one in reading.points(world.viewer(world.manager))}
    assert (named["missed-bin"], named["pothole"]) == ("none", "promise")


@pytest.mark.django_db(transaction=True)
def test_a_count_that_is_killed_half_way_has_changed_nothing(
    transactional_db: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    build()
    chasing.count(now=NOW)

    def killed(*_args: object, **_more: object) -> None:
        raise KeyboardInterrupt

    for enquiry in asked(20):
        chased(enquiry, 50)
    with monkeypatch.context() as patch:
        patch.setattr(chasing, "_settle", killed)
        with pytest.raises(KeyboardInterrupt):
            chasing.count(now=NOW + HOUR)
    assert (point().chases, point().computed_at) == (0, NOW)
    chasing.count(now=NOW + HOUR)
    assert point().chases == 20


def test_counting_reads_chases_by_an_index(world: World) -> None:
    """Of many contacts few are chases; with a handful of rows any way is as good as another."""
    enquiry = asked(1)[0]
    contact = Contact.objects.create(
        channel=Channel.PHONE.value, started_at=NOW, ended_at=NOW, recorded_at=NOW
    )
    kinds = [ItemKind.NEW_INFORMATION] * 2_000 + [ItemKind.CHASE] * 20
    ContactItem.objects.bulk_create(
        ContactItem(contact=contact, enquiry=enquiry, kind=kind.value, at=NOW) for kind in kinds
    )
    since = datetime(2026, 6, 1, tzinfo=UTC)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE enquiries_contactitem")
        cursor.execute("EXPLAIN " + chasing._MEDIANS, {"since": since, "now": NOW})
        plan = "\n".join(row[0] for row in cursor.fetchall())
    assert "item_chases" in plan
