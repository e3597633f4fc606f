"""T-S18: who may speak to the webhooks. The table is exact."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, field
from urllib.parse import urlencode

import pytest
from django.test import Client
from twilio.request_validator import RequestValidator

from channels.sms.checks import texts_can_be_checked
from enquiries.models import Enquiry, Receipt
from tests.stand_ins.phone import FORM, INBOUND, payload, post, signature, words

pytestmark = pytest.mark.django_db

URL = f"https://hub.example{INBOUND}"
FIELDS = payload("sms_inbound", Body="HELP")
RIGHT = {"X-Twilio-Signature": "?"}


@dataclass
class Try:
    """One request: the URL and token it was signed with, and how it comes in."""

    expected: int
    url: str = URL
    token: str = "the-new-token"
    algorithm: str = "HMAC_SHA1"
    signed: dict[str, str] = field(default_factory=lambda: FIELDS)
    path: str = INBOUND
    given: str | None = None
    headers: dict[str, str] = field(default_factory=dict)
    extra: dict[str, str] = field(default_factory=dict)


TABLE = {
    "right": Try(200),
    "right, by the token that is being rotated out": Try(200, token="the-old-token"),
    "right, signed with the usual port": Try(200, url=URL.replace("example/", "example:443/")),
    "right, and the host header is forged": Try(200, extra={"HTTP_HOST": "localhost"}),
    "right, and proxy headers name another host": Try(
        200, headers={"X-Forwarded-Host": "evil.example", "X-Forwarded-Proto": "http",
                      "Forwarded": "host=evil.example;proto=http"},
    ),
    "right, with a query": Try(200, url=f"{URL}?a=1&b=%20x", path=f"{INBOUND}?a=1&b=%20x"),
    "no signature": Try(403, given=""),
    "a wrong signature": Try(403, given="RSOYDt4T1cUTdK1PDd93/VVr8B8="),
    "a signature that is not ASCII": Try(403, given="Ünterschrift"),
    "a token of somebody else": Try(403, token="not-ours"),
    "signed for http": Try(403, url=URL.replace("https", "http")),
    "signed for another port": Try(403, url=URL.replace("example/", "example:8443/")),
    "signed for the host that the request names": Try(
        403, url=f"https://evil.example{INBOUND}", extra={"HTTP_HOST": "localhost"},
        headers={"X-Forwarded-Host": "evil.example", "X-Forwarded-Proto": "https"},
    ),
    "signed with a slash at the end": Try(403, url=f"{URL}/"),
    "signed for another path": Try(403, url="https://hub.example/channels/sms/status"),
    "a query that was not signed": Try(403, path=f"{INBOUND}?admin=1"),
    "a field that was changed": Try(403, signed={**FIELDS, "From": "+447700900999"}),
    "a field that was added": Try(403, signed={k: v for k, v in FIELDS.items() if k != "Body"}),
    "a field that was taken away": Try(403, signed={**FIELDS, "Extra": "1"}),
    "the algorithm named in a header": Try(
        403, algorithm="HMAC_SHA256",
        headers={"X-Twilio-Webhooks-Signature-Settings": "key=k,algorithm=HMAC_SHA256"},
    ),
    "right, and a header names a weaker algorithm": Try(
        200, headers={"X-Twilio-Webhooks-Signature-Settings": "key=k,algorithm=NONE"}
    ),
}  # fmt: skip


@pytest.mark.parametrize("attempt", TABLE.values(), ids=TABLE.keys())
def test_only_twilio_with_our_token_is_let_in(attempt):
    made = RequestValidator(attempt.token).compute_signature(
        attempt.url, attempt.signed, attempt.algorithm
    )
    given = made if attempt.given is None else attempt.given
    headers = {**attempt.headers, **({"X-Twilio-Signature": given} if given else {})}
    response = Client().post(
        attempt.path, urlencode(FIELDS), content_type=FORM, headers=headers, **attempt.extra
    )
    assert response.status_code == attempt.expected


def test_twilios_own_example_is_accepted(rf, settings):
    from channels import twilio

    settings.HUB_BASE_URL = "https://mycompany.com"
    settings.TWILIO_AUTH_TOKENS = ["12345"]
    fields = {"CallSid": "CA1234567890ABCDE", "Caller": "+14158675309", "Digits": "1234",
              "From": "+14158675309", "To": "+18005551212"}  # fmt: skip
    request = rf.post("/myapp.php?foo=1&bar=2", urlencode(fields), content_type=FORM,
                      headers={"X-Twilio-Signature": "RSOYDt4T1cUTdK1PDd93/VVr8B8="})  # fmt: skip
    assert twilio.signer(request) is not None
    wrong = rf.post("/myapp.php?foo=1&bar=2", urlencode(fields), content_type=FORM, headers={
        "X-Twilio-Signature": "033hgUJA9M/hXIZsYjwkerEP/DBm35nEri5FhCYjA5s="})  # fmt: skip
    assert twilio.signer(wrong) is None


BODY = json.dumps({"hello": "there"})


@pytest.mark.parametrize(
    ("query", "content_type", "let_in"),
    [
        (f"?bodySHA256={hashlib.sha256(BODY.encode()).hexdigest()}", "application/json", True),
        (f"?bodySHA256={hashlib.sha256(BODY.encode()).hexdigest()}", "text/plain", True),
        ("", "application/json", False),
        ("?bodySHA256=", "application/json", False),
        (f"?bodySHA256={hashlib.sha256(b'other').hexdigest()}", "application/json", False),
        (f"?bodySHA256={hashlib.sha256(BODY.encode()).hexdigest()}&bodySHA256=0",
         "application/json", False),
        ("", "multipart/form-data; boundary=x", False),
    ],
)  # fmt: skip
def test_a_body_that_is_no_form_needs_its_hash_in_the_signed_address(
    rf, query, content_type, let_in
):
    from channels import twilio

    request = rf.post(
        f"{INBOUND}{query}", BODY, content_type=content_type,
        headers={"X-Twilio-Signature": signature(f"{URL}{query}", {})},
    )  # fmt: skip
    assert (twilio.signer(request) is not None) is let_in


def test_without_a_token_nobody_is_let_in_and_the_start_says_so(settings):
    settings.TWILIO_AUTH_TOKENS = []
    response = Client().post(
        INBOUND, urlencode(FIELDS), content_type=FORM,
        headers={"X-Twilio-Signature": RequestValidator("").compute_signature(URL, FIELDS)},
    )  # fmt: skip
    assert response.status_code == 403
    settings.HUB_DEMO = False
    assert [error.id for error in texts_can_be_checked(None)] == ["channels.E001"]
    settings.TWILIO_AUTH_TOKENS = ["a-token"]
    assert texts_can_be_checked(None) == []


def test_a_refused_request_changes_nothing(world):
    Client().post(INBOUND, payload("sms_inbound"))
    assert not Enquiry.objects.exists()
    assert not Receipt.objects.exists()


def test_only_post_is_answered():
    assert Client().get(INBOUND).status_code == 405
    assert Client().get("/channels/sms/status").status_code == 405


def test_fields_that_twilio_adds_one_day_do_not_matter(world):
    assert "reference" in words(post(INBOUND, payload("sms_with_new_fields")))


def test_a_request_without_an_id_is_refused():
    for changed in ("", "SM12", "../etc", "SM" + "g" * 32):
        fields = payload("sms_inbound", MessageSid=changed, SmsSid="", SmsMessageSid="")
        assert post(INBOUND, fields).status_code == 400
