"""The hub's own keys: made once, replaced without losing what was sealed, private halves sealed."""

from __future__ import annotations

import threading
from io import StringIO

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from django.core.management import call_command
from django.db import connection

from core.models import AuditEvent
from core.sealing import SealBroken
from kiosks import keys, server_keys
from kiosks.models import ServerKey
from tests import kiosk_device


def test_what_is_sealed_to_the_key_opens_also_after_it_was_replaced(db):
    before = server_keys.sealing_key()
    assert server_keys.sealing_key() == before
    call_command("replace_kiosk_key", "seal", stdout=StringIO())
    after = server_keys.sealing_key()
    assert after != before
    event = AuditEvent.objects.get(action="kiosk.server_key_replaced")
    assert event.target == f"key:{after['kid']}"
    theirs = ec.generate_private_key(ec.SECP256R1())
    for public in (before, after):
        there = theirs.exchange(ec.ECDH(), keys.public(public))
        here = server_keys.opens(public["kid"]).exchange(ec.ECDH(), theirs.public_key())
        assert here == there
    for unknown in ("", "nobody", server_keys.signing_key()["kid"]):
        with pytest.raises(server_keys.KeyUnknown):
            server_keys.opens(unknown)


def test_what_we_sign_is_checked_with_the_key_that_it_names(db):
    signed = server_keys.signed({"id": "1", "kind": "reload"})
    key = server_keys.signing_key()
    assert jwt.get_unverified_header(signed) == {"alg": "ES256", "typ": "JWT", "kid": key["kid"]}
    assert jwt.decode(signed, keys.public(key), ["ES256"]) == {"id": "1", "kind": "reload"}


def test_the_private_halves_are_of_no_use_without_the_hubs_sealing_key(db, settings):
    kid = server_keys.sealing_key()["kid"]
    kept = ServerKey.objects.get()
    assert "d" not in kept.public
    assert "PRIVATE" not in kept.private
    server_keys._private.cache_clear()  # as after a restart
    settings.SEALING_KEYS = ["another"]
    with pytest.raises(SealBroken):
        server_keys.opens(kid)


@pytest.mark.django_db(transaction=True)
def test_many_that_need_the_first_key_at_once_get_the_same():
    got: list[str] = []
    gate = threading.Barrier(6)

    def need() -> None:
        gate.wait()
        try:
            got.append(server_keys.sealing_key()["kid"])
        finally:
            connection.close()

    threads = [threading.Thread(target=need) for _ in range(6)]
    for one in threads:
        one.start()
    for one in threads:
        one.join(20)
    assert len(got) == 6
    assert len(set(got)) == ServerKey.objects.count() == 1


def test_a_device_learns_both_keys_when_it_is_enrolled(site):
    said = kiosk_device.Device().enrol(kiosk_device.code_for(site)).json()
    assert said["sealing"] == server_keys.sealing_key()
    assert said["commands"] == server_keys.signing_key()
