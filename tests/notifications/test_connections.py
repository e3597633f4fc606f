"""How long a connection to a mail server lasts: for what goes at once, and no longer; and what is
known of a message whose hand-over broke or took too long."""

from datetime import timedelta

import pytest
from django.utils import timezone

from notifications import delivery
from notifications.backends import memory
from notifications.backends.base import Handed, Later, Outgoing
from notifications.lifecycle import State
from notifications.models import Notification
from tests.notifications.helpers import deliver, promise_of, tell

pytestmark = pytest.mark.django_db(transaction=True)


def several(count: int = 3) -> list[str]:
    told = [tell(f"late:{one}", medium="email", to=f"{one}@example.org") for one in range(count)]
    promises = [promise_of(one).pk for one in told]
    delivery.deliver_several(outbox_ids=promises, clock=timezone.now)
    return list(Notification.objects.order_by("pk").values_list("state", flat=True))


def test_several_e_mails_go_by_one_connection_that_ends_with_them(mail_server):
    assert several() == [State.SENT] * 3
    assert [letter["To"] for letter in mail_server.letters] == [
        "0@example.org", "1@example.org", "2@example.org",
    ]  # fmt: skip
    assert (mail_server.greetings, mail_server.goodbyes) == (1, 1)


def test_one_e_mail_leaves_no_connection_behind(mail_server):
    message = tell(medium="email", to="jo@example.org")
    delivery.deliver(outbox_id=promise_of(message).pk, now=timezone.now())
    assert (mail_server.greetings, mail_server.goodbyes) == (1, 1)


@pytest.mark.parametrize("meanwhile", ["lost", "421 4.4.2 You said nothing for too long"])
def test_a_server_that_hung_up_between_two_e_mails_is_rung_again(mail_server, meanwhile):
    mail_server.at_reset = [meanwhile]
    assert several() == [State.SENT] * 3
    assert len(mail_server.letters) == 3
    assert mail_server.greetings == 2


def test_what_went_wrong_is_begun_afresh(mail_server):
    mail_server.at_recipient = ["550 5.1.1 Nobody of that name"]
    assert several() == [State.FAILED, State.SENT, State.SENT]
    assert mail_server.greetings == 2


@pytest.mark.parametrize("place", ["at_sender", "at_recipient", "at_text"])
def test_what_breaks_before_the_text_has_gone_was_not_sent_and_is_tried_again(mail_server, place):
    setattr(mail_server, place, ["lost"])
    message = deliver(tell(medium="email", to="jo@example.org"))
    assert (message.state, mail_server.letters) == (State.QUEUED, [])
    assert deliver(message, after=timedelta(minutes=10)).state == State.SENT


def test_a_server_that_hangs_up_on_the_second_e_mail_is_rung_again_at_once(mail_server):
    mail_server.at_sender = ["250 OK", "lost"]
    assert several() == [State.SENT] * 3
    assert (len(mail_server.letters), mail_server.greetings) == (3, 2)


def test_a_server_that_does_not_take_our_own_address_has_trouble_with_us_and_not_with_the_reader(
    mail_server,
):
    mail_server.at_sender = ["550 5.7.1 Not authorised to send as this"]
    message = deliver(tell(medium="email", to="jo@example.org"))
    assert (message.state, message.error_code) == (State.QUEUED, "5.7.1")
    mail_server.at_sender = ["552 5.3.4 It is larger than we take"]
    assert deliver(message, after=timedelta(minutes=10)).state == State.FAILED


def test_who_comes_back_late_and_has_not_sent_it_says_so(monkeypatch):
    message = tell()
    took = memory.MemoryBackend.send

    def slow(backend: memory.MemoryBackend, outgoing: Outgoing) -> Handed:
        monkeypatch.setattr(memory.MemoryBackend, "send", took)
        deliver(message, after=timedelta(minutes=1))  # its lease has run out: another looks
        assert message.state == State.UNKNOWN
        raise Later("Not now")

    monkeypatch.setattr(memory.MemoryBackend, "send", slow)
    assert deliver(message).state == State.QUEUED
    assert deliver(message, after=timedelta(minutes=10)).state == State.SENT
