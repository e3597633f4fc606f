"""T-R14 and T-R5 as citizens meet them: texts while the hub is away, and copies."""

from __future__ import annotations

import threading
from datetime import timedelta
from pathlib import Path

import pytest
from django.db import OperationalError, connection
from django.utils import timezone

from channels import tasks
from channels.sms import conversation, pulling, spool, spooled
from enquiries.models import ContactItem, Enquiry
from hub.fallback import Door
from notifications.backends import memory
from notifications.models import Notification
from tests import world
from tests.outbox import run_outbox
from tests.sms_in.test_fallback import text as text_door
from tests.stand_ins.phone import INBOUND, Phone, payload, post, sid

ODD = "Something odd happened near the old mill"
URL = "https://hub.example/channels/sms/fallback"


def _fields(number: str, body: str, message: str) -> dict[str, str]:
    return payload("sms_inbound", From=number, Body=body, MessageSid=message, SmsSid=message,
                   SmsMessageSid=message)  # fmt: skip


@pytest.mark.django_db
def test_ten_minutes_away_and_every_text_is_there_once_ten_minutes_later(
    clock, twilio, settings, monkeypatch
):
    """Of thirty texts a third finds the door, a third the fallback, and a third nobody at all."""
    pulling.pull(now=timezone.now())
    settings.TWILIO_AUTH_TOKENS = ["the-new-token"]
    fallback = Door(URL, ("the-new-token",), settings.SMS_SPOOL_DIR)
    real, sent = conversation.answer, {}

    def away(*_args: object, **_kwargs: object) -> str:
        raise OperationalError("the server closed the connection")

    monkeypatch.setattr("channels.sms.conversation.answer", away)
    for number in range(30):
        phone, message = f"+4477009003{number:02d}", sid()
        body = f"{ODD}, number {number}"
        sent[phone] = body
        twilio.came_in(body, sid=message, sender=phone, at=timezone.now())
        fields = _fields(phone, body, message)
        if number % 3 == 0:  # back just in time: Twilio's own repeat finds the door
            monkeypatch.setattr("channels.sms.conversation.answer", real)
            assert post(INBOUND, fields).status_code == 200
            monkeypatch.setattr("channels.sms.conversation.answer", away)
        else:
            assert post(INBOUND, fields).status_code == 503
        if number % 3 == 1:
            assert text_door(fallback, fields).status == 200
        clock.shift(timedelta(seconds=20))
    assert Enquiry.objects.count() == 10
    monkeypatch.setattr("channels.sms.conversation.answer", real)
    settings.TWILIO_AUTH_TOKENS = ["a-token-for-the-stand-in"]
    for _minute in range(10):
        clock.shift(timedelta(minutes=1))
        tasks.drain_spool()
        if _minute % 5 == 4:
            tasks.pull_texts()
        run_outbox()
    said = {row.first_contact.address_hash: row.description for row in Enquiry.objects.all()}
    assert sorted(said.values()) == sorted(sent.values())
    assert len(said) == 30
    assert ContactItem.objects.count() == 30
    answered = [one.to for one in memory.outbox]
    assert sorted(answered) == sorted(p for n, p in enumerate(sent) if n % 3)


@pytest.mark.django_db(transaction=True)
def test_five_copies_on_every_way_at_once_are_one_enquiry_and_one_answer(settings):
    """The door, the fallback and the list: five times each, together, and again a day later."""
    world.build()
    message, folder = sid(), Path(settings.SMS_SPOOL_DIR)
    fields = _fields(Phone().number, ODD, message)
    gate, answers = threading.Barrier(10), []

    def at_the_door() -> None:
        gate.wait()
        try:
            answers.append(post(INBOUND, fields).content)
        finally:
            connection.close()

    def on_disk(number: int) -> None:
        at = timezone.now() + timedelta(microseconds=number)
        source = spool.FALLBACK if number % 2 else spool.PULLED
        spool.keep(folder, sid=message, fields=fields, received_at=at, source=source)
        gate.wait()
        try:
            spooled.drain(now=timezone.now())
        finally:
            connection.close()

    threads = [threading.Thread(target=at_the_door) for _ in range(5)]
    threads += [threading.Thread(target=on_disk, args=(number,)) for number in range(5)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    spooled.drain(now=timezone.now() + timedelta(hours=3))
    assert Enquiry.objects.count() == 1
    assert ContactItem.objects.count() == 1
    assert (len(answers), len(set(answers))) == (5, 1)
    later = timezone.now() - timedelta(hours=24)
    spool.keep(folder, sid=message, fields=fields, received_at=later, source=spool.FALLBACK)
    spooled.drain(now=timezone.now())
    assert Enquiry.objects.count() == 1
    assert spool.waiting(folder) == []
    assert spool.laid_aside(folder) == 0
    run_outbox()
    assert Notification.objects.filter(event="sms_received").count() == 1
    assert len([one for one in memory.outbox if one.medium == "sms"]) <= 1
