"""Whose turn it is, read from the ledger: the intervals in which a case waited. Pure (R7)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

ASKED = "info_requested"
# What ends the citizen's turn, besides an outcome: their answer, or that the case went elsewhere
# without it.
ENDED = frozenset(
    {"info_received", "referred", "triaged", "rejected", "returned", "reopened"}
    | {"offer_withdrawn", "expired", "part_completed"}
)
OUTCOMES = frozenset({"resolved"})

Waits = list[tuple[datetime, datetime | None]]


def waits(lines: Iterable[tuple[str, datetime, bool]]) -> Waits:
    """When it was the citizen's turn. Lines are (event without its prefix, time, is an outcome).

    Of several organisations one may come or go while the citizen still has another's question to
    answer: such lines say `waits` and are left out by who reads them. The last wait has no end
    while it is still their turn.
    """
    found: Waits = []
    since: datetime | None = None
    for name, at, is_outcome in lines:
        if name == ASKED:
            since = since or at
        elif since is not None and (name in ENDED or is_outcome):
            found.append((since, at))
            since = None
    return [*found, (since, None)] if since is not None else found
