"""T-S18 at every door that Twilio calls: the table is exact, and no door can be forgotten.

tests/sms/test_signature.py has what is said of the signature itself, tests/sms_in/test_fallback.py
the same table for the fallback, which is a process of its own.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

import pytest
from django.test import Client
from django.urls import get_resolver
from twilio.request_validator import RequestValidator

from channels.sms import urls as sms_urls
from channels.voice import urls as voice_urls
from enquiries.models import Contact, Receipt
from inbox.models import Call
from notifications import callbacks
from notifications.models import DeliveryReceipt
from tests.stand_ins import caller
from tests.stand_ins.phone import FORM, payload

pytestmark = pytest.mark.django_db

HUB = "https://hub.example"
SIGNED = "X-Twilio-Signature"
NEW, OLD = "the-new-token", "the-old-token"

# What each door is told; the news of a text also shows in its address that the text is ours.
NOBODY = "00000000-0000-4000-8000-000000000000"
DOORS: dict[str, dict[str, str]] = {
    "/channels/sms/inbound": payload("sms_inbound", Body="HELP"),
    "/channels/sms/status": payload("sms_delivered"),
    caller.INCOMING: caller.Call().fields(),
    caller.DIALLED: caller.Call().fields(DialCallStatus="no-answer"),
    caller.STATUS: caller.Call().fields(CallStatus="completed"),
}


@dataclass
class Try:
    """One request: how it was signed, and how it comes in; whether it is believed."""

    believed: bool
    # Put in place of parts of the address that is signed, and added to the one that is called.
    signed_for: tuple[str, str] = ("", "")
    called_with: str = ""
    token: str = NEW
    algorithm: str = "HMAC_SHA1"
    changed: dict[str, str | None] = field(default_factory=dict)
    given: str | None = None
    headers: dict[str, str] = field(default_factory=dict)
    as_json: bool = False


FORWARDED = {
    "X-Forwarded-Host": "evil.example", "X-Forwarded-Proto": "http", "X-Forwarded-Port": "81",
    "Forwarded": "host=evil.example;proto=http", "X-Original-URL": "/", "X-Rewrite-URL": "/",
}  # fmt: skip
TABLE = {
    "right": Try(True),
    "right, by the token that is being rotated out": Try(True, token=OLD),
    "right, signed with the usual port": Try(True, signed_for=("example/", "example:443/")),
    "right, and proxies name another host": Try(True, headers=FORWARDED),
    "right, and a header names a weaker algorithm": Try(
        True, headers={"X-Twilio-Webhooks-Signature-Settings": "key=k,algorithm=NONE"}),
    "no signature": Try(False, given=""),
    "a wrong signature": Try(False, given="RSOYDt4T1cUTdK1PDd93/VVr8B8="),
    "no base64": Try(False, given="Ünterschrift"),
    "a token that was rotated out": Try(False, token="the-token-before-the-old-one"),
    "an empty token": Try(False, token=""),
    "signed for http": Try(False, signed_for=("https:", "http:")),
    "signed for another port": Try(False, signed_for=("example/", "example:8443/")),
    "signed for another host": Try(False, signed_for=("hub.", "evil."), headers={
        "X-Forwarded-Host": "evil.example", "X-Forwarded-Proto": "https"}),
    "signed for another door": Try(False, signed_for=("/channels/", "/channels/other/")),
    "a query that was not signed": Try(False, called_with="admin=1"),
    "a field that was changed": Try(False, changed={"From": "+447700900999"}),
    "a field that was added": Try(False, changed={"Extra": "1"}),
    "a field that was taken away": Try(False, changed={"To": None}),
    "a stronger algorithm than agreed": Try(False, algorithm="HMAC_SHA256", headers={
        "X-Twilio-Webhooks-Signature-Settings": "key=k,algorithm=HMAC_SHA256"}),
    "JSON without its hash": Try(False, as_json=True),
}  # fmt: skip


def address_of(door: str, more: str = "") -> str:
    """The path that Twilio calls, with what its query shows."""
    query = (
        f"message={NOBODY}&proof={callbacks.token(NOBODY)}" if door.endswith("sms/status") else ""
    )
    query = "&".join(filter(None, [query, more]))
    return f"{door}?{query}" if query else door


def ask(door: str, attempt: Try) -> Any:
    signed = DOORS[door]
    sent = {**signed, **attempt.changed}
    fields = {name: value for name, value in sent.items() if value is not None}
    url = f"{HUB}{address_of(door)}".replace(*attempt.signed_for)
    made = RequestValidator(attempt.token).compute_signature(url, signed, attempt.algorithm)
    given = made if attempt.given is None else attempt.given
    return Client().post(
        address_of(door, attempt.called_with),
        json.dumps(fields) if attempt.as_json else urlencode(fields),
        content_type="application/json" if attempt.as_json else FORM,
        headers={**attempt.headers, **({SIGNED: given} if given else {})},
    )


def written() -> int:
    """Whatever a door may leave behind."""
    return sum(model.objects.count() for model in (Receipt, Contact, Call, DeliveryReceipt))


@pytest.mark.parametrize("where", DOORS)
@pytest.mark.parametrize("attempt", TABLE.values(), ids=TABLE.keys())
def test_only_twilio_with_our_token_is_believed(world, where, attempt):
    answer = ask(where, attempt)
    assert (answer.status_code in {200, 204}) is attempt.believed, answer.status_code
    if not attempt.believed:
        assert answer.status_code == 403
        assert written() == 0
        # Nothing is said of what was wrong, and nothing of ours with it.
        assert answer.content == b"The signature is not right."


@pytest.mark.parametrize("where", DOORS)
@pytest.mark.parametrize("told", ["", "bodySHA256=", "bodySHA256=" + "0" * 64])
def test_a_body_that_is_no_form_is_believed_by_its_hash_alone(world, where, told):
    body = json.dumps(DOORS[where])
    right = f"bodySHA256={hashlib.sha256(body.encode()).hexdigest()}"

    def answer(query: str) -> int:
        path = address_of(where, query)
        signature = RequestValidator(NEW).compute_signature(f"{HUB}{path}", {})
        given = Client().post(
            path, body, content_type="application/json", headers={SIGNED: signature}
        )
        return int(given.status_code)

    assert answer(told) == 403
    # Believed, and found to say nothing: these doors read forms.
    assert answer(right) == 400
    assert written() == 0


@pytest.mark.parametrize("where", DOORS)
@pytest.mark.parametrize("method", ["get", "head", "put", "patch", "delete", "options"])
def test_nothing_but_a_post_is_read(where, method):
    assert getattr(Client(), method)(address_of(where)).status_code == 405


def test_no_door_of_twilio_is_left_out():
    ours = {f"/channels/sms/{one.pattern}" for one in sms_urls.urlpatterns}
    ours |= {f"/channels/voice/{one.pattern}" for one in voice_urls.urlpatterns}
    assert ours == set(DOORS)
    for door in ours:
        assert get_resolver().resolve(door)
