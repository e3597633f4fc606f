"""Work for tests of the outbox: a promise leaves one row; a second time would be an error."""

import os
import time

from celery import shared_task
from django.db import transaction
from django.utils import timezone

from core import outbox
from core.failpoints import reach
from core.models import Heartbeat


def promise(name: str, *, task: str = "tests.note", lane: str = "") -> int:
    """Promise that a row of this name will be written; the promise's id."""
    from core.models import Outbox

    with transaction.atomic():
        outbox.ring(task, key=name, args={"name": name}, lane=lane)
    return Outbox.objects.get(key=name).pk


def noted() -> set[str]:
    """The names that were written."""
    rows = Heartbeat.objects.filter(name__startswith="note:")
    return {name.removeprefix("note:") for name in rows.values_list("name", flat=True)}


@shared_task(name="tests.note")
def note(*, outbox_id: int) -> None:
    """Write one row, in the transaction that settles the promise."""
    with outbox.claim(outbox_id) as row:
        if row is None:
            return
        Heartbeat.objects.create(name=f"note:{row.args['name']}", at=timezone.now())
        _die_once("note.before_commit")
    _die_once("note.after_commit")


@shared_task(name="tests.fail")
def fail(*, outbox_id: int) -> None:
    """Always fails."""
    with outbox.claim(outbox_id) as row:
        if row is not None:
            raise ValueError(row.key)


@shared_task(name="tests.slow")
def slow(*, outbox_id: int) -> None:
    """Takes a while, as a provider would, and writes how often it was done."""
    row = outbox.lease(outbox_id, seconds=20, now=timezone.now())
    if row is None:
        return
    time.sleep(0.3)
    with transaction.atomic():
        Heartbeat.objects.create(name=f"note:{row.args['name']}", at=timezone.now())
        outbox.settle(row.id, now=timezone.now())


def _die_once(name: str) -> None:
    """The first process that comes here dies; the one that is started again lives."""
    marker = os.environ.get("FAILPOINT_MARKER", "")
    if os.environ.get("FAILPOINT") != name or not marker:
        return
    try:
        os.close(os.open(marker, os.O_CREAT | os.O_EXCL | os.O_WRONLY))
    except FileExistsError:
        return
    reach(name)
