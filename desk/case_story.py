"""A case as a story: who did what, by days, the machine's own steps folded, narrowed to messages or
notes, the newest or the oldest first; what is to come stands at its end. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from desk import days, referral_facts
from enquiries.queries.deadlines import ClockLine
from enquiries.queries.story import Line
from enquiries.queries.story_words import MESSAGES, NOTES

COOKIE, KEPT_SECONDS = "hub_story", 365 * 24 * 60 * 60
NEWEST, OLDEST = "newest", "oldest"
ORDERS = (NEWEST, OLDEST)
SORTS = {"": "All", "messages": "Messages", "notes": "Notes"}
_RUNS = frozenset({"ok", "soon", "late", "paused"})


@dataclass(frozen=True, slots=True)
class Story:
    """The days of a story, and what is to come: clocks that run or stand still."""

    days: list[dict[str, object]]
    ahead: list[ClockLine]
    sort: str
    order: str

    @property
    def sorts(self) -> list[tuple[str, str, bool]]:
        """Each way to narrow it, and whether it is the one."""
        return [(name, words, name == self.sort) for name, words in SORTS.items()]

    @property
    def is_oldest(self) -> bool:
        return self.order == OLDEST


def told(lines: Iterable[Line], clocks: Sequence[ClockLine], *, sort: str, order: str) -> Story:
    """The lines as somebody chose to read them."""
    sort = sort if sort in SORTS else ""
    order = order if order in ORDERS else NEWEST
    kept = sorted((line for line in lines if _is_of(line, sort)), key=lambda line: line.at)
    found = days.by_day(kept, referral_facts.HUB_SEEN_BY, oldest=order == OLDEST)
    ahead = [] if sort else [one for one in clocks if one.state in _RUNS]
    return Story(found, ahead, sort, order)


def _is_of(line: Line, sort: str) -> bool:
    if not sort:
        return True
    return line.type in (MESSAGES if sort == "messages" else NOTES)
