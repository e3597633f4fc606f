"""The relay in this process, against a Redis that is there, dead, frozen, or without workers."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from core import heartbeats, outbox
from core.models import Heartbeat, Outbox
from hub import relay as relay_module
from hub.broker import Broker, BrokerAwayError
from hub.celery import app
from hub.relay import Relay
from tests.faults.work import noted, promise
from tests.parts import wait_until

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]


@contextmanager
def relays(count: int = 1) -> Iterator[list[Relay]]:
    stop = threading.Event()
    made = [Relay(app) for _ in range(count)]

    def run(relay: Relay) -> None:
        try:
            relay.run(stop)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=[relay]) for relay in made]
    for thread in threads:
        thread.start()
    try:
        yield made
    finally:
        stop.set()
        for thread in threads:
            thread.join(10)


def all_settled() -> bool:
    return not Outbox.objects.filter(settled_at=None).exists()


def test_with_redis_dead_the_relay_does_the_work_itself(settings, dead_redis):
    settings.REDIS_URL = dead_redis
    with relays() as (relay,):
        for number in range(30):
            promise(f"dead-{number}")
        wait_until(all_settled, seconds=10)
    assert len(noted()) == 30
    assert relay.drained == 30
    assert relay.handed == 0


def test_with_redis_frozen_the_work_is_done_within_seconds(settings, frozen_redis):
    settings.REDIS_URL = frozen_redis
    with relays():
        for number in range(30):
            promise(f"frozen-{number}")
        assert wait_until(all_settled, seconds=10) < 5
    assert len(noted()) == 30


def test_a_frozen_broker_is_asked_once_and_then_left_alone(settings, frozen_redis):
    settings.REDIS_URL = frozen_redis
    broker = Broker(app)
    begin = time.monotonic()
    with pytest.raises(BrokerAwayError):
        broker.check()
    assert time.monotonic() - begin < 1.5
    begin = time.monotonic()
    for _ in range(100):
        with pytest.raises(BrokerAwayError):
            broker.check()
    assert time.monotonic() - begin < 0.1
    assert broker.left_alone


def test_work_that_no_worker_takes_is_done_by_the_relay_when_it_is_late(
    settings, redis_url, monkeypatch
):
    settings.REDIS_URL = redis_url
    monkeypatch.setattr(app.conf, "broker_url", redis_url)
    monkeypatch.setattr(relay_module, "LATE_AFTER", timedelta(seconds=1))
    for number in range(10):  # before it looks: its first round hands over all of them
        promise(f"late-{number}")
    with relays() as (relay,):
        wait_until(all_settled, seconds=10)
    assert relay.handed == 10
    assert relay.drained == 10


def test_two_relays_do_everything_once(settings, dead_redis):
    settings.REDIS_URL = dead_redis
    with relays(2) as pair:
        for number in range(60):
            promise(f"two-{number}", task="tests.note" if number % 2 else "tests.slow")
        wait_until(all_settled, seconds=20)
    assert len(noted()) == 60
    assert Outbox.objects.exclude(error="").count() == 0
    assert all(relay.drained for relay in pair)


def test_a_lane_is_worked_off_in_order(settings, dead_redis):
    settings.REDIS_URL = dead_redis
    for number in range(5):
        promise(f"lane-{number}", task="tests.slow", lane="e:1")
    with relays():
        wait_until(all_settled, seconds=20)
    rows = Heartbeat.objects.filter(name__startswith="note:").order_by("at")
    assert [row.name for row in rows] == [f"note:lane-{number}" for number in range(5)]


def test_one_task_that_fails_does_not_hold_up_the_others(settings, dead_redis):
    settings.REDIS_URL = dead_redis
    bad = promise("bad", task="tests.fail")
    with relays():
        for number in range(5):
            promise(f"good-{number}")
        wait_until(lambda: len(noted()) == 5, seconds=10)
        wait_until(lambda: Outbox.objects.get(pk=bad).attempts >= 2, seconds=10)
    row = Outbox.objects.get(pk=bad)
    assert row.settled_at is None
    assert row.error == "ValueError: bad"


def test_a_name_that_nobody_knows_waits_and_is_seen(settings, dead_redis):
    settings.REDIS_URL = dead_redis
    unknown = promise("new", task="tests.of_a_newer_release")
    with relays():
        wait_until(lambda: Outbox.objects.get(pk=unknown).attempts >= 1, seconds=10)
    assert Outbox.objects.get(pk=unknown).error == "no task is called tests.of_a_newer_release"


def test_the_relay_reconnects_when_the_database_cuts_it_off(settings, dead_redis):
    settings.REDIS_URL = dead_redis

    def cut_off() -> None:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )

    with relays():
        promise("before")
        wait_until(all_settled, seconds=10)
        for number in range(3):
            cut_off()
            promise(f"after-{number}")
            wait_until(all_settled, seconds=10)
    assert noted() == {"before", "after-0", "after-1", "after-2"}


def test_the_relay_is_woken_and_does_not_wait_for_its_poll(settings, dead_redis):
    settings.REDIS_URL = dead_redis
    waits: list[float] = []
    with relays():
        promise("first")
        wait_until(all_settled, seconds=10)
        for number in range(5):
            time.sleep(0.3)
            promise(f"next-{number}")
            waits.append(wait_until(all_settled, seconds=10, step=0.01))
    assert sorted(waits)[2] < 0.4


def test_the_relay_says_how_things_are(settings, dead_redis):
    settings.REDIS_URL = dead_redis
    with relays():
        wait_until(lambda: heartbeats.age("relay", now=timezone.now()) is not None, seconds=5)
    detail = Heartbeat.objects.get(name="relay").detail
    assert detail["broker"] == "away"
    assert detail["depth"] == 0


def test_what_the_broker_did_not_take_is_nobodys_again(settings, redis_url, monkeypatch):
    settings.REDIS_URL = redis_url
    relay = Relay(app)

    def refuse(*_: object, **__: object) -> None:
        raise BrokerAwayError

    monkeypatch.setattr(relay._broker, "send", refuse)
    promise("refused")
    relay.round()
    assert Outbox.objects.get().handed_at is None
    relay.close()
    assert outbox.depth() == 1
