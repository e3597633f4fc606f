"""Says what was done, with how to take it back while that is possible."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime

from django.contrib import messages
from django.contrib.messages.storage.base import Message
from django.http import HttpRequest
from django.utils import timezone

from desk.taking_back import FOR_GOOD
from teamwork.actions_undo import Left

# How a message says which act it is of: read by desk_words.undo_of.
_MARK = "undo"
_MARKED = re.compile(rf"{_MARK}:([0-9a-f-]{{36}}):(\S+)")


@dataclass(frozen=True, slots=True)
class Way:
    """The way back: its id, until when, and how many seconds that is from now."""

    public_id: str
    until: datetime
    seconds: float


def said(request: HttpRequest, words: str, left: Left | None, *, act: str = "") -> None:
    """The last word of an act, and for ten seconds the way back; what is done instead where there
    is none."""
    if left is None and act in FOR_GOOD:
        words = f"{words}. {FOR_GOOD[act]}"
    tags = f"{_MARK}:{left.public_id}:{left.until.isoformat()}" if left is not None else ""
    messages.success(request, words, extra_tags=tags)


def way_of(message: Message) -> Way | None:
    """How to take back what a message tells of; None where there is no way, or no time left."""
    found = _MARKED.search(message.extra_tags or "")
    if found is None:
        return None
    return way(found[1], datetime.fromisoformat(found[2]))


def way(public_id: object, until: datetime | None) -> Way | None:
    """How to take something back, while there is time for it."""
    left = (until - timezone.now()).total_seconds() if until is not None else 0
    return Way(str(public_id), until, left) if until is not None and left > 0 else None
