"""Conversations in which no answer came any more become enquiries; one failing stops no other."""

from __future__ import annotations

from datetime import datetime

import structlog

from channels.sms import conversation
from enquiries.actions import dialogs

log = structlog.get_logger(__name__)


def open_due(*, now: datetime, limit: int = 200) -> int:
    """Opens what is due; one transaction each. Returns how many."""
    done = 0
    for thread in dialogs.silent(now=now, limit=limit):
        try:
            done += conversation.open_silent(thread, now=now)
        except Exception:
            log.exception("sms.silence_failed")
    return done
