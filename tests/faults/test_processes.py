"""Real worker and relay processes, killed at chosen points: nothing lost, nothing doubled."""

from datetime import timedelta

import pytest
import redis as redis_py
from django.db import connection
from django.utils import timezone

from core import outbox
from core.models import Outbox
from hub.broker import Broker
from hub.celery import app
from tests.faults.work import noted, promise
from tests.parts import running, wait_until

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]

COUNT = 40


def all_settled() -> bool:
    return not Outbox.objects.filter(settled_at=None).exists()


def promise_all() -> set[str]:
    names = {f"work-{number}" for number in range(COUNT)}
    for name in sorted(names):
        promise(name)
    return names


def test_work_goes_through_redis_to_a_real_worker(make_part, redis_url):
    worker, relay = make_part("worker"), make_part("relay")
    with running(worker, relay):
        promise("first")
        wait_until(all_settled, seconds=40)
        names = promise_all()
        wait_until(all_settled, seconds=20)
    assert noted() == names | {"first"}
    with redis_py.Redis.from_url(redis_url) as client:
        assert client.llen("default") == 0


def sessions() -> int:
    """How many connections this database has had."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_stat_clear_snapshot()")
        cursor.execute("SELECT sessions FROM pg_stat_database WHERE datname = current_database()")
        return int(cursor.fetchone()[0])


def test_a_worker_keeps_its_connection_and_replaces_one_that_broke(make_part):
    worker, relay = make_part("worker"), make_part("relay")
    with running(worker, relay):
        promise("first")
        wait_until(all_settled, seconds=40)
        before = sessions()
        promise_all()
        wait_until(all_settled, seconds=20)
        assert sessions() - before < COUNT / 2
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )
        promise("after that")
        wait_until(all_settled, seconds=5)


@pytest.mark.parametrize("point", ["note.before_commit", "note.after_commit"])
def test_a_worker_that_dies_at_its_work_loses_and_doubles_nothing(
    make_part, tmp_path, point, settings, redis_url, monkeypatch
):
    settings.REDIS_URL = redis_url
    monkeypatch.setattr(app.conf, "broker_url", redis_url)
    marker = tmp_path / "died"
    env = {"FAILPOINT": point, "FAILPOINT_MARKER": str(marker), "HUB_DEVELOPMENT": "1"}
    worker, relay = make_part("worker", **env), make_part("relay")
    names = promise_all()
    broker = Broker(app)
    for row in outbox.take_due(now=timezone.now(), limit=COUNT, stale_after=timedelta(seconds=15)):
        broker.send(row.task, {"outbox_id": row.id}, expires=120)
    with running(worker):
        wait_until(marker.exists, seconds=60)
        with running(relay):
            wait_until(all_settled, seconds=60)
    assert noted() == names


@pytest.mark.parametrize("point", ["relay.before_send", "relay.after_send"])
def test_a_relay_that_dies_at_its_work_loses_and_doubles_nothing(make_part, point):
    worker = make_part("worker")
    doomed, next_one = make_part("relay", FAILPOINT=point), make_part("relay")
    names = promise_all()
    with running(worker, doomed):
        wait_until(lambda: not doomed.alive(), seconds=40)
        assert doomed.process is not None
        assert doomed.process.returncode == 137
        with running(next_one):
            wait_until(all_settled, seconds=40)
    assert noted() == names


def test_without_any_worker_the_relay_alone_does_all_the_work(make_part):
    relay = make_part("relay")
    names = promise_all()
    with running(relay):
        wait_until(all_settled, seconds=40)
    assert noted() == names


def test_a_redis_that_forgets_everything_loses_nothing(make_part, redis_url):
    worker, relay = make_part("worker"), make_part("relay")
    with running(relay), redis_py.Redis.from_url(redis_url) as client:
        names = promise_all()
        wait_until(lambda: client.llen("default") > 0, seconds=30)
        client.flushdb()
        with running(worker):
            wait_until(all_settled, seconds=40)
    assert noted() == names
