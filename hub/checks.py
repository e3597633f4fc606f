"""Mistakes in the settings, each with its cure: `manage.py check` and every start say them."""

from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, register
from django.core.checks import Warning as Caution
from django.utils import timezone

from core import clamd
from enquiries import clocks

_DEMO_WORDS = ("demo", "change-me", "changeme", "secret-key", "insecure", "example", "password")
_MIN_SECRET = 40


@register(Tags.security)
def secrets_are_real(app_configs: Sequence[Any] | None, **_: object) -> list[CheckMessage]:
    """Production does not start with a secret that others may know."""
    if settings.HUB_DEVELOPMENT:
        return []
    found: list[CheckMessage] = []
    key = str(settings.SECRET_KEY)
    if len(key) < _MIN_SECRET or any(word in key.lower() for word in _DEMO_WORDS):
        found.append(
            Error(
                "SECRET_KEY is too short or looks like one from an example.",
                hint=f"Set it to {_MIN_SECRET} random characters or more: "
                'python3 -c "import secrets; print(secrets.token_urlsafe(48))"',
                id="hub.E001",
            )
        )
    if settings.HUB_DEMO:
        found.append(
            Error(
                "HUB_DEMO is on in production: the demo's sign-ins and its post box are public.",
                hint="Set HUB_DEMO=0, or HUB_DEVELOPMENT=1 if this is a demonstration.",
                id="hub.E002",
            )
        )
    if "*" in settings.ALLOWED_HOSTS:
        found.append(
            Error(
                "ALLOWED_HOSTS has a *, so a forged Host header would be believed.",
                hint="Set ALLOWED_HOSTS to the names under which the hub is reached.",
                id="hub.E003",
            )
        )
    if not settings.HTTPS:
        found.append(
            Caution(
                "HUB_BASE_URL starts with http://, so cookies travel unprotected.",
                hint="Put the hub behind TLS and set HUB_BASE_URL to its https:// address.",
                id="hub.W001",
            )
        )
    return found


@register(Tags.compatibility)
def providers_are_whole(app_configs: Sequence[Any] | None, **_: object) -> list[CheckMessage]:
    """A provider that is half configured is an error, not a message that never leaves."""
    found: list[CheckMessage] = []
    if settings.TWILIO_ACCOUNT_SID and not settings.TWILIO_AUTH_TOKENS:
        found.append(
            Error(
                "TWILIO_ACCOUNT_SID is set but TWILIO_AUTH_TOKEN is not: texts cannot be sent, "
                "and webhooks cannot be checked.",
                hint="Set TWILIO_AUTH_TOKEN (or TWILIO_AUTH_TOKEN_FILE) to the token of that "
                "account, or remove TWILIO_ACCOUNT_SID to switch SMS off.",
                id="hub.E010",
            )
        )
    if settings.TWILIO_ACCOUNT_SID and not (
        settings.TWILIO_MESSAGING_SERVICE_SID or settings.HUB_SMS_NUMBER
    ):
        found.append(
            Error(
                "Twilio is configured without a sender.",
                hint="Set TWILIO_MESSAGING_SERVICE_SID or HUB_SMS_NUMBER.",
                id="hub.E011",
            )
        )
    if not settings.HUB_DEVELOPMENT and "email" not in settings.NOTIFICATION_BACKENDS:
        found.append(
            Error(
                "No way to send e-mail is configured: citizens would not be told anything.",
                hint="Set EMAIL_URL (smtp://user:password@host:587), or NOTIFY_API_KEY.",
                id="hub.E012",
            )
        )
    return found


@register(Tags.compatibility)
def scanner_has_an_address(app_configs: Sequence[Any] | None, **_: object) -> list[CheckMessage]:
    """A virus scanner that nobody can reach would keep every file waiting."""
    if not settings.CLAMD_URL:
        return []
    try:
        clamd.address(settings.CLAMD_URL)
    except ValueError as error:
        return [Error(f"{error}.", hint="Set CLAMD_URL, or remove it.", id="hub.E013")]
    return []


@register(Tags.compatibility)
def bank_holidays_are_known(app_configs: Sequence[Any] | None, **_: object) -> list[CheckMessage]:
    """Promises reach into the next two years: their bank holidays must be in the list by then."""
    missing = clocks.bank_holidays_missing(timezone.localdate())
    if not missing:
        return []
    day, words = missing[0]
    return [
        Caution(
            f"{len(missing)} bank holidays of the next 24 months are not in the list of the "
            f"holidays package, the first {words} on {day:%d %B %Y}.",
            hint="Compare with https://www.gov.uk/bank-holidays. Bring the package up to date "
            "(make lock, then install), or if the day was moved, close the new one under "
            "Settings, Calendars.",
            id="hub.W010",
        )
    ]
