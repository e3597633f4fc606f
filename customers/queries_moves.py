"""Changes of address, and who knows of them."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from accounts.permissions import Viewer
from customers.models import Move, MoveNotice


@dataclass(frozen=True, slots=True)
class Notice:
    """That an organisation was told of a change of address, and whether it said that it knows."""

    public_id: uuid.UUID
    organisation: str
    person_id: int
    name: str
    from_address: str
    to_address: str
    about: tuple[str, ...]
    told_at: datetime
    chased: int
    acknowledged_at: datetime | None
    acknowledged_by: str
    withdrawn_at: datetime | None

    @property
    def is_open(self) -> bool:
        """Whether somebody still has to say that they know."""
        return self.acknowledged_at is None and self.withdrawn_at is None


def _notices(rows: Sequence[MoveNotice]) -> list[Notice]:
    """As they are read: who has not answered an earlier move still has the address before it."""
    held: dict[tuple[int, int], Move] = {}
    begun: dict[int, Move] = {}
    before = MoveNotice.objects.filter(
        organisation_id__in={row.organisation_id for row in rows},
        move__person_id__in={row.move.person_id for row in rows},
    )
    for one in before.select_related("move").order_by("pk"):
        whose = one.organisation_id, one.move.person_id
        begun[one.pk] = held.setdefault(whose, one.move)
        if one.acknowledged_at is not None:
            del held[whose]
    return [_notice(row, begun[row.pk]) for row in rows]


def _notice(row: MoveNotice, first: Move) -> Notice:
    move = row.move
    return Notice(
        public_id=row.public_id,
        organisation=row.organisation.name,
        person_id=move.person_id,
        name=str(move.person),
        from_address=f"{first.from_address} {first.from_postcode}".strip(),
        to_address=f"{move.to_address} {move.to_postcode}".strip(),
        about=tuple(row.about),
        told_at=row.told_at,
        # The first time is no reminder.
        chased=max(0, row.chased - 1),
        acknowledged_at=row.acknowledged_at,
        acknowledged_by=row.acknowledged_by,
        withdrawn_at=row.withdrawn_at,
    )


def of_person(person_id: int, limit: int = 20) -> list[Notice]:
    """Whom a person's changes of address touched, the newest first; for who may see them."""
    rows = MoveNotice.objects.filter(move__person_id=person_id)
    rows = rows.select_related("move__person", "organisation").order_by("-pk")[:limit]
    return _notices(list(rows))


def open_of(viewer: Viewer, limit: int = 100) -> list[Notice]:
    """What the viewer's organisation has not acknowledged, the oldest first."""
    rows = MoveNotice.objects.filter(
        organisation_id=viewer.organisation_id or 0, acknowledged_at=None, withdrawn_at=None
    )
    rows = rows.select_related("move__person", "organisation").order_by("told_at", "pk")[:limit]
    return _notices(list(rows))


def open_everywhere(limit: int = 100) -> list[Notice]:
    """What nobody has acknowledged yet, anywhere, the oldest first; for who may see people."""
    rows = MoveNotice.objects.filter(acknowledged_at=None, withdrawn_at=None)
    rows = rows.select_related("move__person", "organisation").order_by("told_at", "pk")[:limit]
    return _notices(list(rows))
