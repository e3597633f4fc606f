"""An act that can be taken back for a moment: until then nobody outside hears of it.

Whatever is asked of others within `until` waits so long: messages are not handed to a carrier,
promised work is not begun. What was said or silenced meanwhile is listed, for who takes it back.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import datetime


@dataclass(slots=True)
class Hold:
    """Until when nobody hears of an act; the messages it made, those it made needless, and the
    keys of what it promised."""

    until: datetime
    messages: list[int] = field(default_factory=list)
    silenced: list[int] = field(default_factory=list)
    promises: list[str] = field(default_factory=list)


_hold: ContextVar[Hold | None] = ContextVar("undoable", default=None)


def current() -> Hold | None:
    """The act that is being done, where it can be taken back."""
    return _hold.get()


@contextmanager
def until(moment: datetime) -> Iterator[Hold]:
    """Does an act that can be taken back until that moment. One within another is part of it."""
    outer = _hold.get()
    if outer is not None:
        yield outer
        return
    hold = Hold(moment)
    token = _hold.set(hold)
    try:
        yield hold
    finally:
        _hold.reset(token)
