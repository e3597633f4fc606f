"""One act on many cases, as whoever chose them sees it."""

from __future__ import annotations

import uuid
from collections import Counter
from dataclasses import dataclass
from datetime import datetime

from accounts.permissions import Viewer
from teamwork.models import BulkState, ItemState, Together, TogetherItem


@dataclass(frozen=True, slots=True)
class Item:
    """One case: its state, and why it cannot be done or was not."""

    reference: str
    state: str
    words: str


@dataclass(frozen=True, slots=True)
class Shown:
    """All of it. `can` are still to be done, `left_out` never will be, `looked` of `total` were
    looked at."""

    public_id: uuid.UUID
    act: str
    state: str
    query: str
    items: tuple[Item, ...]
    total: int
    to_look: int
    can: int
    left_out: int
    done: int
    refused: int
    ended_at: datetime | None

    @property
    def is_busy(self) -> bool:
        """Whether it goes on by itself at this moment."""
        return self.state in (BulkState.LOOKING.value, BulkState.RUNNING.value)


def one(viewer: Viewer, public_id: uuid.UUID) -> Shown | None:
    """What the viewer chose; None for anybody else's. Two statements."""
    row = Together.objects.filter(public_id=public_id, staff_id=viewer.id or 0).first()
    if row is None:
        return None
    found = TogetherItem.objects.filter(together=row).order_by("pk")
    items = tuple(Item(*item) for item in found.values_list("reference", "state", "words"))
    states = Counter(item.state for item in items)
    return Shown(
        public_id=row.public_id,
        act=row.act,
        state=row.state,
        query=row.query,
        items=items,
        total=len(items),
        to_look=states[ItemState.CHOSEN.value],
        can=states[ItemState.WAITING.value],
        left_out=states[ItemState.LEFT.value],
        done=states[ItemState.DONE.value],
        refused=states[ItemState.REFUSED.value],
        ended_at=row.ended_at,
    )
