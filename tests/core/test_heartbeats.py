from datetime import timedelta

import pytest
from django.utils import timezone

from core import heartbeats, slots
from core.models import JobSlot

pytestmark = pytest.mark.django_db

NOW = timezone.now()


def after(seconds: int):
    return NOW + timedelta(seconds=seconds)


def test_ages_are_seconds_since_a_part_was_seen():
    heartbeats.beat("relay", at=NOW)
    heartbeats.beat("relay", at=after(3))
    assert heartbeats.ages(now=after(10)) == {"relay": 7}
    assert heartbeats.age("relay", now=after(10)) == 7
    assert heartbeats.age("nobody", now=NOW) is None


def test_a_worker_is_deaf_when_canaries_go_in_and_none_comes_out():
    for second in range(0, 75, 15):
        heartbeats.canary_sent(now=after(second))
    assert not heartbeats.worker_is_deaf(now=after(60))
    assert heartbeats.worker_is_deaf(now=after(61))
    heartbeats.beat(heartbeats.CANARY, at=after(62))
    assert not heartbeats.worker_is_deaf(now=after(63))


def test_a_night_with_everything_off_does_not_make_a_worker_deaf():
    heartbeats.canary_sent(now=NOW)
    heartbeats.canary_sent(now=after(8 * 3600))
    assert not heartbeats.worker_is_deaf(now=after(8 * 3600 + 1))


def test_a_worker_is_not_blamed_for_a_broker_that_is_away():
    heartbeats.canary_sent(now=NOW)
    assert not heartbeats.worker_is_deaf(now=after(300))


def test_an_answer_starts_the_count_afresh():
    heartbeats.canary_sent(now=NOW)
    heartbeats.beat(heartbeats.CANARY, at=after(1))
    for second in (15, 30, 45, 60):
        heartbeats.canary_sent(now=after(second))
    assert not heartbeats.worker_is_deaf(now=after(70))
    assert heartbeats.worker_is_deaf(now=after(76))


def test_a_slot_happens_once():
    assert slots.begin("sweep", NOW, now=NOW)
    assert not slots.begin("sweep", NOW, now=after(1))
    assert JobSlot.objects.get(job="sweep").finished_at is None
    slots.end("sweep", NOW, now=after(2))
    assert JobSlot.objects.get(job="sweep").finished_at == after(2)
