"""A body's own system: signed, called only in the open internet, asked by handing over again."""

from __future__ import annotations

import base64
import ipaddress
import socket
from datetime import UTC, datetime

import pytest

from core import webhook_signing
from notifications.backends import vetted
from notifications.backends.accounts import Account
from notifications.backends.base import Later, Outgoing, Refused, Unclear
from notifications.backends.webhook import WebhookBackend
from tests.stand_ins import webhook_server
from tests.stand_ins.webhook_server import Step

ONE = Outgoing("r-1", "sms", "+447700900123", "", "Hello", "WH7-K3MP-4X", datetime.now(UTC))


def made(url: str, secret: str = webhook_server.SECRET) -> WebhookBackend:
    return WebhookBackend(Account("theirs", "webhook", "", {"url": url}, {"secret": secret}))


def test_a_signature_is_the_one_of_the_standard():
    # The example of the specification, worked out beside our code.
    signed = webhook_signing.signature(
        "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
        webhook_id="msg_p5jXN8AQM9LWM0D4loKWxJek", timestamp="1614265330",
        body=b'{"test": 2432232314}',
    )  # fmt: skip
    assert signed == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


def test_while_a_secret_is_being_changed_both_sign(webhook):
    server, _ = webhook
    new = "whsec_" + base64.b64encode(b"another secret of 24 bytes").decode()
    made(server.url, f"{new} {webhook_server.SECRET}").send(ONE)
    assert list(server.messages) == ["r-1"]
    with pytest.raises(Later):
        made(server.url, new).send(ONE)
    assert server.forged == 1


@pytest.mark.parametrize("secret", ["", "short", "whsec_", "whsec_%%%", "whsec_c2hvcnQ="])
def test_a_secret_that_is_none_makes_no_carrier(secret):
    with pytest.raises(ValueError, match="secret"):
        made("https://example.org/", secret)


def test_asking_is_handing_over_again_and_changes_nothing_there(webhook):
    server, account = webhook
    server.plan.append(Step(lose_answer=True))
    backend = WebhookBackend(account)
    with pytest.raises(Unclear):
        backend.send(ONE)
    assert backend.find(ONE) == ["r-1"]
    assert len(server.messages) == 1
    assert server.calls == 2
    server.plan += [Step(lose_answer=True), Step(400), Step(503)]
    with pytest.raises(Later):
        backend.find(ONE)
    assert backend.find(ONE) == []
    with pytest.raises(Later):
        backend.find(ONE)


def test_the_receivers_own_id_is_kept_and_nonsense_is_not(webhook):
    server, account = webhook
    server.plan += [Step(200, '{"id": "their-7"}'), Step(202, "["), Step(204, ""),
                    Step(200, '{"id": {"a": 1}}'), Step(200, "x" * 200_000)]  # fmt: skip
    backend = WebhookBackend(account)
    ids = [backend.send(ONE).provider_id for _ in range(5)]
    assert ids == ["their-7", "r-1", "r-1", "r-1", "r-1"]


def test_a_redirect_is_no_acceptance_and_nobody_is_followed(webhook):
    server, account = webhook
    server.plan.append(Step(307, location=server.url))
    with pytest.raises(Later):
        WebhookBackend(account).send(ONE)
    assert server.calls == 1


def test_a_refusal_may_say_what_became_of_the_address(webhook):
    server, account = webhook
    backend = WebhookBackend(account)
    for body, address in (('{"address": "opted_out"}', "opted_out"), ('{"address": "x"}', "")):
        server.plan.append(Step(422, body))
        with pytest.raises(Refused) as refusal:
            backend.send(ONE)
        assert refusal.value.address == address


def test_a_receiver_that_wants_us_no_more_is_a_matter_for_people_and_not_the_messages_end(webhook):
    server, account = webhook
    for status in (401, 403, 404, 410):
        server.plan.append(Step(status))
        with pytest.raises(Later):
            WebhookBackend(account).send(ONE)


# -- Where we do not call ----------------------------------------------------------------------


@pytest.mark.parametrize(
    "url",
    [
        "http://example.org/", "ftp://example.org/", "https://user:word@example.org/",
        "https://example.org:8443/", "https:///path", "example.org", "", "https://[::1",
        "https://example.org:99999/",
    ],
)  # fmt: skip
def test_addresses_that_are_not_called(url, settings):
    settings.HUB_DEVELOPMENT = False
    with pytest.raises(vetted.NotAllowed):
        vetted.address(url)


@pytest.mark.parametrize(
    "found",
    [
        "127.0.0.1", "0.0.0.0", "10.0.0.1", "172.16.0.1", "192.168.1.1", "169.254.169.254",
        "100.64.0.1", "192.0.2.1", "198.18.0.1", "203.0.113.1", "224.0.0.1", "255.255.255.255",
        "::1", "::", "fd00::1", "fe80::1", "ff02::1", "::ffff:127.0.0.1", "::ffff:10.0.0.1",
        "64:ff9b::7f00:1", "2002:7f00:1::", "2001:0:7f00:1::", "2001:db8::1",
    ],
)  # fmt: skip
def test_networks_that_are_not_open(found, settings, monkeypatch):
    settings.HUB_DEVELOPMENT = False
    assert not vetted.is_open(ipaddress.ip_address(found))
    family = socket.AF_INET6 if ":" in found else socket.AF_INET
    looked_up = [(family, socket.SOCK_STREAM, 6, "", (found, 443))]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_a, **_k: looked_up)
    with pytest.raises(Later, match="not open"):
        made("https://partner.example/").send(ONE)


def test_one_address_within_among_open_ones_is_enough_not_to_call(settings, monkeypatch):
    settings.HUB_DEVELOPMENT = False
    looked_up = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (one, 443))
                 for one in ("8.8.8.8", "10.0.0.1")]  # fmt: skip
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_a, **_k: looked_up)
    with pytest.raises(Later, match="not open"):
        made("https://partner.example/").send(ONE)


@pytest.mark.parametrize("found", ["8.8.8.8", "2606:4700:4700::1111"])
def test_the_open_internet_is_open(found):
    assert vetted.is_open(ipaddress.ip_address(found))


def test_a_name_that_nobody_knows_means_nothing_was_taken(settings, monkeypatch):
    def unknown(*_a: object, **_k: object) -> None:
        raise socket.gaierror(-2, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", unknown)
    with pytest.raises(Later, match="looked up"):
        made("https://partner.example/").send(ONE)


def test_the_certificate_has_to_be_that_of_the_name(settings, webhook):
    """Loopback speaks no TLS here: what does not prove who it is gets nothing."""
    server, _ = webhook
    with pytest.raises(Later):
        made(server.url.replace("http://", "https://")).send(ONE)
    assert server.calls == 0
