"""A device's public key as it comes over the wire (RFC 7517, RFC 7638). Pure."""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from cryptography.hazmat.primitives.asymmetric import ec

from core.errors import DomainError

_COORDINATE = 32


class NotAKey(DomainError):
    """What came is no public key of the kind that devices make: P-256."""

    code = "kiosk_key_not_valid"


def read(sent: object) -> dict[str, str]:
    """The key as it is kept: kty, crv, x and y, nothing else. Raises NotAKey."""
    if not isinstance(sent, Mapping):
        raise NotAKey("The device sent no key")
    kept = {name: str(sent.get(name, "")) for name in ("kty", "crv", "x", "y")}
    public(kept)
    return kept


def public(key: Mapping[str, Any]) -> ec.EllipticCurvePublicKey:
    """The key, ready to check a signature. Raises NotAKey."""
    if key.get("kty") != "EC" or key.get("crv") != "P-256":
        raise NotAKey("The device's key is not of the kind that we use (P-256)")
    try:
        return _point(str(key.get("x")), str(key.get("y")))
    except ValueError:
        raise NotAKey("The device's key is damaged") from None


# Whether it is a point of the curve takes longer to see than all else; devices call all day.
@lru_cache(maxsize=2_000)
def _point(x: str, y: str) -> ec.EllipticCurvePublicKey:
    numbers = ec.EllipticCurvePublicNumbers(_number(x), _number(y), ec.SECP256R1())
    return numbers.public_key()


def written(key: ec.EllipticCurvePublicKey) -> dict[str, str]:
    """A public key of ours as a JWK, with its thumbprint as its name."""
    numbers = key.public_numbers()
    x, y = (encoded(one.to_bytes(_COORDINATE)) for one in (numbers.x, numbers.y))
    jwk = {"kty": "EC", "crv": "P-256", "x": x, "y": y}
    return {**jwk, "kid": thumbprint(jwk)}


def thumbprint(key: Mapping[str, Any]) -> str:
    """The key's name: base64url of a SHA-256 of its members in their order (RFC 7638)."""
    members = {name: key[name] for name in ("crv", "kty", "x", "y")}
    return encoded(hashlib.sha256(json.dumps(members, separators=(",", ":")).encode()).digest())


def encoded(raw: bytes) -> str:
    """Base64url without padding (RFC 7515)."""
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode("ascii")


def decoded(text: str) -> bytes:
    """What was encoded so. Raises ValueError."""
    return base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)


def _number(text: str) -> int:
    raw = decoded(text)
    if len(raw) != _COORDINATE:
        raise ValueError("a coordinate of P-256 has 32 bytes")
    return int.from_bytes(raw)
