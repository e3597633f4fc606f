"""A device in Python: it makes a key, enrols by a code, and signs its calls as browsers do."""

from __future__ import annotations

import hashlib
import json
import time
import uuid
from typing import Any

import jwt
from cryptography.hazmat.primitives.asymmetric import ec
from django.test import Client
from django.utils import timezone

import accounts.queries
import kiosks.actions
from core.audit import SYSTEM
from kiosks import keys
from kiosks.models import Kiosk


def code_for(site: str, name: str = "Kiosk by the door") -> str:
    """A fresh code for a device at a site."""
    found = accounts.queries.site(site)
    assert found is not None
    return kiosks.actions.code(site=found, name=name, actor=SYSTEM, now=timezone.now())


class Device:
    """Holds a key and a browser; `call` signs, and signs again where a fresh nonce is asked for."""

    def __init__(self, client: Client | None = None) -> None:
        self.client = client or Client()
        self.private = ec.generate_private_key(ec.SECP256R1())
        numbers = self.private.public_key().public_numbers()
        self.key = {
            "kty": "EC",
            "crv": "P-256",
            "x": keys.encoded(numbers.x.to_bytes(32)),
            "y": keys.encoded(numbers.y.to_bytes(32)),
        }
        self.nonce = ""

    def proof(self, path: str, sent: bytes, **changes: Any) -> str:
        """The header of one call; `changes` are claims that are said otherwise."""
        claims = {
            "jti": str(uuid.uuid4()),
            "htm": "POST",
            "htu": f"http://testserver{path}",
            "iat": int(time.time()),
            "nonce": self.nonce,
            "body": keys.encoded(hashlib.sha256(sent).digest()),
            **changes,
        }
        headers = {"typ": "dpop+jwt", "jwk": self.key}
        return jwt.encode(claims, self.private, algorithm="ES256", headers=headers)

    def call(self, path: str, value: object, **changes: Any) -> Any:
        """One signed call as a browser makes it."""
        body = json.dumps(value).encode()
        for _turn in range(2):
            answer = self.client.post(
                path,
                body,
                content_type="application/json",
                headers={"DPoP": self.proof(path, body, **changes)},
            )
            fresh = self._said(answer).get("nonce")
            if fresh:
                self.nonce = fresh
            if answer.status_code != 401:
                break
        return answer

    @staticmethod
    def _said(answer: Any) -> dict[str, Any]:
        found = answer.json() if "json" in answer.get("Content-Type", "") else {}
        return found if isinstance(found, dict) else {}

    def enrol(self, code: str) -> Any:
        """Types a code."""
        return self.call("/kiosk/enrol/", {"code": code})

    @property
    def row(self) -> Kiosk:
        """What the server knows of it."""
        return Kiosk.objects.get(thumbprint=keys.thumbprint(self.key))


def enrolled(site: str, client: Client | None = None) -> Device:
    """A device that was enrolled at a site."""
    device = Device(client)
    answer = device.enrol(code_for(site))
    assert answer.status_code == 200, answer.content
    return device


def heard() -> None:
    """Every device has just said that it is there: their sessions are fresh."""
    Kiosk.objects.exclude(token_digest="").update(token_at=timezone.now())
