"""A telephone that texts the hub: signs like Twilio, posts like Twilio, reads TwiML like Twilio."""

from __future__ import annotations

import itertools
import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlencode
from xml.etree import ElementTree as ET

from django.conf import settings
from django.http import HttpResponseBase
from django.test import Client
from twilio.request_validator import RequestValidator

PAYLOADS = Path(__file__).parent.parent / "payloads" / "twilio"
INBOUND = "/channels/sms/inbound"
FORM = "application/x-www-form-urlencoded"
_numbers = itertools.count(1)


def payload(name: str, **changed: str) -> dict[str, str]:
    """A captured request, with some fields changed."""
    kept: dict[str, str] = json.loads((PAYLOADS / f"{name}.json").read_text(encoding="utf-8"))
    return {**kept, **changed}


def sid() -> str:
    """An id that no text had before."""
    return f"SM{next(_numbers):032x}"


def signature(url: str, fields: dict[str, str], token: str = "") -> str:
    """As Twilio signs."""
    validator = RequestValidator(token or settings.TWILIO_AUTH_TOKENS[0])
    return str(validator.compute_signature(url, fields))


def post(path: str, fields: dict[str, str], *, client: Client | None = None) -> Any:
    """A signed request to one of our webhooks."""
    return (client or Client()).post(
        path,
        urlencode(fields),
        content_type=FORM,
        headers={"X-Twilio-Signature": signature(f"{settings.HUB_BASE_URL}{path}", fields)},
    )


def words(response: HttpResponseBase) -> str:
    """What the TwiML says, or "" when it says nothing."""
    assert response.status_code == 200, response
    content: bytes = response.content  # type: ignore[attr-defined]  # never a stream
    root = ET.fromstring(content)
    assert root.tag == "Response"
    return "".join(message.text or "" for message in root.iter("Message"))


@dataclass
class Phone:
    """One number, and what was said."""

    number: str = "+447700900123"
    said: list[str] = field(default_factory=list)

    def text(self, body: str, *, message_sid: str = "", **fields: str) -> str:
        """Sends a text; the answer."""
        message_sid = message_sid or sid()
        request = payload("sms_inbound", Body=body, From=self.number, MessageSid=message_sid,
                          SmsSid=message_sid, SmsMessageSid=message_sid, **fields)  # fmt: skip
        answer = words(post(INBOUND, request))
        self.said.append(answer)
        return answer
