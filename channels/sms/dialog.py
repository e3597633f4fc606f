"""A conversation by text as it stands between two texts. Frozen values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields, replace
from datetime import datetime
from enum import StrEnum
from typing import Any, Final

from channels.asking import journey as journeys
from channels.asking.journey import Journey

# Lines of a list that stand in one text at most.
PAGE: Final = 9
# The first text and the last ones are kept, of who writes very many.
_MOST_TEXTS: Final = 60


class Turn(StrEnum):
    """What the next text answers: a question of the form; which house a postcode means; whether
    all is right; how to go on where the answers end the form; which of two things was meant; which
    service; whether it is what others told us. Or nothing: it became an enquiry before all was
    answered.
    """

    QUESTION = "question"
    HOUSE = "house"
    SUMMARY = "summary"
    END = "end"
    WHICH = "which"
    SERVICE = "service"
    NEARBY = "nearby"
    OVER = "over"


@dataclass(frozen=True, slots=True)
class Dialog:
    """One conversation. `key` is the question or the end of this turn, `start` the first line of a
    list that is shown and `shown` how many are, `offered` lines of ours (addresses, services) with
    what they stand for.

    `said` is every text as it came; `words` what tells of the matter in their own words, `stray`
    what answered nothing. `held` waits for which of two things it is about: the case `about`, or
    this conversation and its turn `before`; `later` comes when this is done. `asked` was the turn
    when silence ended it. `line` is the body by whose own account it is held (`Text.line`).
    """

    phone: str
    sender: str
    first_at: str
    last_at: str
    token: str
    journey: Journey
    turn: Turn = Turn.QUESTION
    key: str = ""
    tries: int = 0
    start: int = 0
    shown: int = PAGE
    offered: tuple[tuple[str, str], ...] = ()
    said: tuple[str, ...] = ()
    words: tuple[str, ...] = ()
    stray: tuple[str, ...] = ()
    held: tuple[str, ...] = ()
    later: tuple[str, ...] = ()
    about: str = ""
    about_name: str = ""
    before: tuple[str, str] = ("", "")
    has_media: bool = False
    is_first: bool = True
    line: str = ""

    @property
    def began(self) -> datetime:
        """When its first text came."""
        return datetime.fromisoformat(self.first_at)

    @property
    def last(self) -> datetime:
        """When its last text came."""
        return datetime.fromisoformat(self.last_at)

    def at(self, turn: Turn, key: str = "", **more: Any) -> Dialog:
        """The conversation at another turn: nothing was tried there yet."""
        fresh: dict[str, Any] = {"tries": 0, "start": 0, "offered": (), "stray": self.stray}
        return replace(self, turn=turn, key=key, **{**fresh, **more})

    def heard(self, words: str, at: datetime) -> Dialog:
        """The conversation with one text more."""
        last = max(self.last_at, at.isoformat()) if self.last_at else at.isoformat()
        said = (*self.said[:1], *self.said[1:][-_MOST_TEXTS:], words) if words else self.said
        return replace(self, said=said, last_at=last)

    def stored(self) -> dict[str, Any]:
        """As it is kept."""
        return asdict(self)


def read(stored: Mapping[str, Any]) -> Dialog:
    """A conversation of what was kept of it; what an older release kept as well is left out."""
    known = {one.name for one in fields(Dialog)} & stored.keys()
    found: dict[str, Any] = {name: stored[name] for name in known}
    for name, value in found.items():
        if isinstance(value, list):
            found[name] = tuple(tuple(one) if isinstance(one, list) else one for one in value)
    found["journey"] = journeys.read(dict(stored["journey"]))
    found["turn"] = Turn(stored["turn"])
    return Dialog(**found)
