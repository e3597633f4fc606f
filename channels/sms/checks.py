"""A door for texts whose senders cannot be checked must not open."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, register


@register()
def texts_can_be_checked(app_configs: Sequence[Any] | None, **_: object) -> list[CheckMessage]:
    """A number for texts needs the token that proves who calls our webhooks."""
    if not settings.HUB_SMS_NUMBER or settings.TWILIO_AUTH_TOKENS or settings.HUB_DEMO:
        return []
    return [
        Error(
            "HUB_SMS_NUMBER is set but TWILIO_AUTH_TOKEN is not: every text that comes in "
            "would be refused.",
            hint="Set TWILIO_AUTH_TOKEN (or TWILIO_AUTH_TOKEN_FILE), or remove HUB_SMS_NUMBER.",
            id="channels.E001",
        )
    ]
