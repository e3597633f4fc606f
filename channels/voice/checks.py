"""A telephone line must lead somewhere, and whoever tells us of calls must be checked."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, register

from channels import numbers
from channels.voice import parsing


@register()
def calls_can_be_taken(app_configs: Sequence[Any] | None, **_: object) -> list[CheckMessage]:
    """A line for calls leads to a number or a queue, and has the token that proves who calls."""
    line = settings.HUB_VOICE_TO
    if not line:
        return []
    found: list[CheckMessage] = []
    if not settings.TWILIO_AUTH_TOKENS and not settings.HUB_DEMO:
        found.append(
            Error(
                "HUB_VOICE_TO is set but TWILIO_AUTH_TOKEN is not: every call would be refused.",
                hint="Set TWILIO_AUTH_TOKEN (or TWILIO_AUTH_TOKEN_FILE), or remove HUB_VOICE_TO.",
                id="channels.E002",
            )
        )
    if not (numbers.E164.fullmatch(line) or parsing.QUEUE.fullmatch(line)):
        found.append(
            Error(
                "HUB_VOICE_TO is neither a telephone number nor a queue: calls would end nowhere.",
                hint="Write a number like +441632960001, or queue: and a name, like queue:hub.",
                id="channels.E003",
            )
        )
    return found
