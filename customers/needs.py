"""What people need so that we can speak with them, as it stands now."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from customers.adjusting import WORDS, Need
from customers.models import Adjustment


@dataclass(frozen=True, slots=True)
class Needed:
    """One thing that somebody needs, as staff see it."""

    public_id: uuid.UUID
    kind: str
    what: str
    words: str
    recorded_at: datetime
    recorded_by: str
    review_on: date
    reviewed_at: datetime | None
    reviewed_by: str


def needs_of(person_ids: Iterable[int]) -> Mapping[int, tuple[Needed, ...]]:
    """What people need, by person; one statement for many."""
    found: dict[int, list[Needed]] = {person_id: [] for person_id in person_ids}
    if not found:
        return {}
    rows = Adjustment.objects.filter(person_id__in=list(found), ended_at=None)
    for row in rows.order_by("recorded_at", "pk"):
        found[row.person_id].append(_needed(row))
    return {person_id: tuple(needs) for person_id, needs in found.items()}


def _needed(row: Adjustment) -> Needed:
    return Needed(
        public_id=row.public_id,
        kind=row.kind,
        what=WORDS[Need(row.kind)],
        words=row.words,
        recorded_at=row.recorded_at,
        recorded_by=row.recorded_by,
        review_on=row.review_on,
        reviewed_at=row.reviewed_at,
        reviewed_by=row.reviewed_by,
    )
