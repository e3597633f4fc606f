"""Keyed hashes of addresses, masks for screens, and redaction for logs."""

import hashlib
import hmac
import re
from collections.abc import Mapping, MutableMapping
from datetime import date, timedelta
from decimal import Decimal
from typing import Any, Literal
from uuid import UUID

from django.conf import settings

REDACTED = "[redacted]"
PERSONAL_KEYS = frozenset(
    {
        "address", "body", "contact_details", "description", "email", "full_name",
        "message_body", "name", "password", "person_name", "phone", "postcode", "secret",
        "sender", "subject", "text", "to", "token", "words",
    }
)  # fmt: skip
_EMAIL = re.compile(r"[\w.+'-]+@[\w-]+(?:\.[\w-]+)+")
_PHONE = re.compile(r"(?<![\w:.-])(?:\+44|0044|0)(?:[\s()-]?\d){9,10}(?![\w:-])")
# What opens an enquiry or a wall screen without a sign-in, and what was asked for in an address.
_TRACKING = re.compile(
    r"(/track/[^/\s]+/|/desk/wall/[^/\s]+/|/my/open/|/kept-told/|/said/|/w/)[^/\s?'\"<>]+"
)
_QUERY = re.compile(r"(/[\w.%~-]*)\?[^\s'\"<>]+")
_PLAIN = (int, float, Decimal, date, timedelta, UUID, type(None))


Kind = Literal["phone", "email"]


def address_hash(kind: Kind, value: str) -> str:
    """The same 64 hex digits for the same address, which nobody can turn back without the key."""
    normal = value.strip().lower() if kind == "email" else re.sub(r"[^\d+]", "", value)
    return hmac.new(_key(), f"{kind}:{normal}".encode(), hashlib.sha256).hexdigest()


def keyed_hash(kind: str, value: str) -> str:
    """The same 64 hex digits for the same value of a kind, which nobody can turn back."""
    return hmac.new(_key(), f"{kind}:{value}".encode(), hashlib.sha256).hexdigest()


def mask(value: str) -> str:
    """An address that its owner knows again and nobody else can use."""
    if "@" in value:
        local, _, domain = value.partition("@")
        return f"{local[:1]}•••@{domain}"
    if len(value) <= 4:
        return "•" * len(value)
    return "•" * (len(value) - 4) + value[-4:]


def redact_text(text: str) -> str:
    """The text without e-mail addresses, phone numbers, tracking secrets and queries of URLs."""
    text = _QUERY.sub(r"\1?[query]", _TRACKING.sub(r"\1[secret]", text))
    return _PHONE.sub("[phone]", _EMAIL.sub("[email]", text))


def without_secrets(text: str) -> str:
    """The text without what opens an enquiry for who has it: staff read what was sent, not that."""
    return _TRACKING.sub(r"\1…", text)


def redact(_logger: Any, _method: str, event: MutableMapping[str, Any]) -> Mapping[str, Any]:
    """A structlog processor: no personal data reaches a log line."""
    return {key: _redact_value(key, value) for key, value in event.items()}


def _key() -> bytes:
    # A key of its own where one is set; else one that is not the key that signs cookies.
    own: str = settings.PRIVACY_HASH_KEY
    return own.encode() or hashlib.sha256(f"privacy:{settings.SECRET_KEY}".encode()).digest()


def _redact_value(key: str, value: Any) -> Any:
    if key.lower() in PERSONAL_KEYS:
        return REDACTED
    if isinstance(value, str):
        return redact_text(value)
    if isinstance(value, Mapping):
        return {inner: _redact_value(str(inner), item) for inner, item in value.items()}
    if isinstance(value, list | tuple):
        return [_redact_value("", item) for item in value]
    if isinstance(value, _PLAIN):
        return value
    # Django hands whole requests to its log lines: how they print is text like any other.
    return redact_text(repr(value))
