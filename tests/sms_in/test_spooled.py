"""What was kept on disk becomes what it would have been: once, in order, and answered."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import OperationalError, transaction
from django.utils import timezone

import notifications.queries
from channels.sms import conversation, late, spool, spooled
from core import failpoints, heartbeats
from customers.queries_telling import decide
from customers.ways import Wish
from enquiries.actions import telling
from enquiries.models import ContactItem, Enquiry
from notifications.backends import memory
from notifications.models import Notification
from tests.outbox import run_outbox
from tests.stand_ins.phone import Phone, sid

pytestmark = pytest.mark.django_db

ODD = "Something odd happened near the old mill"


def drain():
    return spooled.drain(now=timezone.now())


def sent() -> list[str]:
    run_outbox()
    return [message.body for message in memory.outbox if message.medium == "sms"]


def test_a_text_that_was_kept_becomes_an_enquiry_and_its_answer_goes_as_a_message(
    clock, keep, settings
):
    came = timezone.now() - timedelta(minutes=20)
    keep(ODD, at=came)
    assert drain().taken == 1
    enquiry = Enquiry.objects.get()
    assert enquiry.description == ODD
    assert enquiry.received_at == came
    (body,) = sent()
    assert enquiry.reference in body
    assert spool.waiting(settings.SMS_SPOOL_DIR) == []
    (told,) = notifications.queries.about(enquiry.reference)
    assert told.state in {"sent", "delivered"}
    assert heartbeats.age(spooled.HEARTBEAT, now=timezone.now()) == 0


def test_the_same_text_kept_twice_is_one_enquiry_and_one_answer(clock, keep):
    message = keep(ODD)
    clock.shift(timedelta(seconds=3))
    keep(ODD, message_sid=message)
    keep(ODD, message_sid=message, source=spool.PULLED)
    drain()
    assert len(sent()) == 1
    keep(ODD, message_sid=message)
    drain()
    assert Enquiry.objects.count() == 1
    assert ContactItem.objects.count() == 1
    assert len(sent()) == 1


def test_a_text_whose_answer_was_lost_at_our_door_gets_that_answer(clock, keep, phone):
    message = sid()
    answer = phone.text(ODD, message_sid=message)
    assert sent() == []
    keep(ODD, message_sid=message)
    drain()
    assert sent() == [answer]
    assert Enquiry.objects.count() == 1


def test_a_text_that_was_answered_at_our_door_is_not_answered_again_because_it_is_listed(
    clock, keep, phone, settings
):
    message = sid()
    phone.text(ODD, message_sid=message)
    keep(ODD, message_sid=message, source=spool.PULLED)
    assert drain().known == 1
    assert sent() == []
    assert spool.waiting(settings.SMS_SPOOL_DIR) == []


@pytest.mark.parametrize("hours", [0, 5])
def test_a_listed_text_that_comes_by_its_own_way_at_that_moment_is_answered_there_alone(
    hours, clock, keep, phone, monkeypatch
):
    message = sid()
    keep(ODD, message_sid=message, source=spool.PULLED, at=timezone.now() - timedelta(hours=hours))
    monkeypatch.setattr(late, "was_answered", _comes_first(phone, message, late.was_answered))
    drain()
    assert len(phone.said) == 1
    assert phone.said[0]
    assert sent() == []
    assert Enquiry.objects.count() == 1


def _comes_first(phone, message, was_answered):
    """Looks whether a text was answered; its webhook is taken right after the first look."""

    def look(text_sid):
        found = was_answered(text_sid)
        if not phone.said:
            phone.text(ODD, message_sid=message)
        return found

    return look


class _Killed(BaseException):
    pass


@pytest.mark.parametrize("source", [spool.FALLBACK, spool.PULLED])
@pytest.mark.parametrize("place", ["sms.spooled_taken", "sms.spooled_sent"])
def test_killed_anywhere_it_is_taken_once_and_answered_once(
    place, source, clock, keep, monkeypatch, settings
):
    keep(ODD, source=source)

    def kill(name: str) -> None:
        if name == place:
            raise _Killed

    monkeypatch.setattr(failpoints, "reach", kill)
    with pytest.raises(_Killed):
        drain()
    assert len(spool.waiting(settings.SMS_SPOOL_DIR)) == 1
    monkeypatch.undo()
    drain()
    assert Enquiry.objects.count() == 1
    assert len(sent()) == 1


def test_what_cannot_be_read_is_set_aside_and_stops_nothing(clock, keep, settings):
    folder = settings.SMS_SPOOL_DIR
    keep(ODD)
    for number, content in enumerate(
        (b"", b"{", b"[]", b"\xff\xfe", b'{"version": 2}', b"x" * (spool.MOST_BYTES + 1),
         b'{"version":1,"received_at":"2026-11-22T10:00:00","source":"fallback","fields":{}}',
         b'{"version":1,"received_at":"2026-11-22T10:00:00+00:00","source":"x","fields":{}}',
         b'{"version":1,"received_at":"2026-11-22T10:00:00+00:00","source":"x","fields":[]}',
         b"[" * 50_000),
    ):  # fmt: skip
        (folder / f"{number:020d}-SM-fallback.json").write_bytes(content)
    done = drain()
    assert (done.taken, done.aside) == (1, 10)
    assert spool.laid_aside(folder) == 10
    assert spool.waiting(folder) == []
    assert Enquiry.objects.count() == 1


def test_while_the_database_is_away_everything_stays(clock, keep, monkeypatch, settings):
    keep(ODD)
    keep(ODD, From="+447700900999")

    def away(*_args: object, **_kwargs: object) -> str:
        raise OperationalError("the server closed the connection")

    monkeypatch.setattr(conversation, "answer", away)
    for _ in range(spooled.MOST_TRIES + 1):
        with pytest.raises(OperationalError):
            drain()
    assert len(spool.waiting(settings.SMS_SPOOL_DIR)) == 2
    assert spool.laid_aside(settings.SMS_SPOOL_DIR) == 0


def test_a_poisoned_text_holds_up_its_own_number_for_a_while_and_nobody_else(
    clock, keep, monkeypatch, settings
):
    folder, real = settings.SMS_SPOOL_DIR, conversation.answer
    bad = keep("Poison")
    clock.shift(timedelta(seconds=1))
    keep(f"{ODD}, later")
    clock.shift(timedelta(seconds=1))
    keep(ODD, From="+447700900999")

    def answer(text, **rest):
        if text.sid == bad:
            raise ValueError("nobody foresaw this")
        return real(text, **rest)

    monkeypatch.setattr(conversation, "answer", answer)
    first = drain()
    assert (first.taken, first.failed, first.aside) == (1, 1, 0)
    assert Enquiry.objects.count() == 1
    for _ in range(spooled.MOST_TRIES - 1):
        drain()
    assert spool.laid_aside(folder) == 1
    drain()
    assert Enquiry.objects.count() == 2
    assert spool.waiting(folder) == []


def test_texts_are_read_in_the_order_in_which_they_came(clock, keep):
    now = timezone.now()
    keep("STATUS", at=now - timedelta(seconds=10))
    keep(ODD, at=now - timedelta(seconds=30))
    drain()
    first, second = sent()
    assert Enquiry.objects.get().reference in second
    assert Enquiry.objects.get().reference in first


def test_who_cannot_be_answered_is_not(clock, keep):
    keep(ODD, From="+266696687")
    drain()
    assert Enquiry.objects.count() == 1
    assert sent() == []


def test_a_text_with_no_answer_sends_none(clock, keep):
    keep("STOP")
    drain()
    assert sent() == []


# -- Hours late ----------------------------------------------------------------------------------


def test_a_text_that_comes_hours_late_is_taken_as_it_stands_and_its_sender_told(clock, keep):
    came = timezone.now() - timedelta(hours=5)
    keep("My bin was not emptied on Monday. WR11 3DA", at=came)
    drain()
    enquiry = Enquiry.objects.get()
    assert enquiry.received_at == came
    assert enquiry.service is not None
    assert enquiry.service.slug == "missed-bin"
    assert enquiry.postcode == "WR11 3DA"
    (body,) = sent()
    assert "reached us late" in body
    assert enquiry.reference in body
    assert "?" not in body


def test_a_late_text_about_a_case_stands_with_it(clock, keep, phone):
    phone.text(ODD)
    reference = Enquiry.objects.get().reference
    keep(f"{reference} it is the blue gate", at=timezone.now() - timedelta(hours=5))
    drain()
    assert Enquiry.objects.count() == 1
    assert list(ContactItem.objects.order_by("pk").values_list("kind", flat=True)) == [
        "new", "new_information",
    ]  # fmt: skip
    assert any("We have added it to" in body for body in sent())


def test_stop_counts_however_late_it_comes(clock, keep, phone):
    phone.text(ODD)
    person = Enquiry.objects.get().person_id
    assert person is not None
    assert decide(person, Wish()).ways
    keep("STOP", at=timezone.now() - timedelta(hours=30))
    drain()
    assert not decide(person, Wish()).ways


def test_at_night_a_late_text_is_answered_in_the_morning_unless_it_speaks_of_danger(
    clock, keep, settings
):
    settings.HUB_QUIET_HOURS = "00:00-23:59"
    came = timezone.now() - timedelta(hours=6)
    keep(ODD, at=came)
    keep("I can smell gas in the house", at=came, From="+447700900999")
    drain()
    (body,) = sent()
    assert "gas" in body.lower() or "999" in body or "0800" in body
    held = Notification.objects.get(event="sms_late")
    assert held.hold_until is not None
    assert held.state == "queued"


def test_minutes_later_the_conversation_goes_on_as_if_nothing_had_been(clock, keep):
    """The door, the folder and the database again: the words are those of the door."""
    answer = Phone("+447700900555").text(ODD)
    keep(ODD, From="+447700900666", at=timezone.now() - timedelta(minutes=30))
    drain()
    first, second = Enquiry.objects.order_by("pk").values_list("reference", flat=True)
    assert sent() == [answer.replace(first, second)]


def test_an_answer_at_night_does_not_wait_behind_news_of_the_morning(clock, keep, settings, phone):
    phone.text(ODD)
    enquiry = Enquiry.objects.get()
    run_outbox()
    settings.HUB_QUIET_HOURS = "00:00-23:59"
    with transaction.atomic():
        telling.replied(enquiry, "We come tomorrow.", sequence=9, now=timezone.now())
    assert sent() == []
    keep(f"STATUS {enquiry.reference}")
    drain()
    (body,) = sent()
    assert enquiry.reference in body
    assert "We come tomorrow" not in body
