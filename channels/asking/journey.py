"""One person's answers on their way to us, kept by the session until they are sent.

Each journey has its own id, so that several tabs never mix. The id is also the key under which
intake knows the enquiry: sending twice gives the same reference. Each page also carries the signed
answers, so that an expired session loses nothing.
"""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from django.contrib.sessions.backends.base import SessionBase
from django.core import signing

from kb.journeys import EMAIL, NOBODY, SMS, Journey, begin, read

__all__ = ["EMAIL", "NOBODY", "SMS", "Journey", "begin", "load", "read", "save", "seal"]

_KEY = "journeys"
_SALT = "channels.asking.journey"
_KEPT = 8  # journeys one browser may have open; the oldest goes first
_A_WEEK = 7 * 24 * 60 * 60


def load(session: SessionBase, journey_id: str, carried: str = "") -> Journey | None:
    """The journey as last answered: the session's, or the page's where that is newer."""
    kept = session.get(_KEY, {}).get(journey_id)
    known = [read(kept)] if kept else []
    if carried and (page := _unseal(carried)) and page.id == journey_id:
        known.append(page)
    return max(known, key=lambda journey: (journey.is_sent, journey.revision), default=None)


def save(session: SessionBase, journey: Journey) -> None:
    """Remembers a journey."""
    journeys: dict[str, Any] = dict(session.get(_KEY, {}))
    journeys.pop(journey.id, None)
    journeys[journey.id] = asdict(journey)
    session[_KEY] = dict(list(journeys.items())[-_KEPT:])


def seal(journey: Journey) -> str:
    """The answers for a hidden field: signed, so that only what we asked comes back."""
    return signing.dumps(asdict(journey), salt=_SALT, compress=True)


def _unseal(carried: str) -> Journey | None:
    try:
        return read(signing.loads(carried, salt=_SALT, max_age=_A_WEEK))
    except signing.BadSignature:
        return None
