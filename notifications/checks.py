"""What is wrong with the settings of messages, found at the start instead of at the first send."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, Warning, register  # noqa: A004  Django's own name
from django.utils.module_loading import import_string

from notifications import quiet
from notifications.backends import registry

# Two ids of 36 characters with a hyphen between them, and a name before.
NOTIFY_KEY = 74
MEDIA = {"sms": "texts", "email": "e-mail"}


@register()
def providers(app_configs: Any, **kwargs: Any) -> Sequence[CheckMessage]:
    """Each medium has a provider that can be loaded."""
    found: list[CheckMessage] = []
    for medium, name in MEDIA.items():
        paths = registry.paths_for(medium)
        if not paths:
            found.append(
                Warning(
                    f"No provider carries {name}: such messages will fail and be shown to staff.",
                    hint="Set TWILIO_ACCOUNT_SID for texts, EMAIL_URL for e-mail, NOTIFY_API_KEY.",
                    id="notifications.W001",
                )
            )
            continue
        for path in paths:
            try:
                import_string(path)
            except ImportError as error:
                found.append(Error(f"{path}: {error}", id="notifications.E001"))
    return found


@register()
def notify_is_whole(app_configs: Any, **kwargs: Any) -> Sequence[CheckMessage]:
    """A key of GOV.UK Notify without templates carries nothing, and half a key neither."""
    if not settings.NOTIFY_API_KEY:
        return []
    found: list[CheckMessage] = []
    if len(settings.NOTIFY_API_KEY) < NOTIFY_KEY:
        hint = "Copy the whole key: its name, the service's id and the secret."
        found.append(Error("NOTIFY_API_KEY is not whole.", hint=hint, id="notifications.E003"))
    if not settings.NOTIFY_TEMPLATES:
        hint = "Set NOTIFY_TEMPLATES like sms=ID,email=ID."
        words = "NOTIFY_API_KEY is set but NOTIFY_TEMPLATES names nothing that it carries."
        found.append(Warning(words, hint=hint, id="notifications.W002"))
    return found


@register()
def stops_are_known(app_configs: Any, **kwargs: Any) -> Sequence[CheckMessage]:
    """Somebody can be asked which numbers want no texts."""
    try:
        import_string(settings.NOTIFICATION_STOPS)
    except ImportError as error:
        return [Error(f"NOTIFICATION_STOPS: {error}", id="notifications.E004")]
    return []


@register()
def quiet_hours(app_configs: Any, **kwargs: Any) -> Sequence[CheckMessage]:
    """The hours without texts can be read."""
    try:
        quiet.read(settings.HUB_QUIET_HOURS)
    except quiet.NotHours as error:
        hint = "Set HUB_QUIET_HOURS like 20:00-08:00, or to off for none."
        return [Error(str(error), hint=hint, id="notifications.E002")]
    return []
