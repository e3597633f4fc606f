"""What a device does before it keeps something: seals it to the hub's key, in Python."""

from __future__ import annotations

import json
import os
from typing import Any

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from kiosks import keys
from kiosks.opening import derived


def sealed(body: bytes, to: dict[str, str], **header: Any) -> str:
    """A compact JWE of some bytes to a public JWK, as static/js/kiosk/seal.js makes it."""
    own = ec.generate_private_key(ec.SECP256R1())
    numbers = own.public_key().public_numbers()
    said = {
        "alg": "ECDH-ES",
        "enc": "A256GCM",
        "epk": {
            "kty": "EC",
            "crv": "P-256",
            "x": keys.encoded(numbers.x.to_bytes(32)),
            "y": keys.encoded(numbers.y.to_bytes(32)),
        },
        "kid": to.get("kid", ""),
        **header,
    }
    protected = keys.encoded(json.dumps(said).encode())
    secret = derived(own.exchange(ec.ECDH(), keys.public(to)), "A256GCM", 256)
    nonce = os.urandom(12)
    closed = AESGCM(secret).encrypt(nonce, body, protected.encode())
    tail = (keys.encoded(part) for part in (nonce, closed[:-16], closed[-16:]))
    return ".".join((protected, "", *tail))
