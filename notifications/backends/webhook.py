"""Messages to a body's own system, signed by the rules of Standard Webhooks.

The receiver keeps each `webhook-id` once, so that handing a message over again is how we ask.
"""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

from core import webhook_signing
from notifications.backends import calling, vetted
from notifications.backends.accounts import Account
from notifications.backends.base import Handed, Later, Outgoing, Refused, Unclear

ADDRESSES = frozenset({"opted_out", "unusable"})
# The receiver cannot use what we sent, or us: the first is the message's fault.
REFUSED = frozenset({400, 406, 413, 414, 415, 422})


class WebhookBackend:
    """Posts each message as JSON; any 2xx is an acceptance, and a redirect is none."""

    name = "webhook"
    outside = True
    looks_up = True

    def __init__(self, account: Account) -> None:
        self._url = vetted.address(str(account.settings["url"]))
        # Several while one is being changed for another, with a space between them.
        self._secrets = account.secrets["secret"].split()
        for secret in self._secrets:
            webhook_signing.key_of(secret)
        if not self._secrets:
            raise ValueError("A webhook without a secret cannot be told from a forged one")

    def send(self, message: Outgoing) -> Handed:
        """Posts it. Raises Refused, Later or Unclear."""
        body = json.dumps(_payload(message), ensure_ascii=False).encode()
        try:
            answer = vetted.post(self._url, body, self._headers(message.reference, body))
        except vetted.NotReached as error:
            raise Later(str(error), code="no_connection") from error
        except vetted.Lost as error:
            raise Unclear(str(error), code="lost") from error
        if 200 <= answer.status < 300:
            return Handed(_id(answer.body) or message.reference)
        raise _trouble(answer)

    def find(self, message: Outgoing) -> list[str]:
        """Hands it over again under the same id: who has it already changes nothing."""
        try:
            return [self.send(message).provider_id]
        except Refused:
            return []
        except Unclear as error:
            raise Later(str(error), code=error.code) from error

    def _headers(self, reference: str, body: bytes) -> dict[str, str]:
        at = str(int(datetime.now(UTC).timestamp()))
        return {
            "Content-Type": "application/json",
            "User-Agent": "hub",
            "webhook-id": reference,
            "webhook-timestamp": at,
            "webhook-signature": " ".join(
                webhook_signing.signature(one, webhook_id=reference, timestamp=at, body=body)
                for one in self._secrets
            ),
        }


def _payload(message: Outgoing) -> dict[str, Any]:
    return {
        "type": "message.send",
        "timestamp": message.tried_at.astimezone(UTC).isoformat(),
        "data": {
            "id": message.reference,
            "medium": message.medium,
            "to": message.to,
            "subject": message.subject,
            "body": message.body,
            "html": message.html,
            "postal": message.postal.splitlines(),
            "language": message.language,
            "event": message.event,
            "about": message.about,
            "organisation": message.organisation,
        },
    }


def _trouble(answer: vetted.Answer) -> Refused | Later | Unclear:
    code, words = str(answer.status), f"The receiver answered HTTP {answer.status}"
    if answer.status >= 500:
        return Unclear(words, code=code)
    if answer.status in REFUSED:
        told = _json(answer.body).get("address")
        return Refused(words, code=code, address=told if told in ADDRESSES else "")
    wait = calling.wait(answer.headers)
    return Later(words, code=code, after_seconds=wait, busy=answer.status in {408, 425, 429})


def _id(body: bytes) -> str:
    told = _json(body).get("id")
    return told[:120] if isinstance(told, str) and "\x00" not in told else ""


def _json(body: bytes) -> dict[str, Any]:
    try:
        read = json.loads(body)
    except (ValueError, RecursionError):
        return {}
    return read if isinstance(read, dict) else {}
