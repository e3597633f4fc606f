"""What open pages of staff are told at once: the door between requests and `hub.live`.

Topics: ``queue``, ``team``, ``case:REFERENCE``, ``contact:UUID``, ``staff:ID``. What cases go
through is read from the ledger; what stands in no ledger (a call that rings, a hand-over) is said
here. Nothing that is told holds a word of or about a person: pages fetch what their viewer may see.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from django.db import connection

from core.sealing import SealBroken, seal, unseal

CHANNEL: Final = "hub_live"
# A ticket opens a stream for so long; a stream that is cut asks for a new one, by its session.
LASTS: Final = timedelta(minutes=5)
_PURPOSE: Final = "live"


class BadTicket(Exception):
    """Not one of ours, or too old."""


@dataclass(frozen=True, slots=True)
class Ticket:
    """Who may hear of what. `name` is what colleagues read where both look at the same."""

    staff: int
    name: str
    topics: tuple[str, ...]


def say(topic: str, data: Mapping[str, str | int] | None = None) -> None:
    """Tells the pages that listen to a topic, when the caller's transaction commits.

    For what is rare: a transaction that notifies waits for others that do (PostgreSQL's NOTIFY).
    `data` are names and numbers that every listener of the topic may know; 7 kB at most.
    """
    with connection.cursor() as sql:
        sql.execute(
            "SELECT pg_notify(%s, %s)",
            [CHANNEL, json.dumps({"topic": topic, "data": dict(data or {})})],
        )


def ticket(staff: int, name: str, topics: Sequence[str], *, now: datetime) -> str:
    """A ticket for a stream on these topics, which the caller knows that this member may see."""
    until = int((now + LASTS).timestamp())
    return seal(json.dumps([staff, name, list(topics), until]), purpose=_PURPOSE)


def opened(text: str, *, now: datetime) -> Ticket:
    """What a ticket says. Raises BadTicket."""
    try:
        staff, name, topics, until = json.loads(unseal(text, purpose=_PURPOSE))
    except (SealBroken, ValueError) as error:
        raise BadTicket from error
    if now.timestamp() > until:
        raise BadTicket
    return Ticket(staff, name, tuple(topics))
