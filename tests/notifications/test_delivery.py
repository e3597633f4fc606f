from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import psycopg
import pytest
from django.db import connection, transaction
from django.db.transaction import TransactionManagementError
from django.utils import timezone

import notifications.actions
import notifications.queries
from core import outbox
from core.audit import SYSTEM
from notifications import delivery, sweeps
from notifications.backends import accounts, memory, registry
from notifications.backends.base import Handed, Later, Outgoing, Refused, Unclear
from notifications.lifecycle import TRANSITIONS, State
from notifications.models import Notification
from tests.notifications.helpers import FACTS, deliver, promise_of, tell
from tests.stand_ins.twilio_server import Step

pytestmark = pytest.mark.django_db

SECOND, MINUTE = timedelta(seconds=1), timedelta(minutes=1)


def test_a_message_goes_from_queued_to_sent():
    message = tell()
    assert message.state == State.QUEUED
    deliver(message)
    assert message.state == State.SENT
    assert message.provider_id == f"memory-{message.public_id}"
    assert message.sent_at is not None
    assert promise_of(message).settled_at is not None


def test_the_same_key_twice_is_one_message():
    first, second = tell("late:1"), tell("late:1", to="+447700900999")
    assert first.pk == second.pk
    assert second.to == "+447700900123"
    deliver(first)
    deliver(first, after=MINUTE)
    assert len(memory.outbox) == 1


def test_a_message_that_was_rolled_back_was_never_asked_for():
    with transaction.atomic():
        tell()
        transaction.set_rollback(True)
    assert not Notification.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_a_message_belongs_into_the_transaction_that_it_tells_of():
    with pytest.raises(TransactionManagementError):
        notifications.actions.send(
            key="k", event="late", medium="sms", to="+447700900123", context=FACTS, about="",
            now=timezone.now(),
        )  # fmt: skip


def test_nobody_is_told_without_an_address():
    with pytest.raises(notifications.actions.NoAddress):
        tell(to="")


def test_a_refused_message_is_shown_to_staff_with_the_reason():
    memory.plan.append(Refused("This is not a mobile number", code="21614", address="unusable"))
    message = deliver(tell())
    assert message.state == State.FAILED
    [told] = notifications.queries.about("WH7-K3MP-4X")
    assert told.trouble == "This is not a mobile number"
    assert told.state_words == "Not delivered"
    assert told.is_trouble
    assert promise_of(message).settled_at is not None


def test_a_busy_provider_is_tried_again_when_it_asked_for_it():
    memory.plan.append(Later("Busy", after_seconds=120))
    message = deliver(tell())
    assert message.state == State.QUEUED
    assert message.error == "Busy"
    deliver(message, after=100 * SECOND)
    assert memory.outbox == []
    deliver(message, after=125 * SECOND)
    assert message.state == State.SENT
    assert message.error == ""
    assert message.attempts == 2


def test_a_message_is_given_up_where_staff_can_see_it():
    message = tell()
    memory.plan.append(Later("Busy"))
    with transaction.atomic():
        promise = promise_of(message)
        promise.attempts = outbox.PARK_AFTER_ATTEMPTS - 1
        promise.save()
    deliver(message)
    assert message.state == State.EXPIRED
    [told] = notifications.queries.about("WH7-K3MP-4X")
    assert told.state_words == "Given up"
    assert promise_of(message).settled_at is not None


def test_a_medium_without_a_provider_fails_where_staff_can_see_it(settings):
    settings.NOTIFICATION_BACKENDS = {}
    message = deliver(tell())
    assert message.state == State.FAILED
    assert message.error_code == "no_provider"


def test_a_message_that_a_dead_worker_left_is_looked_up_and_not_sent_again():
    message = tell()
    memory.plan.append(("lost", Unclear("killed")))
    with pytest.raises(KeyboardInterrupt):
        _die_after_sending(message)
    message.refresh_from_db()
    assert message.state == State.SENDING
    assert len(memory.outbox) == 1

    deliver(message, after=31 * SECOND)
    assert message.state == State.UNKNOWN
    deliver(message, after=60 * SECOND)
    assert message.state == State.UNKNOWN  # quarantine
    deliver(message, after=95 * SECOND)
    assert message.state == State.SENT
    assert len(memory.outbox) == 1


def _die_after_sending(message: Notification) -> None:
    class Dies(memory.MemoryBackend):
        def send(self, message: Outgoing) -> Handed:
            memory.outbox.append(message)
            raise KeyboardInterrupt

    registry._local.backends = {"memory": (accounts.of_environment("memory"), Dies())}
    try:
        deliver(message)
    finally:
        registry.forget()


def test_a_message_that_never_reached_the_provider_is_sent_after_the_look_up():
    memory.plan.append(Unclear("Perhaps"))
    message = deliver(tell())
    assert message.state == State.UNKNOWN
    assert memory.outbox == []
    deliver(message, after=61 * SECOND)
    assert message.state == State.SENT
    assert len(memory.outbox) == 1


def test_a_provider_that_cannot_be_asked_leaves_the_choice_to_a_person(settings):
    settings.NOTIFICATION_BACKENDS = {"sms": "notifications.backends.console.ConsoleBackend"}
    message = tell()
    Notification.objects.filter(pk=message.pk).update(state=State.UNKNOWN)
    deliver(message)
    assert message.state == State.UNKNOWN
    assert promise_of(message).settled_at is not None
    with transaction.atomic():
        again = notifications.actions.send_again(
            public_id=message.public_id, actor=SYSTEM, now=timezone.now()
        )
    assert Notification.objects.get(pk=again).body == message.body


def test_a_message_that_arrived_cannot_be_sent_again():
    message = deliver(tell())
    with pytest.raises(notifications.actions.NotToBeRepeated):
        notifications.actions.send_again(
            public_id=message.public_id, actor=SYSTEM, now=timezone.now()
        )


def test_messages_about_one_case_keep_their_order():
    first, second = tell("late:1"), tell("late:2")
    other = tell("late:3", about="WHC-DFGH-JK")
    by_mail = tell("late:4", medium="email", to="jo@example.com")
    memory.plan.append(Later("Busy", after_seconds=60))
    deliver(first)
    assert deliver(second).state == State.QUEUED
    assert deliver(other).state == State.SENT
    assert deliver(by_mail).state == State.SENT
    deliver(first, after=61 * SECOND)
    assert deliver(second, after=61 * SECOND).state == State.SENT
    texts = [m.reference for m in memory.outbox if m.about == first.about and m.medium == "sms"]
    assert texts == [str(first.public_id), str(second.public_id)]


def test_a_worker_that_slept_hands_nothing_over(monkeypatch):
    ticks = iter([0.0, 1000.0])
    monkeypatch.setattr("notifications.delivery.time.monotonic", lambda: next(ticks))
    message = deliver(tell())
    assert message.state == State.SENDING
    assert memory.outbox == []


@pytest.mark.django_db(transaction=True)
def test_two_workers_with_one_message_send_it_once():
    message = tell()
    promise = promise_of(message).pk
    gate = threading.Barrier(6)

    def work() -> None:
        gate.wait()
        delivery.deliver(outbox_id=promise, now=timezone.now())
        connection.close()

    threads = [threading.Thread(target=work) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(memory.outbox) == 1


def _meanwhile(work: Callable[[], object], *, outside: bool = True) -> None:
    """From now on texts are carried by who does this while a message is handed over."""

    class Looks(memory.MemoryBackend):
        def send(self, message: Outgoing) -> Handed:
            work()
            return super().send(message)

    Looks.outside = outside
    registry._local.backends = {"memory": (accounts.of_environment("memory"), Looks())}


@pytest.mark.django_db(transaction=True)
def test_no_transaction_is_held_while_a_provider_answers():
    seen: list[bool] = []
    _meanwhile(lambda: seen.append(connection.in_atomic_block))
    message = tell()
    assert deliver(message).state == State.SENT
    assert seen == [False]

    late = tell("late:2")
    with transaction.atomic(), pytest.raises(delivery.InsideTransaction):
        delivery.deliver(outbox_id=promise_of(late).pk, now=timezone.now())
    assert len(memory.outbox) == 1


@pytest.mark.django_db(transaction=True)
def test_what_a_provider_said_outlives_the_connection_that_waited_for_it():
    def cut() -> None:
        ours = connection.connection.info.backend_pid
        with psycopg.connect(**_other_session()) as other:
            other.execute("SELECT pg_terminate_backend(%s)", [ours])

    message = tell()
    _meanwhile(cut)
    assert deliver(message).state == State.SENT
    assert promise_of(message).settled_at is not None
    assert len(memory.outbox) == 1


def _other_session() -> dict[str, Any]:
    known = connection.get_connection_params()
    return {name: known[name] for name in ("host", "port", "user", "password", "dbname")
            if known.get(name)}  # fmt: skip


def test_several_are_delivered_though_one_of_them_breaks():
    told = [tell(f"late:{number}", about=f"WH{number}") for number in range(3)]
    promises = [promise_of(one).pk for one in told]
    tries = iter([None, RuntimeError("a bug"), None])

    def work() -> None:
        if trouble := next(tries):
            raise trouble

    _meanwhile(work, outside=False)
    delivery.deliver_several(outbox_ids=promises, clock=timezone.now)
    assert sorted(Notification.objects.values_list("state", flat=True)) == [
        State.SENDING, State.SENT, State.SENT,
    ]  # fmt: skip


def test_of_several_none_is_begun_after_its_time(monkeypatch):
    monkeypatch.setattr(delivery, "SEVERAL_WITHIN_SECONDS", -1)
    message = tell()
    delivery.deliver_several(outbox_ids=[promise_of(message).pk], clock=timezone.now)
    message.refresh_from_db()
    assert message.state == State.QUEUED


def test_a_message_that_nobody_promised_is_found_again():
    message = tell()
    promise_of(message).delete()
    now = timezone.now()
    assert sweeps.requeue_stuck(older_than=now - MINUTE, now=now) == 0
    assert sweeps.requeue_stuck(older_than=now + SECOND, now=now) == 1
    assert sweeps.requeue_stuck(older_than=now + SECOND, now=now) == 0


def test_states_only_lead_onwards_from_the_end():
    assert set(TRANSITIONS) == set(State)
    assert all(not TRANSITIONS[state] for state in (State.DELIVERED, State.FAILED, State.EXPIRED))


# -- Over HTTP ---------------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
def test_a_text_whose_answer_was_lost_arrives_once(twilio):
    twilio.plan.append(Step(lose_answer=True))
    message = deliver(tell())
    assert message.state == State.UNKNOWN
    deliver(message, after=61 * SECOND)
    assert message.state == State.SENT
    assert [m["sid"] for m in twilio.messages] == [message.provider_id]


@pytest.mark.django_db(transaction=True)
def test_a_look_up_that_fails_sends_nothing(twilio):
    twilio.plan.append(Step(500, 20500))
    twilio.look_up_fails = 1
    message = deliver(tell())
    assert message.state == State.UNKNOWN
    deliver(message, after=61 * SECOND)
    assert message.state == State.UNKNOWN
    assert twilio.messages == []
    deliver(message, after=300 * SECOND)
    assert message.state == State.SENT
    assert len(twilio.messages) == 1


@pytest.mark.django_db(transaction=True)
def test_another_message_with_the_same_words_is_not_taken_for_a_lost_one(twilio):
    first = deliver(tell("one", about="WHC-DFGH-JK"))
    second = tell("two", about="WHC-DFGH-JL")
    Notification.objects.filter(pk=second.pk).update(body=first.body)
    twilio.plan.append(Step(500, 20500))
    deliver(second)
    deliver(second, after=61 * SECOND)
    assert second.state == State.SENT
    assert second.provider_id != first.provider_id
    assert len(twilio.messages) == 2


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_with_lost_answers_and_errors_each_message_arrives_exactly_once(twilio):
    """T-R3 in small: a provider without idempotency keys, far worse than in life."""
    messages = [tell(f"late:{n}", about="", to=f"+4477009{n:05d}") for n in range(60)]
    for n in range(60):
        kind = n % 6
        twilio.plan.append(
            {1: Step(lose_answer=True), 3: Step(500, 20500), 5: Step(429, 20429)}.get(kind, Step())
        )
    for minute in range(12):
        for message in messages:
            deliver(message, after=minute * 61 * SECOND)
    assert {message.state for message in messages} == {State.SENT}
    bodies = [m["body"] for m in twilio.messages]
    assert len(bodies) == len(set(bodies)) == 60


def test_two_clicks_on_send_again_are_one_more_message_and_a_second_try_is_a_decision():
    message = tell()
    Notification.objects.filter(pk=message.pk).update(state=State.UNKNOWN)

    def send_again(one: Notification) -> int:
        return notifications.actions.send_again(
            public_id=one.public_id, actor=SYSTEM, now=timezone.now()
        )

    copy = send_again(message)
    with pytest.raises(notifications.actions.NotToBeRepeated):
        send_again(message)
    again = Notification.objects.filter(key__startswith=f"{message.key}#")
    assert [one.pk for one in again] == [copy]

    Notification.objects.filter(pk=copy).update(state=State.UNKNOWN)
    assert send_again(message) != copy


@pytest.mark.django_db(transaction=True)
def test_a_clock_of_ours_that_is_minutes_fast_makes_no_second_text(twilio):
    twilio.plan.append(Step(lose_answer=True))
    message = deliver(tell(), after=5 * MINUTE)
    assert message.state == State.UNKNOWN
    deliver(message, after=7 * MINUTE)
    assert message.state == State.SENT
    assert len(twilio.messages) == 1
