"""Which provider carries which medium, from the setting NOTIFICATION_BACKENDS."""

from __future__ import annotations

import threading

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.utils.module_loading import import_string

from notifications.backends.base import Backend

# Providers' clients are not safe to share between threads.
_local = threading.local()


def path_for(medium: str) -> str:
    """The dotted path that settings give for a medium. Raises ImproperlyConfigured."""
    try:
        return str(settings.NOTIFICATION_BACKENDS[medium])
    except KeyError as error:
        raise ImproperlyConfigured(
            f"NOTIFICATION_BACKENDS names no provider for {medium}"
        ) from error


def backend_for(medium: str) -> Backend:
    """This thread's provider for a medium."""
    path = path_for(medium)
    cache: dict[str, Backend] = _local.__dict__.setdefault("backends", {})
    if path not in cache:
        cache[path] = import_string(path)()
    return cache[path]


def forget() -> None:
    """Drops this thread's clients, so that changed settings count."""
    _local.__dict__.pop("backends", None)
