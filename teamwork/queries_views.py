"""The views of the queue that somebody finds beside those that are always there."""

from __future__ import annotations

import uuid
from dataclasses import dataclass

from django.db.models import Exists, OuterRef, Q, QuerySet

from accounts.permissions import Viewer
from teamwork.models import FirstView, SavedView


@dataclass(frozen=True, slots=True)
class View:
    """One of them. `is_first`: the queue opens with it; `is_own`: not a team's."""

    public_id: uuid.UUID
    name: str
    query: str
    is_own: bool
    is_first: bool
    team_id: int | None


def views(viewer: Viewer) -> list[View]:
    """The viewer's own and those of their teams, in their order. One statement."""
    rows = of(viewer).annotate(is_first=_first(viewer)).order_by("place", "pk")
    return [
        View(
            row.public_id, row.name, row.query, row.staff_id is not None, row.is_first, row.team_id
        )
        for row in rows
    ]


def of(viewer: Viewer) -> QuerySet[SavedView]:
    """Those that the viewer sees."""
    mine = Q(staff_id=viewer.id or 0)
    return SavedView.objects.filter(mine | Q(team_id__in=viewer.team_ids))


def _first(viewer: Viewer) -> Exists:
    return Exists(FirstView.objects.filter(staff_id=viewer.id or 0, view_id=OuterRef("pk")))
