"""One contract for every provider: memory, post box, mail over SMTP; Twilio, GOV.UK Notify and
a body's own system over HTTP."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import pytest

from notifications import threads
from notifications.backends import memory
from notifications.backends.base import Backend, Later, Outgoing, Refused, Unclear
from notifications.backends.mail import MailBackend
from notifications.backends.memory import MemoryBackend
from notifications.backends.notify import NotifyBackend
from notifications.backends.postbox import PostboxBackend
from notifications.backends.twilio import TwilioBackend
from notifications.backends.webhook import WebhookBackend
from notifications.models import PostboxMessage
from tests.stand_ins import notify_server, webhook_server
from tests.stand_ins.twilio_server import Step

pytestmark = pytest.mark.django_db


@dataclass
class Provider:
    """A provider under test: what it took, and how to give it a bad day."""

    backend: Backend
    medium: str
    bodies: Callable[[], list[str]]
    spoil: Callable[[str], None]


def _memory(request) -> Provider:
    trouble: dict[str, Any] = {
        "refuse": Refused("No", code="1"),
        "later": Later("Busy", after_seconds=7),
        "down": Unclear("?"),
        "lost": ("lost", Unclear("Lost")),
    }
    return Provider(
        MemoryBackend(), "sms", lambda: [m.body for m in memory.outbox],
        lambda kind: memory.plan.append(trouble[kind]),
    )  # fmt: skip


def _postbox(request) -> Provider:
    return Provider(
        PostboxBackend(), "email",
        lambda: list(PostboxMessage.objects.order_by("pk").values_list("body", flat=True)),
        # A table of our own database is there, or nothing is: it has no bad days of its own.
        pytest.fail,
    )  # fmt: skip


def _twilio(request) -> Provider:
    server = request.getfixturevalue("twilio")
    steps = {"refuse": Step(400, 21211, "Not a number"), "later": Step(429, 20429, retry_after="7"),
             "down": Step(500, 20500), "lost": Step(lose_answer=True)}  # fmt: skip
    return Provider(
        TwilioBackend(), "sms", lambda: [m["body"] for m in server.messages],
        lambda kind: server.plan.append(steps[kind]),
    )  # fmt: skip


def _mail(request) -> Provider:
    server = request.getfixturevalue("mail_server")

    def spoil(kind: str) -> None:
        if kind == "refuse":
            server.at_recipient.append("550 5.1.1 No such mailbox")
        elif kind == "later":
            server.at_recipient.append("451 4.7.1 Greylisted")
        else:
            server.at_data.append("lost")

    def bodies() -> list[str]:
        return [
            letter.get_payload(decode=True).decode().replace("\r\n", "\n").removesuffix("\n")
            for letter in server.letters
        ]

    return Provider(MailBackend(), "email", bodies, spoil)


def _notify(medium: str) -> Callable[[Any], Provider]:
    def make(request) -> Provider:
        server = request.getfixturevalue("notify")
        steps = {
            "refuse": notify_server.Step(400, "ValidationError", "phone_number Too many digits"),
            "later": notify_server.Step(429, "RateLimitError", "Exceeded", retry_after="7"),
            "down": notify_server.Step(500, "Exception", "Internal server error"),
            "lost": notify_server.Step(lose_answer=True),
        }
        return Provider(
            NotifyBackend(), medium,
            lambda: [m["personalisation"]["body"] for m in server.messages],
            lambda kind: server.plan.append(steps[kind]),
        )  # fmt: skip

    make.__name__ = f"_notify_{medium}"
    return make


def _webhook(request) -> Provider:
    server, account = request.getfixturevalue("webhook")
    steps = {"refuse": webhook_server.Step(422), "later": webhook_server.Step(429, retry_after="7"),
             "down": webhook_server.Step(503),
             "lost": webhook_server.Step(lose_answer=True)}  # fmt: skip
    return Provider(
        WebhookBackend(account), "sms",
        lambda: [m["data"]["body"] for m in server.messages.values()],
        lambda kind: server.plan.append(steps[kind]),
    )  # fmt: skip


_by_notify = [_notify("sms"), _notify("email"), _notify("letter")]
EVERY = [_memory, _postbox, _twilio, _mail, *_by_notify, _webhook]
THAT_FAIL = [_memory, _twilio, _mail, *_by_notify, _webhook]
THAT_LOOK_UP = [_memory, _postbox, _twilio, *_by_notify]


@pytest.fixture
def provider(request) -> Provider:
    made: Provider = request.param(request)
    return made


def each(providers: list[Callable[..., Provider]]) -> pytest.MarkDecorator:
    return pytest.mark.parametrize(
        "provider", providers, ids=lambda make: make.__name__[1:], indirect=True
    )


def message(provider: Provider, body: str = "We have your enquiry. £5 – \u00e9") -> Outgoing:
    return Outgoing(
        reference=str(uuid.uuid4()),
        medium=provider.medium,
        to="+447700900123" if provider.medium == "sms" else "jo@example.com",
        subject="" if provider.medium == "sms" else "We have your enquiry",
        body=body,
        about="WH7-K3MP-4X",
        tried_at=datetime.now(UTC),
        postal="1 High Street\nEvesham\nWR11 3DA" if provider.medium == "letter" else "",
    )


@each(EVERY)
def test_a_message_is_handed_over_word_for_word(provider):
    handed = provider.backend.send(message(provider))
    assert handed.provider_id
    assert provider.bodies() == ["We have your enquiry. £5 – é"]


@each(EVERY)
def test_two_messages_have_two_ids(provider):
    ids = {provider.backend.send(message(provider, str(n))).provider_id for n in range(2)}
    assert len(ids) == 2


@each(THAT_FAIL)
def test_a_refusal_is_final_and_nothing_was_taken(provider):
    provider.spoil("refuse")
    with pytest.raises(Refused) as refusal:
        provider.backend.send(message(provider))
    assert refusal.value.code
    assert provider.bodies() == []


@each(THAT_FAIL)
def test_a_busy_provider_is_tried_later_and_nothing_was_taken(provider):
    provider.spoil("later")
    with pytest.raises(Later) as later:
        provider.backend.send(message(provider))
    assert provider.bodies() == []
    if provider.backend.name != "smtp":  # which has no way to say how long
        assert later.value.after_seconds == 7


@each([*THAT_FAIL[1:]])
def test_a_plea_for_patience_is_no_illness(provider):
    provider.spoil("later")
    with pytest.raises(Later) as later:
        provider.backend.send(message(provider))
    assert later.value.busy


@each(THAT_FAIL)
@pytest.mark.parametrize("trouble", ["down", "lost"])
def test_an_answer_that_does_not_come_is_unclear(provider, trouble):
    provider.spoil(trouble)
    with pytest.raises(Unclear):
        provider.backend.send(message(provider))


@each(THAT_LOOK_UP)
def test_a_look_up_finds_what_was_taken_and_nothing_else(provider):
    first, other = message(provider, "One"), message(provider, "Two")
    handed = provider.backend.send(first)
    assert provider.backend.find(first) == [handed.provider_id]
    assert provider.backend.find(other) == []


@each([_memory, _twilio, *_by_notify, _webhook])
def test_a_look_up_finds_a_message_whose_answer_was_lost(provider):
    provider.spoil("lost")
    lost = message(provider)
    with pytest.raises(Unclear):
        provider.backend.send(lost)
    assert len(provider.backend.find(lost)) == 1


def test_only_mail_says_that_it_cannot_be_asked():
    assert not MailBackend.looks_up
    others = (MemoryBackend, PostboxBackend, TwilioBackend, NotifyBackend, WebhookBackend)
    assert all(kind.looks_up for kind in others)


def test_the_post_box_keeps_a_reference_once():
    backend = PostboxBackend()
    one = Outgoing("r", "sms", "+447700900123", "", "Hello", "", datetime.now(UTC))
    assert backend.send(one) == backend.send(one)
    assert PostboxMessage.objects.count() == 1


def test_a_mail_keeps_its_message_id_and_asks_for_no_automatic_answer(mail_server):
    mail = Outgoing("r-1", "email", "jo@example.com", "Hello", "Words", "", datetime.now(UTC))
    backend = MailBackend()
    backend.send(mail)
    backend.send(mail)
    ids = {letter["Message-ID"] for letter in mail_server.letters}
    assert ids == {threads.message_id("r-1")}
    # it begins with our id of the message, and ends at our own domain
    assert ids.pop().startswith("<r1")
    assert threads.message_id("r-1").endswith("@hub.example>")
    assert mail_server.letters[0]["Auto-Submitted"] == "auto-generated"
    assert mail_server.letters[0]["From"] == "Worcestershire Hub <hub@hub.example>"


def test_a_mail_server_that_is_away_took_nothing(settings):
    settings.EMAIL_URL = "smtp://127.0.0.1:9"
    mail = Outgoing("r-2", "email", "jo@example.com", "Hello", "Words", "", datetime.now(UTC))
    with pytest.raises(Later):
        MailBackend().send(mail)


def test_a_letter_put_off_after_its_text_is_tried_later(mail_server):
    mail_server.at_data.append("452 4.3.1 No room")
    mail = Outgoing("r-3", "email", "jo@example.com", "Hello", "Words", "", datetime.now(UTC))
    with pytest.raises(Later):
        MailBackend().send(mail)


@pytest.mark.parametrize(
    ("url", "tls", "ssl", "port"),
    [
        ("smtp://mail.example", False, False, 25),
        ("smtp://u:p%40ss@mail.example", True, False, 587),
        ("smtp://u:p%40ss@mail.example:2525?starttls=0", False, False, 2525),
        ("smtps://u:p%40ss@mail.example", False, True, 465),
        ("smtp://mail.example?starttls=1", True, False, 587),
    ],
)
def test_the_mail_address_says_how_to_connect(url, tls, ssl, port):
    from notifications.backends.mail import server

    connection = server(url)
    assert (connection.use_tls, connection.use_ssl, connection.port) == (tls, ssl, port)
    if "@" in url:
        assert connection.password == "p@ss"


def test_twilio_cannot_be_reached_means_nothing_was_taken(twilio, settings):
    settings.TWILIO_API_BASE = "http://127.0.0.1:9"
    one = Outgoing("r", "sms", "+447700900123", "", "Hello", "", datetime.now(UTC))
    with pytest.raises(Later):
        TwilioBackend().send(one)


def test_twilio_says_how_long_to_wait(twilio):
    twilio.plan.append(Step(429, 20429, retry_after="7"))
    one = Outgoing("r", "sms", "+447700900123", "", "Hello", "", datetime.now(UTC))
    with pytest.raises(Later) as later:
        TwilioBackend().send(one)
    assert later.value.after_seconds == 7


def test_a_wrong_token_of_ours_costs_no_message(twilio, settings):
    settings.TWILIO_AUTH_TOKENS = ["old"]
    one = Outgoing("r", "sms", "+447700900123", "", "Hello", "", datetime.now(UTC))
    with pytest.raises(Later):
        TwilioBackend().send(one)


def test_stop_at_twilio_is_told_apart_from_a_bad_number(twilio):
    one = Outgoing("r", "sms", "+447700900123", "", "Hello", "", datetime.now(UTC))
    backend = TwilioBackend()
    for code, becomes in ((21610, "opted_out"), (21614, "unusable"), (21617, "")):
        twilio.plan.append(Step(400, code))
        with pytest.raises(Refused) as refusal:
            backend.send(one)
        assert (refusal.value.code, refusal.value.address) == (str(code), becomes)


def test_twilio_is_told_where_to_report_with_our_own_id(twilio):
    one = Outgoing("r", "sms", "+447700900123", "", "Hello", "", datetime.now(UTC))
    TwilioBackend().send(one)
    callback = twilio.messages[0]["status_callback"]
    assert callback.startswith("https://hub.example/channels/sms/status?message=r&proof=")
    assert callback.endswith("#rc=5&rp=all")  # what does not reach us is told again
    assert twilio.messages[0]["messaging_service_sid"].startswith("MG")
