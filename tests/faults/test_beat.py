"""Periodic jobs: once each, by one beat, with or without Redis."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from celery import shared_task
from django.db import connection
from django.utils import timezone

from core import heartbeats, outbox
from core.models import Heartbeat, JobSlot, Outbox
from hub import periodic
from hub.beat import SlotScheduler
from hub.celery import app
from hub.locks import SessionLock
from hub.periodic import Job
from tests.outbox import run_outbox
from tests.parts import wait_until

NOON = datetime(2026, 3, 2, 12, 0, 7, tzinfo=UTC)
TEN_SECONDS = Job("sweep", timedelta(seconds=10), "tests.sweep", timedelta(seconds=60))
BROKEN = Job("broken", timedelta(seconds=10), "tests.broken", timedelta(seconds=60))


@shared_task(name="tests.sweep")
def sweep() -> None:
    Heartbeat.objects.create(name=f"swept:{Heartbeat.objects.count()}", at=timezone.now())


@shared_task(name="tests.broken")
def broken() -> None:
    raise ValueError("broken")


@pytest.fixture
def beat(settings, dead_redis, monkeypatch):
    settings.REDIS_URL = dead_redis
    monkeypatch.setattr(SlotScheduler, "jobs", (TEN_SECONDS,))
    made = []

    def make() -> SlotScheduler:
        made.append(SlotScheduler(app))
        return made[-1]

    yield make
    for scheduler in made:
        scheduler.close()


def taken(key: str) -> outbox.Row:
    row = outbox.lease(Outbox.objects.get(key=key).pk, seconds=9, now=timezone.now())
    assert row is not None
    return row


@pytest.mark.django_db
def test_a_slot_begins_at_a_multiple_of_its_length():
    assert TEN_SECONDS.slot(NOON) == datetime(2026, 3, 2, 12, 0, 0, tzinfo=UTC)
    assert TEN_SECONDS.slot(NOON + timedelta(seconds=3)) == datetime(
        2026, 3, 2, 12, 0, 10, tzinfo=UTC
    )


@pytest.mark.django_db
def test_each_slot_is_promised_once_by_whomever():
    assert periodic.promise(TEN_SECONDS, now=NOON)
    assert not periodic.promise(TEN_SECONDS, now=NOON + timedelta(seconds=2))
    assert periodic.promise(TEN_SECONDS, now=NOON + timedelta(seconds=3))
    assert Outbox.objects.count() == JobSlot.objects.count() == 2


@pytest.mark.django_db
def test_a_run_does_the_job_and_says_when_it_ended():
    periodic.promise(TEN_SECONDS, now=timezone.now())
    row = taken(Outbox.objects.get().key)
    periodic.carry_out(row, jobs=(TEN_SECONDS,), now=timezone.now())
    assert Heartbeat.objects.filter(name__startswith="swept:").count() == 1
    assert JobSlot.objects.get().finished_at is not None
    assert Outbox.objects.get().settled_at is not None


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("job", "wait", "error"),
    [
        (TEN_SECONDS, 61, "too late; a later slot does it"),
        (BROKEN, 1, "ValueError: broken"),
        (Job("gone", timedelta(seconds=10), "x", timedelta(seconds=60)), 1, "no such job"),
    ],
)
def test_a_run_that_cannot_be_is_left_to_the_next_slot_with_the_reason(job, wait, error):
    now = timezone.now()
    periodic.promise(job, now=now)
    row = taken(Outbox.objects.get().key)
    late = job.slot(now) + timedelta(seconds=wait)
    periodic.carry_out(row, jobs=(TEN_SECONDS, BROKEN), now=late)
    assert Outbox.objects.get().error == error
    assert JobSlot.objects.get().finished_at is None
    assert not Heartbeat.objects.exists()


@pytest.mark.django_db
def test_every_job_is_a_task_that_exists():
    app.loader.import_default_modules()
    missing = [job.task for job in periodic.JOBS if job.task not in app.tasks]
    assert missing == []
    assert len({job.name for job in periodic.JOBS}) == len(periodic.JOBS)
    assert all(job.expires > timedelta(0) for job in periodic.JOBS)


@pytest.mark.django_db(transaction=True)
def test_the_jobs_run_through_the_outbox_like_all_work(settings, dead_redis, monkeypatch):
    monkeypatch.setattr(periodic, "JOBS", (TEN_SECONDS,))
    periodic.promise(TEN_SECONDS, now=timezone.now())
    assert run_outbox() == 1
    assert Heartbeat.objects.filter(name__startswith="swept:").count() == 1


@pytest.mark.django_db(transaction=True)
def test_a_beat_promises_without_redis_and_a_second_one_stands_by(beat):
    first, second = beat(), beat()
    first.tick()
    second.tick()
    first.tick()
    assert Outbox.objects.count() in {1, 2}
    assert second._promised == {}
    assert heartbeats.age("beat", now=timezone.now()) is not None


@pytest.mark.django_db(transaction=True)
def test_the_second_beat_takes_over_when_the_first_is_gone(beat):
    first, second = beat(), beat()
    first.tick()
    first.close()
    second.tick()
    assert set(second._promised) == {"sweep"}
    assert Outbox.objects.count() in {1, 2}


@pytest.mark.django_db(transaction=True)
def test_what_was_missed_is_made_up_for_at_the_first_tick(beat, monkeypatch):
    daily = Job("daily", timedelta(days=1), "tests.sweep", timedelta(hours=20))
    monkeypatch.setattr(SlotScheduler, "jobs", (daily,))
    periodic.promise(daily, now=timezone.now() - timedelta(days=3))
    beat().tick()
    assert Outbox.objects.count() == 2


@pytest.mark.django_db(transaction=True)
def test_a_beat_goes_on_when_the_database_cut_it_off(beat):
    scheduler = beat()
    scheduler.tick()
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
    scheduler._promised.clear()
    scheduler.tick()
    scheduler.tick()
    assert set(scheduler._promised) == {"sweep"}


@pytest.mark.django_db(transaction=True)
def test_a_lock_is_held_by_one_and_free_when_its_session_ends():
    one, two = SessionLock(99), SessionLock(99)
    assert one.held()
    assert one.held()
    assert not two.held()
    one.release()
    assert two.held()
    two.release()


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_a_canary_goes_through_redis_and_a_real_worker(make_part, settings):
    worker, beat_process = make_part("worker"), make_part("beat")
    worker.start()
    beat_process.start()
    try:
        wait_until(
            lambda: heartbeats.age(heartbeats.CANARY, now=timezone.now()) is not None, seconds=40
        )
        assert not heartbeats.worker_is_deaf(now=timezone.now())
        assert Heartbeat.objects.filter(name="beat").exists()
    finally:
        worker.stop(3)
        beat_process.stop(3)
    assert not re.search("Traceback", beat_process.log.read_text())
