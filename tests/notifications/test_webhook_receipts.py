"""What a body's own system says became of messages: signed, once, of its own and no others."""

from __future__ import annotations

import itertools
import json
import uuid
from pathlib import Path
from typing import Any

import pytest
from django.db import OperationalError, connection
from django.test import Client
from django.utils import timezone

import customers.actions
from core import webhook_signing
from core.models import Outbox
from customers import queries_telling
from customers.ways import Wish
from notifications.backends import codes, registry
from notifications.lifecycle import State
from notifications.models import Attempt, Carrier, DeliveryReceipt, Notification, Route
from tests.notifications.helpers import deliver, promise_of, tell
from tests.outbox import run_outbox
from tests.stand_ins import webhook_server

pytestmark = pytest.mark.django_db

SECRET = webhook_server.SECRET
OTHER = "whsec_" + "b3RoZXIg" * 4
PAGE = Path(__file__).parents[2] / "docs" / "messages-by-webhook.md"


def carrier(slug: str, secret: str, url: str = "https://example.org/") -> None:
    Carrier.objects.create(
        slug=slug, name=slug, kind="webhook", changed_at=timezone.now(), settings={"url": url},
        sealed=registry.seal({"secret": secret}),
    )  # fmt: skip


@pytest.fixture(autouse=True)
def carriers(request) -> None:
    carrier("theirs", SECRET)
    carrier("others", OTHER)


def post(
    data: Any, *, secret: str = SECRET, age: int = 0, body: bytes | None = None, **more: str
) -> Any:
    """Signs and posts; `body` is what is sent where it is not what was signed."""
    said = {"type": "message.receipt", "timestamp": timezone.now().isoformat(), "data": data}
    signed = data if isinstance(data, bytes) else json.dumps(said).encode()
    stamp = str(int(timezone.now().timestamp()) - age)
    headers = {
        "webhook-id": "their-event-1", "webhook-timestamp": stamp,
        "webhook-signature": webhook_signing.signature(
            secret, webhook_id="their-event-1", timestamp=stamp, body=signed
        ),
        **more,
    }  # fmt: skip
    return Client().post(
        "/channels/messages/receipt", signed if body is None else body,
        content_type="application/json", headers=headers,
    )  # fmt: skip


def receipt(message: Notification, status: str, *, secret: str = SECRET, reason: str = "") -> bool:
    """Whether they know it."""
    answer = post({"id": str(message.public_id), "status": status, "reason": reason}, secret=secret)
    assert answer.status_code == 200, answer.content
    message.refresh_from_db()
    return bool(answer.json()["known"])


def handed(state: State = State.SENT, provider: str = "theirs", **fields: Any) -> Notification:
    message = tell(**fields)
    sent_at = timezone.now() if state is State.SENT else None
    Notification.objects.filter(pk=message.pk).update(
        state=state, sent_at=sent_at, provider=provider, provider_id="their-7" if sent_at else ""
    )
    message.refresh_from_db()
    return message


@pytest.mark.parametrize("order", list(itertools.permutations(["delivered", "failed", "expired"])))
def test_the_first_end_counts_and_twice_is_once(order):
    message = handed()
    for status in order:
        assert receipt(message, status)
        assert receipt(message, status)
    assert message.state == order[0]
    assert DeliveryReceipt.objects.count() == 3
    fall_backs = Outbox.objects.filter(task="enquiries.fall_back")
    assert fall_backs.count() == (0 if order[0] == "delivered" else 1)


@pytest.mark.django_db(transaction=True)
def test_a_receipt_may_come_before_our_hand_over_is_answered(settings):
    settings.HUB_DEVELOPMENT = True  # only there is loopback called
    known: list[bool] = []

    def tells(number: str) -> None:
        try:
            known.append(receipt(Notification.objects.get(public_id=number), "failed",
                                 reason="returned"))  # fmt: skip
        finally:
            connection.close()

    with webhook_server.WebhookServer(before_answer=tells) as server:
        Carrier.objects.filter(slug="theirs").update(settings={"url": server.url})
        Route.objects.create(medium="sms", carrier="theirs")
        message = deliver(tell())
        deliver(message)
    assert known == [True]
    assert server.calls == 1
    assert (message.state, message.error) == (State.FAILED, "The letter came back")
    assert promise_of(message).settled_at is not None


@pytest.mark.parametrize("state", [State.SENDING, State.UNKNOWN])
def test_what_they_have_given_up_surely_did_not_arrive_and_goes_another_way(state):
    message = handed(state)
    assert receipt(message, "expired")
    assert (message.state, message.error_code) == (State.EXPIRED, "expired")
    assert Outbox.objects.filter(task="enquiries.fall_back").count() == 1


def test_of_what_a_system_was_never_handed_it_can_say_nothing():
    message = handed()
    for status in ("delivered", "failed", "expired"):
        assert not receipt(message, status, secret=OTHER)
    assert message.state == State.SENT
    assert post({"id": str(uuid.uuid4()), "status": "delivered"}).json() == {"known": False}
    assert not DeliveryReceipt.objects.exists()
    assert receipt(message, "delivered")
    assert DeliveryReceipt.objects.get(notification=message).status == "delivered"


def test_of_what_went_another_way_since_only_good_news_counts():
    message = handed(provider="twilio")
    Attempt.objects.create(notification=message.pk, carrier="theirs", medium="sms",
                           at=timezone.now(), took_ms=1, result="unclear")  # fmt: skip
    assert receipt(message, "failed", reason="no_such_address")
    assert receipt(message, "expired")
    assert (message.state, message.address_state) == (State.SENT, "")
    assert receipt(message, "delivered")
    assert (message.state, message.provider_id) == (State.DELIVERED, "their-7")


def test_a_reason_is_read_by_our_table_and_a_new_one_judges_no_address():
    for n, (reason, address) in enumerate(
        [("no_such_address", "unusable"), ("opted_out", "opted_out"), ("a_new_one", ""), ("", "")]
    ):
        message = handed(key=f"late:{n}")
        assert receipt(message, "failed", reason=reason)
        assert (message.state, message.address_state) == (State.FAILED, address)
        assert message.error
    page = PAGE.read_text(encoding="utf-8")
    assert [code for code in codes.read("webhook") if f"`{code}`" not in page] == ["*"]


def test_who_wants_no_more_mails_of_such_a_system_gets_none_and_no_number_is_stopped():
    person = customers.actions.identify(name="Jo", email="jo@example.com", now=timezone.now())
    assert person is not None
    message = handed(medium="email", to="jo@example.com")
    assert receipt(message, "failed", reason="opted_out")
    run_outbox()
    assert not queries_telling.decide(person, Wish()).ways
    assert not queries_telling.texts_stopped("jo@example.com")


@pytest.mark.parametrize(
    "wrong",
    [
        {"secret": "whsec_" + "bm9ib2R5" * 4}, {"age": 301}, {"age": -301}, {"body": b"{}"},
        {"webhook-signature": ""}, {"webhook-signature": "v1,\u00e9"}, {"webhook-id": ""},
        {"webhook-id": "another"}, {"webhook-timestamp": "now"},
    ],
)  # fmt: skip
def test_what_their_secret_did_not_sign_lately_is_not_taken(wrong):
    message = handed()
    assert post({"id": str(message.public_id), "status": "failed"}, **wrong).status_code == 403
    assert not DeliveryReceipt.objects.exists()


def test_a_system_that_is_switched_off_is_not_heard_and_both_secrets_open_while_one_is_changed():
    message = handed(State.SENDING)
    Carrier.objects.filter(slug="theirs").update(
        sealed=registry.seal({"secret": f"whsec_{'bmV3IG5l' * 4} {SECRET}"})
    )
    assert receipt(message, "delivered")
    assert (message.state, message.provider_id) == (State.DELIVERED, "")
    Carrier.objects.filter(slug="theirs").update(is_active=False)
    assert post({"id": str(message.public_id), "status": "failed"}).status_code == 403


@pytest.mark.parametrize(
    "data",
    [
        b"", b"[]", b"{", b"null", b"[" * 5000, b'{"type": "message.send", "data": {}}', [], None,
        {"status": "failed"}, {"id": ["a"], "status": "failed"}, {"id": "no-uuid", "status": "x"},
        {"id": str(uuid.uuid4())}, {"id": str(uuid.uuid4()), "status": "teleported"},
        {"id": str(uuid.uuid4()), "status": {"a": 1}},
    ],
)  # fmt: skip
def test_what_is_no_receipt_is_told_so(data):
    answer = post(data)
    assert answer.status_code == 400
    assert answer.content.endswith(b".")
    assert not DeliveryReceipt.objects.exists()


def test_a_flood_is_no_receipt_and_without_the_database_it_is_to_come_again(monkeypatch):
    assert post(b" " * 70_000).status_code == 413
    assert Client().get("/channels/messages/receipt").status_code == 405

    def away(*_: object, **__: object) -> None:
        raise OperationalError

    monkeypatch.setattr("notifications.actions.record_webhook_receipt", away)
    answer = post({"id": str(uuid.uuid4()), "status": "delivered"})
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "30")
