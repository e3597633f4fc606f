"""What cases went through is told as soon as it is committed, once, whatever else runs."""

from __future__ import annotations

import threading

import pytest
from django.db import connection, connections, transaction

from core.audit import SYSTEM
from enquiries import events
from enquiries.models import Enquiry
from enquiries.queries import lately
from enquiries.vocabulary import EventType
from tests.world import NOW, ask, build, enquiry_of

pytestmark = pytest.mark.django_db(transaction=True)


def noted(enquiry: Enquiry) -> None:
    with transaction.atomic():
        held = events.locked(enquiry.pk)
        events.record(held, EventType.NOTED, actor=SYSTEM, at=NOW, words="-")


def test_a_late_commit_is_told_and_nothing_is_told_twice() -> None:
    build()
    slow, quick = enquiry_of(ask()), enquiry_of(ask(words="Another bin"))
    place = lately.now_at()
    assert lately.changes(place)[0] == []
    written, go_on = threading.Event(), threading.Event()

    def late() -> None:
        with transaction.atomic():
            held = events.locked(slow.pk)
            events.record(held, EventType.NOTED, actor=SYSTEM, at=NOW, words="-")
            written.set()
            go_on.wait(30)
        connections.close_all()

    beside = threading.Thread(target=late)
    beside.start()
    assert written.wait(30)
    noted(quick)
    told, place = lately.changes(place)
    assert [one.reference for one in told] == [quick.reference]
    told, place = lately.changes(place)
    assert told == []
    go_on.set()
    beside.join()
    told, place = lately.changes(place)
    assert [(one.reference, one.what, one.staff) for one in told] == [
        (slow.reference, "enquiry.noted", 0)
    ]
    assert lately.changes(place)[0] == []
    assert place.seen == frozenset()


def test_what_is_rolled_back_is_never_told() -> None:
    build()
    enquiry = enquiry_of(ask())
    place = lately.now_at()
    with transaction.atomic():
        noted(enquiry)
        transaction.set_rollback(True)
    assert lately.changes(place)[0] == []
    assert connection.in_atomic_block is False
