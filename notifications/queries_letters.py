"""Letters that wait to be printed, and those that were."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, F, Min, Q, Sum

from notifications.models import LetterBatch, PrintedLetter


@dataclass(frozen=True, slots=True)
class Pile:
    """What waits to be printed."""

    letters: int
    pages: int
    large: int
    oldest: datetime | None


@dataclass(frozen=True, slots=True)
class Batch:
    """Letters that were taken together."""

    public_id: uuid.UUID
    letters: int
    pages: int
    large: int
    made_at: datetime
    made_by: str
    posted_at: datetime | None
    posted_by: str


def pile(organisation: str) -> Pile:
    """What waits in a print room: the slug of its body, "" for the partnership's."""
    rows = PrintedLetter.objects.filter(organisation=organisation, batch=None)
    found = rows.aggregate(
        letters=Count("pk"), pages=Sum("pages"), large=Count("pk", filter=Q(is_large=True)),
        oldest=Min("made_at"),
    )  # fmt: skip
    return Pile(found["letters"], found["pages"] or 0, found["large"], found["oldest"])


def batches(organisation: str, limit: int = 50) -> list[Batch]:
    """The newest batches of a print room, those that nobody has posted first."""
    rows = LetterBatch.objects.filter(organisation=organisation).annotate(
        count=Count("letters"), sum=Sum("letters__pages"),
        large=Count("letters", filter=Q(letters__is_large=True)),
    )  # fmt: skip
    ordered = rows.order_by(F("posted_at").desc(nulls_first=True), "-made_at")
    return [
        Batch(row.public_id, row.count, row.sum or 0, row.large, row.made_at, row.made_by,
              row.posted_at, row.posted_by)
        for row in ordered[:limit]
    ]  # fmt: skip
