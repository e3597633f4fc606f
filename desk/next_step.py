"""What to do next, and why: one line at the top of the queue. Pure."""

from __future__ import annotations

from dataclasses import dataclass

from enquiries.queries.desk import QueueRow

_URGENT = {"late": 0, "soon": 1, "fine": 2, "none": 3}


@dataclass(frozen=True, slots=True)
class NextStep:
    """The case to open next. `why` finishes the sentence."""

    row: QueueRow
    is_mine: bool
    why: str


def choose(mine: QueueRow | None, free: QueueRow | None) -> NextStep | None:
    """Of the first of mine and the first that nobody has: the more urgent; mine when equal."""
    found = [(row, own) for row, own in ((mine, True), (free, False)) if row is not None]
    if not found:
        return None
    row, is_mine = min(found, key=lambda pair: (_URGENT[pair[0].urgency], not pair[1]))
    return NextStep(row, is_mine, _why(row, is_mine=is_mine))


def _why(row: QueueRow, *, is_mine: bool) -> str:
    whose = "It is yours" if is_mine else "Nobody has it"
    clock = {
        "late": "its promise has run out",
        "soon": "its promise runs out within a day",
        "fine": "it is due first",
        "none": "nothing more urgent waits",
    }[row.urgency]
    return f"{whose}, and {clock}"
