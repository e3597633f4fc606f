"""What all that call providers over HTTP need: was it taken, and how long are we to wait."""

from __future__ import annotations

from collections.abc import Mapping

import requests
from urllib3.exceptions import MaxRetryError, NameResolutionError, NewConnectionError

from notifications.backends.base import Later, Unclear

TIMEOUT_SECONDS = 8


def broken(error: requests.RequestException, whose: str) -> Later | Unclear:
    """A call that ended without an answer: it was surely not taken only if nobody was reached."""
    if isinstance(error, requests.ConnectTimeout) or _never_connected(error):
        return Later(f"{whose} cannot be reached: {type(error).__name__}", code="no_connection")
    return Unclear(f"The answer was lost: {type(error).__name__}", code="lost")


def wait(headers: Mapping[str, str]) -> float | None:
    """The seconds of a Retry-After, where there are any that make sense."""
    try:
        seconds = float(headers.get("Retry-After", ""))
    except (TypeError, ValueError, AttributeError):
        return None
    return seconds if 0 <= seconds < float("inf") else None


def _never_connected(error: requests.RequestException) -> bool:
    cause = error.args[0] if error.args else None
    reason = cause.reason if isinstance(cause, MaxRetryError) else cause
    return isinstance(reason, NewConnectionError | NameResolutionError)
