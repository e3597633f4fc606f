"""What a backend is built from: one account with one provider, from a row or the environment."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.conf import settings

# Where each kind of carrier lives; its libraries are loaded when one is first needed.
BACKENDS: dict[str, str] = {
    "smtp": "notifications.backends.mail.MailBackend",
    "twilio": "notifications.backends.twilio.TwilioBackend",
    "notify": "notifications.backends.notify.NotifyBackend",
    "webhook": "notifications.backends.webhook.WebhookBackend",
    "print": "notifications.backends.print_room.PrintRoom",
    "postbox": "notifications.backends.postbox.PostboxBackend",
    "memory": "notifications.backends.memory.MemoryBackend",
    "console": "notifications.backends.console.ConsoleBackend",
}


@dataclass(frozen=True, slots=True)
class Account:
    """`slug` names it on messages; `path` is the class that speaks for it. Equal ones are one."""

    slug: str
    kind: str
    path: str
    settings: Mapping[str, Any] = field(default_factory=dict)
    secrets: Mapping[str, str] = field(default_factory=dict, repr=False)


def of_environment(kind: str, path: str = "") -> Account:
    """The account of this kind that the settings describe; its slug is the kind."""
    told, secrets = _TOLD.get(kind, _nothing)()
    return Account(kind, kind, path or BACKENDS[kind], told, secrets)


def is_configured(kind: str) -> bool:
    """Whether the environment names an account of this kind at all."""
    return kind in _TOLD and any(_TOLD[kind]()[1].values())


_Told = tuple[dict[str, Any], dict[str, str]]


def _nothing() -> _Told:
    return {}, {}


def _twilio() -> _Told:
    tokens = settings.TWILIO_AUTH_TOKENS
    return (
        {
            "account_sid": settings.TWILIO_ACCOUNT_SID,
            "messaging_service_sid": settings.TWILIO_MESSAGING_SERVICE_SID,
            "number": settings.HUB_SMS_NUMBER,
            "api_base": settings.TWILIO_API_BASE,
        },
        {"auth_token": tokens[0] if tokens and settings.TWILIO_ACCOUNT_SID else ""},
    )


def _smtp() -> _Told:
    return {"from": settings.DEFAULT_FROM_EMAIL}, {"url": settings.EMAIL_URL}


def _notify() -> _Told:
    return (
        {"base_url": settings.NOTIFY_BASE_URL, "templates": settings.NOTIFY_TEMPLATES},
        {
            "api_key": settings.NOTIFY_API_KEY,
            "callback_token": settings.NOTIFY_CALLBACK_TOKEN if settings.NOTIFY_API_KEY else "",
        },
    )


_TOLD: dict[str, Callable[[], _Told]] = {"twilio": _twilio, "smtp": _smtp, "notify": _notify}
