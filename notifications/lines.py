"""By whose account something came in: what a key vouches for, and nothing beyond.

The account of the environment, and others of the partnership, speak for all. A body's own account
speaks for that body: for its numbers, and for messages that were handed to it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings

from core import webhook_signing
from notifications.backends import registry
from notifications.backends.accounts import Account


@dataclass(frozen=True, slots=True)
class Line:
    """An account, by its carrier's slug. `organisation` is the slug of the body whose own it is;
    "": the partnership's."""

    carrier: str = ""
    organisation: str = ""
    number: str = ""
    service: str = ""

    @property
    def own(self) -> str:
        """The carrier whose messages alone it may speak of; "" where it may speak of all."""
        return self.carrier if self.organisation else ""

    def has(self, *, number: str, service: str) -> bool:
        """Whether a text to this number, or by this messaging service, can be one of its own."""
        if not self.organisation:
            return True
        return bool(number and number == self.number) or bool(service and service == self.service)


def of_twilio(account_sid: str) -> Iterator[tuple[Line, list[str]]]:
    """The accounts that may sign as this one at Twilio, each with its keys; the environment's
    first, without asking the database. That one signs as nobody else, where it says who it is."""
    if account_sid in {"", settings.TWILIO_ACCOUNT_SID} or not settings.TWILIO_ACCOUNT_SID:
        yield Line(), list(settings.TWILIO_AUTH_TOKENS)
    for one in registry.accounts_of("twilio", account_sid=account_sid) if account_sid else []:
        yield _line(one), [one.secrets.get("auth_token", "")]


def keys_of_twilio() -> list[tuple[Line, str, str]]:
    """The accounts beside the environment's, each with its id at Twilio and its key."""
    kept = [
        (_line(one), str(one.settings.get("account_sid", "")), one.secrets.get("auth_token", ""))
        for one in registry.accounts_of("twilio")
    ]
    ours = settings.TWILIO_ACCOUNT_SID
    return [(line, sid, token) for line, sid, token in kept if sid and token and sid != ours]


def of(carrier: str) -> Line:
    """The account of a carrier."""
    found = registry.carrier(carrier)
    return _line(found) if found is not None else Line()


def signers(headers: Mapping[str, str], body: bytes, *, now: datetime) -> list[str]:
    """The carriers, each a body's own system, one of whose secrets signed exactly this, lately.

    `headers` are those of webhook_signing.HEADERS. Several only where they share a secret.
    """
    kept = registry.secrets_of("webhook", "secret")
    return [
        slug
        for slug, secrets in kept
        if webhook_signing.is_signed(headers, body, secrets=secrets.split(), now=now)
    ]


def _line(account: Account) -> Line:
    told = account.settings
    return Line(
        account.slug,
        str(told.get("organisation", "")),
        str(told.get("number", "")),
        str(told.get("messaging_service_sid", "")),
    )
