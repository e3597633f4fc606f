"""By which macro or rule something is done just now: the ledger and the audit say so.

`chain` names the rules whose acts led to this one, the newest last, and `root` is the line of the
ledger that no rule wrote and with which it began: what keeps rules from setting each other off.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any

MACRO, RULE = "macro", "rule"


@dataclass(frozen=True, slots=True)
class Through:
    """What somebody, or nobody in person, acts by: its kind, its public id and its name."""

    kind: str
    id: str
    name: str
    chain: tuple[str, ...] = ()
    root: int = 0

    def as_data(self) -> dict[str, Any]:
        """How a line of the ledger keeps it."""
        found: dict[str, Any] = {"kind": self.kind, "id": self.id, "name": self.name}
        return {**found, "chain": list(self.chain), "root": self.root} if self.chain else found


_now: ContextVar[Through | None] = ContextVar("through", default=None)


@contextmanager
def acting(by: Through) -> Iterator[None]:
    """What is recorded inside was done by this."""
    token = _now.set(by)
    try:
        yield
    finally:
        _now.reset(token)


def marked(data: dict[str, Any]) -> dict[str, Any]:
    """What is to be recorded, with what it is done by."""
    by = _now.get()
    return data if by is None else {**data, "through": by.as_data()}


def words(data: object) -> str:
    """What a recorded line was done by, as it follows a name: by the macro “Lamp out”."""
    if not isinstance(data, dict) or not data.get("name"):
        return ""
    return f"by the {'rule' if data.get('kind') == RULE else 'macro'} “{data['name']}”"
