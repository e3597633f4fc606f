"""Whether no text may go to a number: asked of the room that keeps what people said of texts.

That room is none of ours, so the settings name the function that answers (NOTIFICATION_STOPS).
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime

from django.conf import settings
from django.utils.module_loading import import_string

from notifications.events import ANSWERS, SMS
from notifications.models import Notification


def since(numbers: Collection[str]) -> Mapping[str, datetime]:
    """Those of these numbers (E.164) that no text may go to, and since when. One statement."""
    found: Mapping[str, datetime] = import_string(settings.NOTIFICATION_STOPS)(numbers)
    return found


def stopped_at(message: Notification) -> datetime | None:
    """Since when no text may go to where this one went; None where it may, or is no text."""
    return since([message.to]).get(message.to) if message.medium == SMS else None


def forbids(message: Notification) -> bool:
    """Whether its reader has stopped texts, and this is no direct answer to a later text of theirs.

    Asked whenever a text is about to begin: STOP may have come since it was written.
    """
    at = stopped_at(message)
    if at is None:
        return False
    is_answer = message.event in ANSWERS and message.instead_of is None
    return not (is_answer and message.created_at >= at)
