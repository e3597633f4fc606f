"""T-R5 and a database that goes away."""

from __future__ import annotations

import threading
from typing import Any

import psycopg
import pytest
from django.db import OperationalError, connection, transaction
from django.utils import timezone

from enquiries import events, intake
from enquiries.actions import arrivals
from enquiries.models import Contact, ContactItem, Enquiry
from tests import world
from tests.stand_ins.phone import INBOUND, Phone, payload, post, sid

BIN = "My bin was not emptied on Monday. WR11 3DA"


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("body", [BIN, "Something odd", "STATUS", "HELP", "STOP", ""])
def test_five_copies_at_once_are_one_text_with_one_answer(body):
    world.build()
    message, answers, gate = sid(), [], threading.Barrier(5)

    def send() -> None:
        gate.wait()
        try:
            answers.append(Phone().text(body, message_sid=message))
        finally:
            connection.close()

    threads = [threading.Thread(target=send) for _ in range(5)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(answers) == 5
    assert len(set(answers)) == 1
    assert Enquiry.objects.count() == (1 if body in {BIN, "Something odd"} else 0)
    assert Phone().text(body, message_sid=message) == answers[0]


@pytest.mark.django_db(transaction=True)
def test_five_copies_of_a_second_text_are_one_item():
    world.build()
    Phone().text(BIN)
    message, answers = sid(), []

    def send() -> None:
        try:
            answers.append(Phone().text("Any news?", message_sid=message))
        finally:
            connection.close()

    threads = [threading.Thread(target=send) for _ in range(5)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(answers) == 5
    assert len(set(answers)) == 1
    assert sorted(ContactItem.objects.values_list("kind", flat=True)) == ["chase", "new"]
    assert Contact.objects.count() == 1


@pytest.mark.django_db
def test_a_database_that_is_away_makes_twilio_come_again(world, monkeypatch, settings):
    message = payload("sms_inbound", Body=BIN, MessageSid=sid())

    def away(*_: object, **__: object) -> str:
        raise OperationalError("server closed the connection unexpectedly")

    with monkeypatch.context() as broken:
        broken.setattr("enquiries.intake.receive_within", away)
        response = post(INBOUND, message)
    assert response.status_code == 503
    assert response["Retry-After"] == "5"
    assert not Enquiry.objects.exists()
    assert post(INBOUND, message).status_code == 200
    assert Enquiry.objects.count() == 1


@pytest.mark.django_db
def test_two_that_wait_for_each_other_are_both_served(world, monkeypatch):
    crossed: list[int] = []
    real = intake.receive_within

    def once_crossed(*given: Any, **named: Any) -> Any:
        if not crossed:
            crossed.append(1)
            raise OperationalError("deadlock detected") from psycopg.errors.DeadlockDetected()
        return real(*given, **named)

    monkeypatch.setattr("enquiries.intake.receive_within", once_crossed)
    assert post(INBOUND, payload("sms_inbound", Body=BIN)).status_code == 200
    assert Enquiry.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_who_holds_a_conversation_does_not_hold_up_what_points_to_it(monkeypatch):
    """A second text and the work on the first once waited for each other, seen under load."""
    world.build()
    Phone().text(BIN)
    contact, enquiry = Contact.objects.get(), Enquiry.objects.get()
    held, done, real = threading.Event(), threading.Event(), arrivals.take
    answers: list[str] = []

    def pause(*given: Any, **named: Any) -> Enquiry:
        held.set()
        assert done.wait(20)
        return real(*given, **named)

    def text_again() -> None:
        try:
            answers.append(Phone().text("Any news?"))
        finally:
            connection.close()

    monkeypatch.setattr("enquiries.actions.arrivals.take", pause)
    other = threading.Thread(target=text_again)
    other.start()
    assert held.wait(20)
    with transaction.atomic(), connection.cursor() as sql:
        sql.execute("SET LOCAL lock_timeout = '5s'")
        events.locked(enquiry.pk)
        ContactItem.objects.create(
            contact=contact, enquiry=enquiry, kind="thanks", at=timezone.now()
        )
    done.set()
    other.join()
    assert "waiting for news" in answers[0]


@pytest.mark.django_db
def test_nothing_is_kept_when_the_answer_cannot_be_kept(world, monkeypatch):
    """The enquiry and its answer are one transaction: a replay can never find half of it."""

    def away(*_: object, **__: object) -> str:
        raise OperationalError("gone")

    with monkeypatch.context() as broken:
        broken.setattr("enquiries.actions.telling_texts.answered_at_once", away)
        assert post(INBOUND, payload("sms_inbound", Body=BIN)).status_code == 503
    assert not Enquiry.objects.exists()
