"""What we say to Twilio, and what our stand-in answers, held to Twilio's own description."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest

from notifications.backends import accounts
from notifications.backends.accounts import Account
from notifications.backends.base import Later, Outgoing, Refused, Unclear
from notifications.backends.twilio import TwilioBackend
from tests import prism
from tests.stand_ins import twilio_server
from tests.stand_ins.twilio_server import Step, TwilioServer

API = "twilio_api_v2010_trim.json"


@pytest.fixture(scope="module")
def described(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A Twilio that knows nothing but its description."""
    with prism.mock(API, tmp_path_factory.mktemp("prism") / "mock.log") as address:
        yield address


@pytest.fixture(scope="module")
def stand_in() -> Iterator[TwilioServer]:
    with TwilioServer() as server:
        yield server


@pytest.fixture(scope="module")
def between(stand_in: TwilioServer, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Our stand-in, with Prism reading every word that goes to it and comes from it."""
    log = tmp_path_factory.mktemp("prism") / "proxy.log"
    with prism.before(API, stand_in.base, log) as address:
        yield address


def backend(settings: Any, base: str, **changed: str) -> TwilioBackend:
    settings.HUB_BASE_URL = "https://hub.example"
    told = {
        "account_sid": twilio_server.ACCOUNT,
        "messaging_service_sid": twilio_server.SERVICE,
        "api_base": base,
    }
    return TwilioBackend(
        Account(
            slug="twilio",
            kind="twilio",
            path=accounts.BACKENDS["twilio"],
            settings={**told, **changed},
            secrets={"auth_token": twilio_server.TOKEN},
        )
    )


def text(body: str = "We have your enquiry", to: str = "+447700900123") -> Outgoing:
    return Outgoing(
        reference="6f1c2f0e-54f5-4a0c-9f52-3f8f2c1f4f10", medium="sms", to=to, subject="",
        body=body, about="WH7-K3MP-4X", tried_at=datetime.now(UTC),
    )  # fmt: skip


def test_what_we_send_is_what_twilio_describes(settings: Any, described: str) -> None:
    assert backend(settings, described).send(text()).provider_id.startswith("SM")


def test_a_sender_that_is_none_is_refused_before_a_text_is_lost(
    settings: Any, described: str
) -> None:
    with pytest.raises(Refused):
        backend(settings, described, messaging_service_sid="MG-not-one").send(text())


def test_asking_what_twilio_has_is_what_it_describes(settings: Any, described: str) -> None:
    assert backend(settings, described).find(text()) == []


def test_our_stand_in_answers_as_twilio_describes(
    settings: Any, stand_in: TwilioServer, between: str
) -> None:
    sent = backend(settings, between).send(text("Told once"))
    assert [message["sid"] for message in stand_in.messages] == [sent.provider_id]
    assert backend(settings, between).find(text("Told once")) == [sent.provider_id]


@pytest.mark.parametrize(
    ("step", "expected"),
    [
        (Step(400, 21610, "Unsubscribed"), Refused),
        (Step(429, 20429, "Too many requests", retry_after="2"), Later),
        (Step(500, 20500, "Oh"), Unclear),
        (Step(503, 20503, "Away"), Unclear),
    ],
)
def test_bad_days_are_told_apart_behind_prism_too(
    settings: Any, stand_in: TwilioServer, between: str, step: Step, expected: type[Exception]
) -> None:
    stand_in.plan.append(step)
    with pytest.raises(expected):
        backend(settings, between).send(text("Once more"))
