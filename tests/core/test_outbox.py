from datetime import timedelta

import pytest
from django.db import transaction
from django.utils import timezone

from core import outbox
from core.models import Heartbeat, Outbox

pytestmark = pytest.mark.django_db


def ring(key: str = "a", *, lane: str = "") -> int:
    with transaction.atomic():
        outbox.ring("tests.work", key=key, args={"enquiry_id": 7}, lane=lane)
    return Outbox.objects.get(key=key).pk


def test_ringing_twice_with_the_same_key_promises_once():
    first = ring()
    assert ring() == first
    assert outbox.depth() == 1


@pytest.mark.django_db(transaction=True)
def test_ringing_outside_a_transaction_is_refused():
    with pytest.raises(transaction.TransactionManagementError):
        outbox.ring("tests.work", key="a", args={})


def test_a_claim_hands_over_the_promise_and_settles_it():
    pk = ring()
    with outbox.claim(pk) as row:
        assert row is not None
        assert (row.task, row.args, row.attempts) == ("tests.work", {"enquiry_id": 7}, 0)
    assert Outbox.objects.get().settled_at is not None
    with outbox.claim(pk) as again:
        assert again is None


def test_a_failed_claim_undoes_its_work_and_comes_back_later():
    pk, now = ring(), timezone.now()

    def work() -> None:
        with outbox.claim(pk):
            Heartbeat.objects.create(name="written", at=now)
            raise ValueError("no: ann@example.org")

    with pytest.raises(ValueError, match="no"):
        work()
    row = Outbox.objects.get()
    assert not Heartbeat.objects.filter(name="written").exists()
    assert (row.attempts, row.settled_at, row.error) == (1, None, "ValueError: no: [email]")
    assert timedelta(seconds=0.5) <= row.next_at - now <= timedelta(seconds=2)
    with outbox.claim(pk) as early:
        assert early is None


def test_waiting_grows_to_five_minutes_and_then_a_person_is_asked():
    assert outbox.delay(0) <= timedelta(seconds=0.75)
    assert all(
        timedelta(seconds=150) <= outbox.delay(n) <= timedelta(seconds=450) for n in (10, 47)
    )
    pk, now = ring(), timezone.now()
    Outbox.objects.update(attempts=48)
    outbox.postpone(pk, now=now, error="still no")
    assert (outbox.depth(), outbox.parked()) == (0, 1)
    outbox.unpark(pk, now=now)
    assert (outbox.depth(), outbox.parked()) == (1, 0)
    outbox.postpone(pk, now=now + timedelta(hours=72), error="too long")
    assert outbox.parked() == 1


def test_a_lease_is_exclusive_until_it_runs_out():
    pk, now = ring(), timezone.now()
    first = outbox.lease(pk, seconds=20, now=now)
    assert first is not None
    assert first.attempts == 1
    assert outbox.lease(pk, seconds=20, now=now + timedelta(seconds=19)) is None
    second = outbox.lease(pk, seconds=20, now=now + timedelta(seconds=21))
    assert second is not None
    assert second.attempts == 2
    outbox.settle(pk, now=now)
    assert outbox.lease(pk, seconds=20, now=now + timedelta(hours=1)) is None


def test_a_postponed_promise_waits_for_the_moment_it_was_given():
    pk, now = ring(), timezone.now()
    outbox.lease(pk, seconds=20, now=now)
    outbox.postpone(pk, now=now, error="503", next_at=now + timedelta(seconds=90))
    assert outbox.lease(pk, seconds=20, now=now + timedelta(seconds=89)) is None
    assert outbox.lease(pk, seconds=20, now=now + timedelta(seconds=90)) is not None


def test_a_lane_is_kept_in_order_and_other_lanes_do_not_wait():
    first, second, other = ring("a", lane="e:1"), ring("b", lane="e:1"), ring("c", lane="e:2")
    now = timezone.now()
    assert outbox.lease(second, seconds=20, now=now) is None
    assert outbox.lease(other, seconds=20, now=now) is not None
    due = outbox.take_due(now=now, limit=10, stale_after=timedelta(seconds=15))
    assert [row.id for row in due] == [first]
    outbox.settle(first, now=now)
    assert outbox.lease(second, seconds=20, now=now) is not None


def test_a_parked_promise_does_not_hold_up_its_lane():
    first, second = ring("a", lane="e:1"), ring("b", lane="e:1")
    now = timezone.now()
    outbox.park(first, now=now, error="never")
    assert outbox.lease(second, seconds=20, now=now) is not None


def test_what_was_handed_over_is_handed_again_when_nobody_settled_it():
    pk, now, stale = ring(), timezone.now(), timedelta(seconds=15)
    assert [row.id for row in outbox.take_due(now=now, limit=10, stale_after=stale)] == [pk]
    assert outbox.in_hand(now=now, stale_after=stale) == 1
    assert outbox.take_due(now=now, limit=10, stale_after=stale) == []
    later = now + timedelta(seconds=16)
    assert [row.id for row in outbox.take_due(now=later, limit=10, stale_after=stale)] == [pk]
    outbox.hand_back([pk])
    assert [row.id for row in outbox.take_due(now=later, limit=10, stale_after=stale)] == [pk]


def test_a_promise_for_later_is_not_due_and_lateness_counts_from_then():
    now = timezone.now()
    with transaction.atomic():
        outbox.ring("tests.work", key="a", args={}, due_at=now + timedelta(minutes=5))
    stale = timedelta(seconds=15)
    assert outbox.take_due(now=now, limit=10, stale_after=stale) == []
    assert outbox.oldest_due_age(now) == 0
    later = now + timedelta(minutes=5, seconds=12)
    assert outbox.oldest_due_age(later) == pytest.approx(12)
    late = outbox.take_late(now=later, limit=10, older_than=timedelta(seconds=10))
    assert len(late) == 1


def test_settled_promises_are_forgotten_after_a_while():
    now = timezone.now()
    outbox.settle(ring("a"), now=now - timedelta(days=31))
    outbox.settle(ring("b"), now=now)
    ring("c")
    assert outbox.purge(settled_before=now - timedelta(days=30)) == 1
    assert list(Outbox.objects.values_list("key", flat=True)) == ["b", "c"]


@pytest.mark.django_db(transaction=True)
def test_the_bell_rings_when_the_transaction_commits_and_not_before():
    from django.db import connection

    listener = connection.copy()
    with listener.cursor() as cursor:
        cursor.execute("LISTEN outbox")
    with transaction.atomic():
        outbox.ring("tests.work", key="a", args={})
        assert list(listener.connection.notifies(timeout=0.1)) == []
    assert len(list(listener.connection.notifies(timeout=2, stop_after=1))) == 1
    listener.close()


def test_it_can_be_asked_what_is_promised_already():
    with transaction.atomic():
        for number in (1, 2, 3):
            outbox.ring("tests.send", key=f"send:{number}", args={"message_id": number})
    outbox.settle(Outbox.objects.get(key="send:2").pk, now=timezone.now())
    assert outbox.promised("tests.send", "message_id", [1, 2, 4]) == {1}
    assert outbox.promised("tests.other", "message_id", [1, 2, 4]) == set()
