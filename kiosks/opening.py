"""What a device sealed to us, opened: JWE with ECDH-ES on P-256 and A256GCM (RFC 7516, RFC 7518).

Pure: who has the private keys hands in a way to find one by its `kid`.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.concatkdf import ConcatKDFHash

from core.errors import DomainError
from kiosks import keys

# An enquiry with its longest words has a third of it.
LONGEST: Final = 120_000
_LONGEST_HEADER: Final = 2_000
_ALGORITHM, _CIPHER, _BITS = "ECDH-ES", "A256GCM", 256
_NONCE, _TAG = 12, 16

FindKey = Callable[[str], ec.EllipticCurvePrivateKey | None]


class NotOpened(DomainError):
    """It is not sealed as devices seal, not to us, or was changed on its way."""

    code = "kiosk_entry_not_opened"


@dataclass(frozen=True, slots=True)
class Opened:
    """The header, which nobody changed, and what was sealed."""

    header: dict[str, Any]
    body: bytes


def opened(sealed: str, find_key: FindKey) -> Opened:
    """The contents of a compact JWE. Raises NotOpened."""
    if len(sealed) > LONGEST:
        raise NotOpened("It is longer than an enquiry can be")
    parts = sealed.split(".")
    if len(parts) != 5 or parts[1]:
        raise NotOpened("It is not sealed as kiosks seal")
    header = _header(parts[0])
    if (header.get("alg"), header.get("enc")) != (_ALGORITHM, _CIPHER) or "zip" in header:
        raise NotOpened("It is sealed in a way that we do not use")
    key = find_key(str(header.get("kid", "")))
    if key is None:
        raise NotOpened("It is sealed to a key that we do not have")
    nonce, body, tag = (_bytes(part) for part in parts[2:])
    if len(nonce) != _NONCE or len(tag) != _TAG:
        raise NotOpened("It is not sealed as kiosks seal")
    try:
        shared = key.exchange(ec.ECDH(), keys.public(header.get("epk") or {}))
        party = (_bytes(str(header.get(name, ""))) for name in ("apu", "apv"))
        secret = derived(shared, _CIPHER, _BITS, *party)
        plain = AESGCM(secret).decrypt(nonce, body + tag, parts[0].encode("ascii"))
    except (keys.NotAKey, InvalidTag, ValueError, AttributeError):
        raise NotOpened("It was damaged on its way, or is not meant for us") from None
    return Opened(header, plain)


def derived(shared: bytes, cipher: str, bits: int, apu: bytes = b"", apv: bytes = b"") -> bytes:
    """The key that two halves agree on (RFC 7518, 4.6.2)."""
    said = b"".join(len(one).to_bytes(4) + one for one in (cipher.encode("ascii"), apu, apv))
    info = said + bits.to_bytes(4)
    return ConcatKDFHash(algorithm=hashes.SHA256(), length=bits // 8, otherinfo=info).derive(shared)


def _header(part: str) -> dict[str, Any]:
    if len(part) > _LONGEST_HEADER:
        raise NotOpened("It is not sealed as kiosks seal")
    try:
        found = json.loads(_bytes(part))
    except (ValueError, RecursionError):
        found = None
    if not isinstance(found, dict):
        raise NotOpened("It is not sealed as kiosks seal")
    return found


def _bytes(part: str) -> bytes:
    try:
        return keys.decoded(part)
    except ValueError:
        raise NotOpened("It is not sealed as kiosks seal") from None
