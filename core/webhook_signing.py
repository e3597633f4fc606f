"""Requests that are signed by Standard Webhooks, with two secrets while one is changed. Pure.

`webhook-signature` holds `v1,` and base64 of HMAC-SHA256 over id, timestamp and body.
"""

from __future__ import annotations

import base64
import binascii
import hmac
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

HEADERS = ("webhook-id", "webhook-timestamp", "webhook-signature")
PREFIX = "whsec_"
FEWEST_BYTES = 24
TOLERANCE = timedelta(minutes=5)
# A header may hold one signature for each secret; more are not looked at.
MOST_SIGNATURES = 8


def key_of(secret: str) -> bytes:
    """The bytes of a secret as it is written in settings. Raises ValueError."""
    try:
        key = base64.b64decode(secret.removeprefix(PREFIX), validate=True)
    except binascii.Error:
        raise ValueError("A secret is whsec_ and Base64 after it") from None
    if len(key) < FEWEST_BYTES:
        raise ValueError(f"A secret has at least {FEWEST_BYTES} bytes after whsec_")
    return key


def signature(secret: str, *, webhook_id: str, timestamp: str, body: bytes) -> str:
    """The signature of a body, as the sender makes it."""
    signed = f"{webhook_id}.{timestamp}.".encode() + body
    digest = hmac.digest(key_of(secret), signed, "sha256")
    return f"v1,{base64.b64encode(digest).decode('ascii')}"


def is_in_time(timestamp: str, *, now: datetime) -> bool:
    """Whether it was signed a moment ago: an old one that somebody kept is not taken again."""
    if not (timestamp.isascii() and timestamp.isdigit() and len(timestamp) < 13):
        return False
    return abs(now.timestamp() - int(timestamp)) <= TOLERANCE.total_seconds()


def is_signed(
    headers: Mapping[str, str], body: bytes, *, secrets: Sequence[str], now: datetime
) -> bool:
    """Whether one of these secrets signed exactly this, lately."""
    webhook_id, timestamp = headers.get("webhook-id", ""), headers.get("webhook-timestamp", "")
    given = headers.get("webhook-signature", "").split()[:MOST_SIGNATURES]
    if not (webhook_id and given and is_in_time(timestamp, now=now)):
        return False
    right = [
        signature(secret, webhook_id=webhook_id, timestamp=timestamp, body=body).encode()
        for secret in secrets
    ]
    # Every pair is compared: how long it takes says nothing of which was nearly right.
    return sum(hmac.compare_digest(ours, one.encode()) for ours in right for one in given) > 0
