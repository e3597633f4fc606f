"""One act on many cases, as whoever chose them sees it."""

from __future__ import annotations

import json
import uuid
from collections import Counter
from dataclasses import dataclass
from datetime import datetime

from accounts.permissions import Viewer
from core.sealing import unseal
from teamwork import actions_undo, together_words
from teamwork.models import BulkState, ItemState, Together, TogetherItem
from teamwork.together_words import Reads

PURPOSE = "teamwork.together"


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
    taken_back: int
    stands: int
    # Until when all of it can be taken back; None while it goes on, and where nothing was done.
    back_until: datetime | None

    @property
    def is_busy(self) -> bool:
        """Whether it goes on by itself at this moment."""
        return self.state in (
            BulkState.LOOKING.value, BulkState.RUNNING.value, BulkState.BACKING.value,
        )  # fmt: skip


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
        taken_back=states[ItemState.BACK.value],
        stands=states[ItemState.STANDS.value],
        back_until=_back_until(row) if states[ItemState.DONE.value] else None,
    )


def first_read(viewer: Viewer, shown: Shown, *, now: datetime) -> Reads | None:
    """What the citizen of the first of them would read; None where nobody is told."""
    row = Together.objects.filter(public_id=shown.public_id, staff_id=viewer.id or 0).first()
    waits = [one.reference for one in shown.items if one.state == ItemState.WAITING.value]
    if row is None or not waits or shown.state != BulkState.SHOWN.value:
        return None
    data = json.loads(unseal(row.sealed, purpose=PURPOSE))
    return together_words.read_by(row.act, waits[0], viewer, data, now)


def _back_until(row: Together) -> datetime | None:
    over = (BulkState.DONE.value, BulkState.STOPPED.value)
    ended = row.ended_at if row.state in over else None
    return ended + actions_undo.SECONDS if ended is not None else None
