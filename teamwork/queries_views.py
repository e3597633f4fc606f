"""The views of the queue that somebody finds beside those that are always there."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from functools import lru_cache

from django.db.models import Exists, OuterRef, Q, QuerySet

from accounts.permissions import Viewer
from core.statements import Statement, statement
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
    return [
        View(public_id, name, query, staff_id is not None, is_first, team_id)
        for public_id, name, query, staff_id, is_first, team_id in _statement(viewer).rows()
    ]


@lru_cache(maxsize=512)
def _statement(viewer: Viewer) -> Statement:
    rows = of(viewer).annotate(is_first=_first(viewer)).order_by("place", "pk")
    return statement(
        rows.values_list("public_id", "name", "query", "staff_id", "is_first", "team_id")
    )


def of(viewer: Viewer) -> QuerySet[SavedView]:
    """Those that the viewer sees."""
    mine = Q(staff_id=viewer.id or 0)
    return SavedView.objects.filter(mine | Q(team_id__in=viewer.team_ids))


def _first(viewer: Viewer) -> Exists:
    return Exists(FirstView.objects.filter(staff_id=viewer.id or 0, view_id=OuterRef("pk")))
