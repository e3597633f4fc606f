"""Limits count, and let everybody in whenever the database does not answer at once."""

from __future__ import annotations

import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.contrib.sessions.backends.db import SessionStore
from django.db import connection, transaction
from django.test import Client, RequestFactory
from django.test.utils import CaptureQueriesContext

from channels.asking import limits as knocks
from core import limits, references
from core.limits import DOORS, Bound
from core.models import LimitCount
from tests.enquiries.test_races import together
from tests.partnership import load_partnership
from tests.web.conftest import Visitor
from tests.world import NOW, World, ask

HERE = {"session": "s1", "address": "192.0.2.1"}


@pytest.fixture
def tight(monkeypatch: pytest.MonkeyPatch) -> None:
    bounds = {"session": Bound(2, 10), "address": Bound(3, 10), "reference": Bound(2, 60)}
    monkeypatch.setattr(limits, "DOORS", {**DOORS, "send": bounds, "track": bounds})


def allowed(**more: Any) -> bool:
    return bool(limits.allow(**{"door": "send", "who": HERE, "now": NOW, **more}))


@pytest.mark.django_db
def test_so_many_and_no_more_until_the_time_is_over(tight: None) -> None:
    assert [allowed() for _ in range(3)] == [True, True, False]
    assert limits.allow(door="send", who=HERE, now=NOW).retry_after == 600
    assert not allowed(now=NOW + timedelta(minutes=9, seconds=59))
    assert allowed(now=NOW + timedelta(minutes=10))


@pytest.mark.django_db
def test_sessions_behind_one_address_share_only_the_address(tight: None) -> None:
    sessions = [{"session": f"s{n}", "address": "192.0.2.1"} for n in range(4)]
    assert [allowed(who=who) for who in sessions] == [True, True, True, False]
    assert allowed(who={"session": "s9", "address": "192.0.2.2"})
    assert allowed(who={"session": "", "address": ""})


@pytest.mark.django_db
def test_doors_are_counted_apart_and_looking_counts_nothing(tight: None) -> None:
    who = {"reference": "WH7-K3MP-4X"}
    for _ in range(5):
        assert limits.look(door="track", who=who, now=NOW)
    assert [limits.count(door="track", who=who, now=NOW) for _ in range(2)] == [1, 2]
    assert not limits.look(door="track", who=who, now=NOW)
    assert allowed()


@pytest.mark.django_db
def test_nothing_that_is_kept_tells_who_it_was(tight: None) -> None:
    allowed()
    kept = repr(list(LimitCount.objects.values()))
    assert "192.0.2.1" not in kept
    assert "s1" not in [row.who for row in LimitCount.objects.all()]
    assert {len(row.who) for row in LimitCount.objects.all()} == {64}


@pytest.mark.django_db
def test_old_counts_are_forgotten(tight: None) -> None:
    allowed()
    limits.purge(before=NOW)
    assert LimitCount.objects.count() == 2
    limits.purge(before=NOW + timedelta(days=3))
    assert LimitCount.objects.count() == 0


@pytest.mark.django_db
def test_a_count_is_a_few_quick_statements(tight: None) -> None:
    with CaptureQueriesContext(connection) as asked:
        allowed()
    said = [query["sql"] for query in asked if "SAVEPOINT" not in query["sql"]]
    assert len(said) == 3  # outside of a test's transaction it is two, between BEGIN and COMMIT
    with connection.cursor() as cursor:
        cursor.execute("SHOW statement_timeout")
        assert cursor.fetchone()[0] == "30s"
        cursor.execute("SELECT relpersistence FROM pg_class WHERE relname = 'core_limitcount'")
        assert cursor.fetchone()[0] == "u"


@pytest.mark.django_db
def test_without_its_table_everybody_is_let_in_and_nothing_else_breaks(tight: None) -> None:
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE core_limitcount RENAME TO elsewhere")
    assert all(allowed() for _ in range(5))
    assert limits.count(door="send", who=HERE, now=NOW) == 0
    assert limits.look(door="send", who=HERE, now=NOW)
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
        assert cursor.fetchone() == (1,)


@contextmanager
def locked_table() -> Iterator[None]:
    """Somebody else holds the table, as a careless administrator does."""
    held, done = threading.Event(), threading.Event()

    def hold() -> None:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("LOCK TABLE core_limitcount IN ACCESS EXCLUSIVE MODE")
            held.set()
            done.wait(20)
        connection.close()

    thread = threading.Thread(target=hold)
    thread.start()
    assert held.wait(10)
    try:
        yield
    finally:
        done.set()
        thread.join()


@pytest.mark.django_db(transaction=True)
def test_while_its_table_is_locked_everybody_is_let_in_at_once(tight: None) -> None:
    began = NOW
    with locked_table():
        for _ in range(4):
            assert allowed(now=began)
    assert [allowed() for _ in range(3)] == [True, True, False]


@pytest.mark.django_db(transaction=True)
def test_a_form_is_sent_while_the_table_is_locked(transactional_db: None) -> None:
    load_partnership()
    visitor = Visitor()
    visitor.to_check()
    with locked_table():
        visitor.answer()
    assert "We have it" in visitor.text


@pytest.mark.django_db(transaction=True)
def test_many_at_once_are_counted_one_by_one(monkeypatch: pytest.MonkeyPatch) -> None:
    bounds = {"session": Bound(5, 10), "address": Bound(500, 10)}
    monkeypatch.setattr(limits, "DOORS", {"send": bounds})
    monkeypatch.setattr(limits, "STATEMENT_MS", 20_000)
    monkeypatch.setattr(limits, "LOCK_MS", 20_000)
    found = together(12, lambda _index: allowed())
    assert found.count(True) == 5


def test_every_door_is_generous_to_many_behind_one_address() -> None:
    for door, bounds in DOORS.items():
        if "address" in bounds and "session" in bounds:
            per_minute = {kind: bound.most / bound.minutes for kind, bound in bounds.items()}
            assert per_minute["address"] >= 5 * per_minute["session"], door


@pytest.mark.parametrize(
    ("address", "counted"),
    [
        ("192.0.2.7", "192.0.2.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("::ffff:192.0.2.7", "192.0.2.7"),
        ("", ""),
        ("unknown", "unknown"),
    ],
)
def test_a_connection_is_what_a_provider_hands_out(address: str, counted: str) -> None:
    assert knocks.network(address) == counted


@pytest.mark.django_db
def test_a_kiosk_is_counted_by_itself() -> None:
    request = RequestFactory().get("/")
    request.session = Client().session
    kiosk: Any = type("Kiosk", (), {"pk": 7})()
    assert knocks.who(request, kiosk, reference="WH7") == {"kiosk": "7", "reference": "WH7"}


# --- at the doors ------------------------------------------------------------------------------


@pytest.mark.django_db
def test_guessing_references_ends_and_tells_nothing(world: World, tight: None) -> None:
    case = ask().enquiries[0]
    client = Client()
    for guess in ("WR1 3EZ", "WR4 9QB"):
        page = client.post("/track/", {"reference": case.reference, "postcode": guess})
        assert page.status_code == 200
    right = client.post("/track/", {"reference": case.reference, "postcode": "WR11 3DA"})
    assert (right.status_code, case.reference in right.content.decode()) == (429, False)
    assert int(right["Retry-After"]) > 0
    words = right.content.decode()
    assert "Too many tries" in words
    assert 'href="tel:' in words
    other = Client(REMOTE_ADDR="198.51.100.9")
    nobodys = references.new()
    unknown = [
        other.post("/track/", {"reference": nobodys, "postcode": "WR11 3DA"}) for _ in range(3)
    ]
    assert [answer.status_code for answer in unknown] == [200, 200, 429]
    assert _without_secrets(unknown[-1]) == _without_secrets(right)


def _without_secrets(answer: Any) -> str:
    return re.sub(r'value="[^"]*"', "", answer.content.decode())


@pytest.mark.django_db
def test_files_of_one_connection_are_counted_for_the_day_as_well() -> None:
    request = RequestFactory().post("/", REMOTE_ADDR="192.0.2.1")
    request.session = SessionStore()
    most = limits.DOORS["upload"]["address_day"].most
    taken = 0
    # Many sessions of one connection, ten minutes after ten minutes.
    for stretch in range(6):
        with time_machine.travel(NOW + timedelta(minutes=10 * stretch), tick=False):
            for _ in range(400):
                try:
                    knocks.check(request, "upload")
                except knocks.TooMany:
                    break
                taken += 1
    assert taken == most == 1_500
