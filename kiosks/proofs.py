"""What a device shows with each call: that it holds its key, now, for this call and these bytes.

The shape is DPoP's (RFC 9449): a small signed token in a header. Freshness comes from a nonce of
ours, not from the device's clock, which may be wrong by a day; the claim `body` is the SHA-256 of
what is sent, so that nobody changes it on its way.
"""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any
from urllib.parse import urlsplit

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256
from django.conf import settings

from core.errors import DomainError
from kiosks import keys

HEADER = "DPoP"
# A nonce is good for so many seconds: many turns of a heartbeat, a slow line, one long sync.
NONCE_SECONDS = 600
_LONGEST = 2_000
_SIGNATURE = 64
_ES256 = ec.ECDSA(SHA256())


class ProofNotAccepted(DomainError):
    """The call is not signed as a device signs."""

    code = "kiosk_proof_not_accepted"


class NonceStale(DomainError):
    """Signed well, but with a nonce that is not ours or too old: sign again with a fresh one."""

    code = "kiosk_nonce_stale"


@dataclass(frozen=True, slots=True)
class Proof:
    """Who called: the device's key, its thumbprint, and when the nonce was made that it signed."""

    key: Mapping[str, str]
    thumbprint: str
    nonce_at: datetime


@dataclass(frozen=True, slots=True)
class _Who:
    """Whom a token names, and what its signature is checked with."""

    key: Mapping[str, str]
    thumbprint: str
    public: ec.EllipticCurvePublicKey


def nonce(now: datetime) -> str:
    """A fresh nonce. Nothing is kept of it: it says itself when it was made."""
    return _signed(int(now.timestamp()))


def check(proof: str, *, method: str, path: str, body: bytes, now: datetime) -> Proof:
    """Who made this call. Raises ProofNotAccepted, NonceStale, keys.NotAKey."""
    if not proof or len(proof) > _LONGEST:
        raise ProofNotAccepted("The call is not signed")
    who, claims = _opened(proof)
    digest = keys.encoded(hashlib.sha256(body).digest())
    signed = (claims.get("htm"), _path(str(claims.get("htu"))), claims.get("body"))
    if signed != (method, path, digest):
        raise ProofNotAccepted("The signature is of another call")
    return Proof(who.key, who.thumbprint, _made(str(claims.get("nonce", "")), now))


def _opened(proof: str) -> tuple[_Who, dict[str, Any]]:
    """Who signed a token (RFC 7515), with its own key and ES256, and its claims.

    Written out because it is all that a heartbeat costs. The times in it are the device's own, and
    not asked: the nonce says how old it is. Raises ProofNotAccepted, NotAKey.
    """
    signed, _, signature = proof.rpartition(".")
    first, _, second = signed.partition(".")
    try:
        claims, raw = _part(second), keys.decoded(signature)
    except (ValueError, RecursionError):
        raise ProofNotAccepted("The call is not signed as devices sign") from None
    who = _who(first)
    if len(raw) != _SIGNATURE:
        raise ProofNotAccepted("The call is not signed as devices sign")
    half = _SIGNATURE // 2
    numbers = encode_dss_signature(int.from_bytes(raw[:half]), int.from_bytes(raw[half:]))
    try:
        who.public.verify(numbers, signed.encode("ascii"), _ES256)
    except InvalidSignature:
        raise ProofNotAccepted("The signature is not right") from None
    return who, claims


# A device says the same of itself each time, and devices call all day. Nothing is believed of it
# before the signature was checked.
@lru_cache(maxsize=2_000)
def _who(first: str) -> _Who:
    """Whom the header of a token names. Raises ProofNotAccepted, NotAKey."""
    try:
        header = _part(first)
    except (ValueError, RecursionError):
        raise ProofNotAccepted("The call is not signed as devices sign") from None
    kind = (header.get("typ"), header.get("alg"))
    if kind != ("dpop+jwt", "ES256") or "crit" in header:
        raise ProofNotAccepted("The call is not signed as devices sign")
    key = keys.read(header.get("jwk"))
    return _Who(key, keys.thumbprint(key), keys.public(key))


def _part(text: str) -> dict[str, Any]:
    found = json.loads(keys.decoded(text))
    return found if isinstance(found, dict) else {}


def _path(address: str) -> str:
    try:
        return urlsplit(address).path
    except ValueError:  # what is no address has none
        return ""


def _made(sent: str, now: datetime) -> datetime:
    """When a nonce of ours was made. Raises NonceStale."""
    made = sent.partition(".")[0]
    if made.isascii() and made.isdigit() and len(made) < 13:
        is_ours = hmac.compare_digest(sent.encode(errors="replace"), _signed(int(made)).encode())
        if is_ours and -5 <= now.timestamp() - int(made) <= NONCE_SECONDS:
            return datetime.fromtimestamp(int(made), UTC)
    raise NonceStale("The nonce is not ours, or too old")


def _signed(second: int) -> str:
    mac = hmac.digest(f"kiosks.nonce:{settings.SECRET_KEY}".encode(), b"%d" % second, "sha256")
    return f"{second}.{keys.encoded(mac[:16])}"
