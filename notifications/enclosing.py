"""A file that goes with an email: kept where it was made, and read when the email is handed over.

The message knows its name alone. That room is none of ours, so the settings name the function
that reads it (NOTIFICATION_FILES). Where it is gone or too large, or its carrier takes no files,
the email goes without it: its words lead there as well.
"""

from __future__ import annotations

from dataclasses import replace

from django.conf import settings
from django.db import DatabaseError
from django.utils.module_loading import import_string

from notifications.backends.base import Backend, Enclosed, Later, Outgoing, TakesFiles
from notifications.events import EVENTS

# Many a mail server takes no more than ten, and a file grows by a third on its way.
LARGEST = 2_000_000


def ready(message: Outgoing, backend: Backend) -> Outgoing:
    """An email with its file, where it has one that its carrier takes; else as it is. Raises Later
    where the file cannot be read now."""
    event = EVENTS.get(message.event)
    name = message.facts.get(event.brings, "") if event is not None and event.brings else ""
    if not name or not isinstance(backend, TakesFiles):
        return message
    try:
        found: Enclosed | None = _read(message.event, name)
    except DatabaseError as error:
        raise Later(f"Its file cannot be read: {type(error).__name__}") from error
    if found is None or len(found.body) > LARGEST:
        return message
    return replace(message, enclosed=found)


def _read(event: str, name: str) -> Enclosed | None:
    found: tuple[str, bytes] | None = import_string(settings.NOTIFICATION_FILES[event])(name)
    return None if found is None else Enclosed(*found)
