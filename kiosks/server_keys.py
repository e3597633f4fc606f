"""The hub's own keys: one that devices seal to, one that commands are signed with.

Each is made when it is first needed. A key that was replaced is not handed out any more, and still
opens what was sealed to it.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from functools import lru_cache

import jwt
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)
from django.db import connection, transaction
from django.utils import timezone

from core import audit, sealing
from core.audit import Actor
from core.errors import DomainError
from kiosks import keys
from kiosks.models import KeyPurpose, ServerKey

# Whoever makes a key holds this lock, so that two at once make one.
_MAKING_LOCK = 0x6B696F736B  # "kiosk"


class KeyUnknown(DomainError):
    """Nothing of ours opens this: it was sealed to a key that we do not have."""

    code = "kiosk_key_unknown"


def sealing_key() -> dict[str, str]:
    """What devices seal to: a public JWK with its `kid` (ECDH, P-256)."""
    return dict(_in_use(KeyPurpose.SEAL).public)


def signing_key() -> dict[str, str]:
    """What devices check commands with: a public JWK with its `kid` (ECDSA, P-256)."""
    return dict(_in_use(KeyPurpose.SIGN).public)


def opens(kid: str) -> ec.EllipticCurvePrivateKey:
    """The private half that opens what was sealed to this key. Raises KeyUnknown, SealBroken."""
    row = ServerKey.objects.filter(kid=kid, purpose=KeyPurpose.SEAL).first()
    if row is None:
        raise KeyUnknown("It was sealed to a key that the hub does not have")
    return _private(row.purpose, row.private)


def signed(claims: Mapping[str, object]) -> str:
    """These claims as a compact JWS (ES256) that names our key."""
    row = _in_use(KeyPurpose.SIGN)
    private = _private(row.purpose, row.private)
    return jwt.encode(dict(claims), private, algorithm="ES256", headers={"kid": row.kid})


@transaction.atomic
def replace(*, purpose: KeyPurpose, actor: Actor, now: datetime) -> dict[str, str]:
    """Makes a new key and retires the one in use; devices get it with their next heartbeat."""
    _wait_for_our_turn()
    ServerKey.objects.filter(purpose=purpose, retired_at=None).update(retired_at=now)
    made = _made(purpose, now)
    audit.record("kiosk.server_key_replaced", actor=actor, target=f"key:{made.kid}", at=now)
    return dict(made.public)


def _in_use(purpose: KeyPurpose) -> ServerKey:
    found = ServerKey.objects.filter(purpose=purpose, retired_at=None)
    row = found.first()
    if row is not None:
        return row
    with transaction.atomic():
        _wait_for_our_turn()
        return found.first() or _made(purpose, timezone.now())


def _wait_for_our_turn() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_MAKING_LOCK])


def _made(purpose: KeyPurpose, now: datetime) -> ServerKey:
    private = ec.generate_private_key(ec.SECP256R1())
    public = keys.written(private.public_key())
    pem = private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()
    return ServerKey.objects.create(
        kid=public["kid"],
        purpose=purpose,
        public=public,
        private=sealing.seal(pem, purpose=_seal_of(purpose)),
        made_at=now,
    )


# Opening takes longer than signing; what is kept here is found by what was sealed, so it is the
# same for ever.
@lru_cache(maxsize=8)
def _private(purpose: str, sealed: str) -> ec.EllipticCurvePrivateKey:
    pem = sealing.unseal(sealed, purpose=_seal_of(purpose))
    found = load_pem_private_key(pem.encode(), password=None)
    if not isinstance(found, ec.EllipticCurvePrivateKey):
        raise KeyUnknown("What is kept as a key of the hub is none of its kind")
    return found


def _seal_of(purpose: str) -> str:
    return f"kiosks.{purpose}"
