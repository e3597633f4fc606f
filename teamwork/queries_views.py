"""The views of the queue that somebody finds beside those that are always there."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.db.models import BigIntegerField, Exists, OuterRef, Q, QuerySet

from accounts.permissions import Viewer
from core.statements import Given, Statement, statement
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
        for public_id, name, query, staff_id, is_first, team_id in _asked(viewer)
    ]


def _asked(viewer: Viewer) -> list[tuple[Any, ...]]:
    teams = {f"team_{number}": team for number, team in enumerate(sorted(viewer.team_ids))}
    return _statement(len(teams)).rows(staff=viewer.id or 0, **teams)


@cache
def _statement(teams: int) -> Statement:
    """For somebody who is in so many teams."""
    staff = _key("staff")
    first = FirstView.objects.filter(staff_id=staff, view_id=OuterRef("pk"))
    theirs = Q(staff_id=staff)
    for number in range(teams):
        theirs |= Q(team_id=_key(f"team_{number}"))
    rows = SavedView.objects.filter(theirs).annotate(is_first=Exists(first))
    fields = ("public_id", "name", "query", "staff_id", "is_first", "team_id")
    return statement(rows.order_by("place", "pk").values_list(*fields), prepared=True)


def _key(name: str) -> Given:
    return Given(name, BigIntegerField())


def of(viewer: Viewer) -> QuerySet[SavedView]:
    """Those that the viewer sees."""
    mine = Q(staff_id=viewer.id or 0)
    return SavedView.objects.filter(mine | Q(team_id__in=viewer.team_ids))
