"""Production does not start with demo secrets or half a provider."""

from typing import Any

import pytest
from pytest_django import Settings

from hub import checks
from notifications import checks as message_checks

GOOD = "kJ8-2mQx0vT5zL1bN7rY4wS9cF6hD3gA-pEuXoViBtRs"  # made up for this test


def _said(found: list[Any]) -> set[str]:
    assert all(message.hint for message in found), "every mistake has its cure"
    return {message.id for message in found}


@pytest.fixture
def production(settings: Settings) -> Settings:
    settings.HUB_DEVELOPMENT = False
    settings.HUB_DEMO = False
    settings.SECRET_KEY = GOOD
    settings.ALLOWED_HOSTS = ["hub.example"]
    settings.HTTPS = True
    settings.EMAIL_URL = "smtp://mail.example"
    settings.TWILIO_ACCOUNT_SID = ""
    return settings


def test_a_sound_production_has_nothing_to_say(production: Settings) -> None:
    assert _said(checks.secrets_are_real(None)) == set()
    assert _said(checks.providers_are_whole(None)) == set()


@pytest.mark.parametrize("key", ["short", "demo-" + "x" * 60, "change-me-" + "y" * 60])
def test_a_demo_secret_stops_production(production: Settings, key: str) -> None:
    production.SECRET_KEY = key
    assert "hub.E001" in _said(checks.secrets_are_real(None))


def test_the_demo_stops_production(production: Settings) -> None:
    production.HUB_DEMO = True
    assert "hub.E002" in _said(checks.secrets_are_real(None))


def test_any_host_and_no_tls_are_named(production: Settings) -> None:
    production.ALLOWED_HOSTS = ["*"]
    production.HTTPS = False
    assert {"hub.E003", "hub.W001"} <= _said(checks.secrets_are_real(None))


def test_twilio_without_its_token_or_sender_is_named(production: Settings) -> None:
    production.TWILIO_ACCOUNT_SID = "AC-something"
    production.TWILIO_AUTH_TOKENS = []
    production.TWILIO_MESSAGING_SERVICE_SID = production.HUB_SMS_NUMBER = ""
    found = checks.providers_are_whole(None)
    assert {"hub.E010", "hub.E011"} <= _said(found)
    assert "TWILIO_AUTH_TOKEN" in found[0].msg


def test_no_way_to_send_mail_stops_production(production: Settings) -> None:
    production.EMAIL_URL, production.NOTIFY_API_KEY = "", "a key without templates"
    production.NOTIFICATION_BACKENDS = {"sms": "notifications.backends.twilio.TwilioBackend"}
    assert "hub.E012" in _said(checks.providers_are_whole(None))


def test_half_a_key_of_notify_and_one_that_carries_nothing_are_named(production: Settings) -> None:
    production.NOTIFY_API_KEY, production.NOTIFY_TEMPLATES = "short", {}
    said = _said([*message_checks.notify_is_whole(None)])
    assert said == {"notifications.E003", "notifications.W002"}
    production.NOTIFY_API_KEY, production.NOTIFY_TEMPLATES = "name-" + "x" * 73, {"sms": "1"}
    assert _said([*message_checks.notify_is_whole(None)]) == set()
