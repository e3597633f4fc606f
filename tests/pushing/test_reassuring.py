"""Before they ask: once, shortly before, and only where it is so."""

from __future__ import annotations

import re
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

import customers.actions
from accounts.permissions import Viewer
from enquiries.actions import new_dates, reassuring, referrals, replies, resolutions
from enquiries.inbound import Sender
from enquiries.lifecycle import Outcome
from enquiries.models import ChasePoint, Clock, Enquiry, EnquiryEvent, Referral
from kb.models import Service
from notifications.models import Notification
from tests.world import World, ask, build, enquiry_of

pytestmark = pytest.mark.django_db
AFTER = timedelta(days=4)


def telling_after(after: timedelta = AFTER, slug: str = "pothole") -> None:
    ChasePoint.objects.update_or_create(
        service=Service.objects.get(slug=slug), defaults={"after": after}
    )


@pytest.fixture
def going(world: World) -> Enquiry:
    """A pothole that came in as long ago as people begin to ask, and is promised for later."""
    telling_after()
    enquiry = enquiry_of(ask(service="pothole", at=timezone.now() - AFTER))
    county = world.organisations["worcestershire-county"]
    assert enquiry.owner_id in (county.pk, world.organisations["hub"].pk)
    Notification.objects.all().delete()
    return enquiry


def told() -> list[Notification]:
    return list(Notification.objects.filter(event="reassured"))


def test_they_are_told_once_and_it_stands_on_the_case(going: Enquiry) -> None:
    now = timezone.now()
    assert reassuring.reassure_due(now=now) == 1
    assert reassuring.reassure_due(now=now + timedelta(minutes=5)) == 0
    (message,) = told()
    assert "Nothing has gone wrong" in message.body
    assert "There is nothing for you to do" in message.body
    assert going.reference in message.body
    assert EnquiryEvent.objects.filter(enquiry=going, type="enquiry.reassured").count() == 1


def test_not_before_its_time_and_not_a_day_later(going: Enquiry) -> None:
    now = timezone.now()
    Enquiry.objects.update(received_at=now - AFTER + timedelta(minutes=1))
    assert reassuring.due(now=now) == []
    Enquiry.objects.update(received_at=now - AFTER - reassuring.STALE)
    assert reassuring.due(now=now) == []
    Enquiry.objects.update(received_at=now - AFTER)
    assert reassuring.due(now=now) == [going.pk]


def test_a_service_that_is_switched_off_tells_nobody(going: Enquiry) -> None:
    ChasePoint.objects.update(after=None)
    assert reassuring.reassure_due(now=timezone.now()) == 0


def ended(enquiry: Enquiry, agent: Viewer) -> None:
    resolutions.resolve(
        reference=enquiry.reference, viewer=agent, outcome=Outcome.ANSWERED, words="Done",
        next_step="", now=timezone.now(),
    )  # fmt: skip


def waits(enquiry: Enquiry, agent: Viewer) -> None:
    replies.ask(reference=enquiry.reference, viewer=agent, question="Where?", now=timezone.now())


def heard_lately(enquiry: Enquiry, agent: Viewer) -> None:
    replies.reply(reference=enquiry.reference, viewer=agent, words="Soon", now=timezone.now())


def nearly_due(enquiry: Enquiry, agent: Viewer) -> None:
    Enquiry.objects.update(due_at=timezone.now() + timedelta(hours=20))


def is_late(enquiry: Enquiry, agent: Viewer) -> None:
    Enquiry.objects.update(
        promised_on=timezone.localdate() - timedelta(days=1), due_at=None, expected_on=None
    )


def disputed(enquiry: Enquiry, agent: Viewer) -> None:
    Enquiry.objects.update(disputed_at=timezone.now())


def missed(enquiry: Enquiry, agent: Viewer) -> None:
    clock = Clock.objects.filter(enquiry=enquiry).first()
    assert clock is not None
    Clock.objects.filter(pk=clock.pk).update(state="missed", missed_at=timezone.now())


def stopped(enquiry: Enquiry, agent: Viewer) -> None:
    from customers.models import ContactPoint

    ContactPoint.objects.update(opted_out_at=timezone.now())


def wants_the_end(enquiry: Enquiry, agent: Viewer) -> None:
    customers.actions.choose_how_much(person_ids=[enquiry.person_id or 0], how_much="end")


def nobody(enquiry: Enquiry, agent: Viewer) -> None:
    Enquiry.objects.update(person=None)


@pytest.mark.parametrize(
    "spoil",
    [
        ended,
        waits,
        heard_lately,
        nearly_due,
        is_late,
        disputed,
        missed,
        stopped,
        wants_the_end,
        nobody,
    ],
)
def test_nothing_is_said_where_there_is_nothing_to_say(
    going: Enquiry, agent: Viewer, spoil: object
) -> None:
    spoil(going, agent)  # type: ignore[operator]  # one of the functions above
    assert reassuring.reassure_due(now=timezone.now()) == 0
    assert told() == []


def test_a_new_date_is_what_is_said(going: Enquiry, agent: Viewer) -> None:
    day = timezone.localdate() + timedelta(days=20)
    long_ago = timezone.now() - timedelta(days=3)
    new_dates.by_hub(
        reference=going.reference, viewer=agent, day=day, words="Parts are missing", now=long_ago
    )
    Notification.objects.update(created_at=long_ago)
    assert reassuring.reassure_due(now=timezone.now()) == 1
    assert f"{day.day} {day:%B}" in told()[0].body


def test_since_when_they_have_it_is_when_they_accepted(world: World, officer: Viewer) -> None:
    telling_after(timedelta(days=3), "missed-bin")
    Service.objects.filter(slug="missed-bin").update(promise_wd=10)
    began = timezone.now() - timedelta(days=3)
    enquiry = enquiry_of(ask(at=began))
    accepted = began + timedelta(hours=20)
    referral = Referral.objects.get(enquiry=enquiry)
    referrals.accept(public_id=referral.public_id, viewer=officer, now=accepted)
    Notification.objects.all().delete()
    Clock.objects.filter(state="missed").delete()
    assert reassuring.reassure_due(now=timezone.now()) == 1
    local = timezone.localtime(accepted)
    assert f"Wychavon District Council has had it since {local:%A} {local.day} {local:%B}" in (
        " ".join(told()[0].body.split())
    )


def test_one_that_fails_holds_up_no_other(going: Enquiry, monkeypatch: pytest.MonkeyPatch) -> None:
    other = enquiry_of(
        ask(
            service="pothole",
            at=timezone.now() - AFTER,
            sender=Sender(name="A B", email="a@b.example"),
        )
    )
    right = reassuring._since

    def breaks(enquiry: Enquiry) -> object:
        if enquiry.pk == going.pk:
            raise RuntimeError("planted")
        return right(enquiry)

    monkeypatch.setattr(reassuring, "_since", breaks)
    assert reassuring.reassure_due(now=timezone.now()) == 1
    assert told()[0].about == other.reference
    # It is tried again by the next run.
    monkeypatch.setattr(reassuring, "_since", right)
    assert reassuring.reassure_due(now=timezone.now()) == 1


@pytest.mark.django_db(transaction=True)
def test_eight_sweeps_at_once_tell_once(transactional_db: None) -> None:
    build()
    telling_after()
    ask(service="pothole", at=timezone.now() - AFTER)
    now = timezone.now()

    def sweep(_: int) -> int:
        try:
            return reassuring.reassure_due(now=now)
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(sweep, range(8))) == 1
    assert len(told()) == 1


def test_the_sweep_walks_an_index(going: Enquiry) -> None:
    """Of a year of potholes those are read whose time has come."""
    now = timezone.now()
    assert going.service_id is not None
    others = list(Service.objects.exclude(pk=going.service_id).values_list("pk", flat=True)[:9])
    services = [going.service_id, *others]
    Enquiry.objects.bulk_create(
        Enquiry(
            reference=f"R{number}", secret="s", description="A hole",
            service_id=services[number % len(services)],
            status=going.status, owner_id=going.owner_id, first_contact_id=going.first_contact_id,
            received_at=now - timedelta(minutes=5 * number), due_at=going.due_at,
        )
        for number in range(20_000)
    )  # fmt: skip
    after = ChasePoint.objects.get(service_id=going.service_id).after
    assert after is not None
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE enquiries_enquiry, enquiries_chasepoint")
        cursor.execute(
            "EXPLAIN (ANALYZE) " + reassuring._DUE,
            {
                "service": going.service_id,
                "limit": 500,
                "until": now - after,
                "since": now - after - reassuring.STALE,
            },
        )
        plan = "\n".join(row[0] for row in cursor.fetchall())
    # By service and age, or by age alone where that is the shorter walk: a day of them, never all.
    assert "using enquiry_to_reassure" in plan or "using enquiry_live_age" in plan, plan
    removed = re.search(r"Rows Removed by Filter: (\d+)", plan)
    assert removed is None or int(removed[1]) < 24 * 12, plan
