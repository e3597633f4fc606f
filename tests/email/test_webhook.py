"""The door at which a mail server hands mails in."""

import base64
from typing import Any

import pytest
from django.db import OperationalError
from django.test import Client
from django.utils import timezone

from channels.email import receiving
from core import webhook_signing
from inbox.models import InboundMail
from tests.email.letters import write

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("world")]

NEW = "whsec_" + base64.b64encode(b"n" * 32).decode()
OLD = "whsec_" + base64.b64encode(b"o" * 32).decode()
OTHER = "whsec_" + base64.b64encode(b"x" * 32).decode()


@pytest.fixture(autouse=True)
def secrets(settings) -> None:
    settings.MAIL_WEBHOOK_SECRETS = [NEW, OLD]


def post(
    raw: bytes, *, secret: str = NEW, age: int = 0, body: bytes | None = None, **more: str
) -> Any:
    """Hands a mail in; `body` is what is sent where it is not what was signed."""
    stamp = str(int(timezone.now().timestamp()) - age)
    headers = {
        "webhook-id": "msg_1",
        "webhook-timestamp": stamp,
        "webhook-signature": webhook_signing.signature(
            secret, webhook_id="msg_1", timestamp=stamp, body=raw
        ),
        **more,
    }
    return Client().post(
        "/channels/email/inbound",
        raw if body is None else body,
        content_type="message/rfc822",
        headers=headers,
    )


def test_a_mail_is_kept_before_anybody_says_so():
    assert post(write()).status_code == 200
    assert InboundMail.objects.get().state == "new"


def test_the_same_mail_again_is_known():
    raw = write()
    assert [post(raw).content, post(raw).content] == [b"Kept.", b"Known."]
    assert InboundMail.objects.count() == 1


def test_both_secrets_open_while_one_is_changed():
    assert post(write(), secret=OLD).status_code == 200


@pytest.mark.parametrize(
    "wrong",
    [
        {"secret": OTHER},
        {"body": b"From: eve@evil.example\r\n\r\nhello"},
        {"age": 400},
        {"age": -400},
        {"webhook-id": "msg_2"},
        {"webhook-signature": ""},
        {"webhook-signature": "v1,"},
        {"webhook-signature": "v1,\u00e9"},
        {"webhook-signature": "v1a,abc " * 50},
        {"webhook-timestamp": "soon"},
        {"webhook-timestamp": "9" * 40},
        {"webhook-timestamp": "\u0661\u0662"},
        {"webhook-id": ""},
    ],
)
def test_what_none_of_our_secrets_signed_is_not_taken(wrong):
    assert post(write(), **wrong).status_code == 403
    assert not InboundMail.objects.exists()


def test_without_a_secret_the_door_is_shut(settings):
    settings.MAIL_WEBHOOK_SECRETS = []
    assert post(write()).status_code == 403


def test_a_mail_of_three_megabytes_is_taken_and_one_of_thirty_is_not():
    files = [("a.bin", "application/octet-stream", b"\1" * 3_000_000)]
    assert post(write(files=files)).status_code == 200
    large = b"Subject: x\r\n\r\n" + b"a" * (receiving.most_bytes() + 1)
    assert post(large).status_code == 413


def test_nothing_is_no_mail():
    assert post(b" ").status_code == 400


def test_another_method_is_not_taken():
    assert Client().get("/channels/email/inbound").status_code == 405


def test_while_the_database_is_away_it_is_asked_to_come_again(monkeypatch):
    def away(*_: object, **__: object) -> bool:
        raise OperationalError

    monkeypatch.setattr(receiving, "keep", away)
    answer = post(write())
    assert (answer.status_code, answer["Retry-After"]) == (503, "30")
