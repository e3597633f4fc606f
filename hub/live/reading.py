"""Reads what happens, in a thread of its own, and puts it before the board."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import structlog
from django.db import Error as DatabaseError
from django.db import connection
from django.utils import timezone

from core import heartbeats, live
from enquiries.queries import lately
from hub.live.words import words

EVERY = 0.7  # seconds between two looks at the ledger
_BEAT_EVERY = 15.0
_PAUSE_WITHOUT_DATABASE = 2.0
log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class News:
    """What happened since the last time. `missed` says that something may have been overlooked."""

    changes: tuple[Mapping[str, object], ...] = ()
    said: tuple[tuple[str, Mapping[str, object]], ...] = ()
    missed: bool = False


def _told(change: lately.Change) -> dict[str, object]:
    return {
        "reference": change.reference,
        "version": change.version,
        "what": change.what,
        "staff": change.staff,
        "words": words(change),
    }


class Reader(threading.Thread):
    """Listens and looks until `end`; hands each News to `hand_over`, which is called here."""

    def __init__(self, hand_over: Callable[[News], None], *, streams: Callable[[], int]) -> None:
        super().__init__(name="live-reader", daemon=True)
        self._hand_over = hand_over
        self._streams = streams
        self._ending = threading.Event()
        self._beat_at = 0.0

    def end(self) -> None:
        """Stops within a second."""
        self._ending.set()

    def run(self) -> None:
        """Reads; while the database is away tries again, and tells that something was missed."""
        again = False
        while not self._ending.is_set():
            try:
                self._read(missed=again)
            except DatabaseError as error:
                log.warning("live.database_away", reason=type(error).__name__)
            again = True
            connection.close()
            self._ending.wait(_PAUSE_WITHOUT_DATABASE)

    def _read(self, *, missed: bool) -> None:
        connection.ensure_connection()
        with connection.cursor() as sql:
            sql.execute(f"LISTEN {live.CHANNEL}")
        place = lately.now_at()
        self._beat_at = 0.0
        if missed:
            self._hand_over(News(missed=True))
        while not self._ending.is_set():
            said = self._said()
            changes, place = lately.changes(place)
            told = tuple(_told(change) for change in changes if words(change))
            if said or told:
                self._hand_over(News(told, said))
            self._beat()

    def _said(self) -> tuple[tuple[str, Mapping[str, object]], ...]:
        """What `core.live.say` told within the next moments; returns early with the first."""
        wire: Any = connection.connection
        found = []
        for notice in wire.notifies(timeout=EVERY, stop_after=1):
            try:
                said = json.loads(notice.payload)
                found.append((str(said["topic"]), dict(said["data"])))
            except (ValueError, KeyError, TypeError):
                log.warning("live.not_understood")
        return tuple(found)

    def _beat(self) -> None:
        if time.monotonic() >= self._beat_at:
            self._beat_at = time.monotonic() + _BEAT_EVERY
            heartbeats.beat("live", at=timezone.now(), detail={"streams": self._streams()})
