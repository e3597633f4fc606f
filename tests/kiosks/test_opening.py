"""What devices seal is opened as the standards say, and nothing else is."""

from __future__ import annotations

import json

import pytest
from cryptography.hazmat.primitives.asymmetric import ec

from kiosks import keys
from kiosks.opening import LONGEST, NotOpened, derived, opened
from tests.kiosks.sealing import sealed

PRIVATE = ec.generate_private_key(ec.SECP256R1())
_NUMBERS = PRIVATE.public_key().public_numbers()
PUBLIC = {
    "kty": "EC",
    "crv": "P-256",
    "x": keys.encoded(_NUMBERS.x.to_bytes(32)),
    "y": keys.encoded(_NUMBERS.y.to_bytes(32)),
    "kid": "k1",
}
BODY = json.dumps({"description": "A mattress by the bridge"}).encode()


def find(kid: str) -> ec.EllipticCurvePrivateKey | None:
    return PRIVATE if kid == "k1" else None


def test_the_key_is_derived_as_in_the_standards_own_example() -> None:
    """RFC 7518, appendix C: Alice's ephemeral key and Bob's."""
    alice = {
        "x": "gI0GAILBdu7T53akrFmMyGcsF3n5dO7MmwNBHKW5SV0",
        "y": "SLW_xSffzlPWrHEVI30DHM_4egVwt3NQqeUD7nMFpps",
        "d": "0_NxaRPUMQoAJt50Gz8YiTr8gRTwyEaCumd-MToTmIo",
    }
    bob = {
        "kty": "EC",
        "crv": "P-256",
        "x": "weNJy2HscCSM6AEDTDg04biOvhFhyyWvOHQfeF_PxMQ",
        "y": "e8lnCO-AlStT-NJVX-crhB7QRYhiix03illJOVAOyck",
    }
    private = ec.derive_private_key(int.from_bytes(keys.decoded(alice["d"])), ec.SECP256R1())
    shared = private.exchange(ec.ECDH(), keys.public(bob))
    found = derived(shared, "A128GCM", 128, b"Alice", b"Bob")
    assert keys.encoded(found) == "VqqN6vgjbSBcIijNcacQGg"


def test_what_is_sealed_to_us_is_opened_and_its_header_cannot_be_changed() -> None:
    entry = sealed(BODY, PUBLIC, id="one")
    found = opened(entry, find)
    assert (found.body, found.header["id"]) == (BODY, "one")
    parts = entry.split(".")
    header = json.loads(keys.decoded(parts[0]))
    parts[0] = keys.encoded(json.dumps({**header, "id": "two"}).encode())
    with pytest.raises(NotOpened):
        opened(".".join(parts), find)


def _changed(**changes: object) -> str:
    head, _, tail = sealed(BODY, PUBLIC).partition(".")
    header = {**json.loads(keys.decoded(head)), **changes}
    return f"{keys.encoded(json.dumps(header).encode())}.{tail}"


@pytest.mark.parametrize(
    "entry",
    [
        "",
        "....",
        "a.b.c.d.e",
        "x" * (LONGEST + 1),
        sealed(BODY, {**PUBLIC, "kid": "another"}),
        sealed(BODY, PUBLIC)[:-3] + "AAA",
        sealed(BODY, PUBLIC).replace("..", ".AAAA."),
        _changed(alg="dir"),
        _changed(zip="DEF"),
        _changed(epk="nothing"),
        _changed(epk={"kty": "EC", "crv": "P-256", "x": "AA", "y": "AA"}),
        _changed(apu="é"),
        _changed(kid=["k1"]),
        keys.encoded(b"[" * 1_000) + "..AAAA.AAAA.AAAA",
        keys.encoded(b"\xff") + "..AAAA.AAAA.AAAA",
        "é" + sealed(BODY, PUBLIC),
    ],
)
def test_what_is_not_is_refused_in_words(entry: str) -> None:
    with pytest.raises(NotOpened, match=r"^It (is|was) "):
        opened(entry, find)
