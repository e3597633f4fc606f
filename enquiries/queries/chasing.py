"""When people ask, by service, and what follows from it: for managers and administrators."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import kb.queries
from accounts.permissions import Permission, Viewer
from enquiries import chase_points
from enquiries.models import ChasePoint

if TYPE_CHECKING:
    from kb.models import Service


# From so many chases on, in so long, the median decides.
FEWEST, LOOKS_BACK = chase_points.FEWEST, chase_points.LOOKS_BACK


@dataclass(frozen=True, slots=True)
class Point:
    """One service. `after` is how long after receipt citizens are told, and `why` where that
    comes from: `own`, `median`, `promise`, or `off`, `none` and `uncounted` where they are not."""

    slug: str
    name: str
    promise_wd: int | None
    chases: int
    median_hours: float | None
    is_on: bool
    own_hours: int | None
    after: timedelta | None
    why: str
    computed_at: datetime | None
    changed_by: str = ""
    changed_at: datetime | None = None


def may_see(viewer: Viewer) -> bool:
    """Managers and administrators of the hub."""
    mine = viewer.may(Permission.SEE_PERFORMANCE) or viewer.may(Permission.ADMINISTER)
    return viewer.is_hub and mine


def points(viewer: Viewer) -> list[Point]:
    """Every service by name; nothing for who may not see it."""
    if not may_see(viewer):
        return []
    rows = {row.service_id: row for row in ChasePoint.objects.all()}
    return [
        _point(service, rows.get(service.pk) or ChasePoint(service_id=service.pk))
        for service in kb.queries.services()
    ]


def point(viewer: Viewer, slug: str) -> Point | None:
    """One service, or nothing."""
    return next((one for one in points(viewer) if one.slug == slug), None)


def _point(service: Service, row: ChasePoint) -> Point:
    return Point(
        slug=service.slug,
        name=service.name,
        promise_wd=service.promise_wd,
        chases=row.chases,
        median_hours=row.median_hours,
        is_on=row.is_on,
        own_hours=row.own_hours,
        after=row.after,
        why=_why(row),
        computed_at=row.computed_at,
        changed_by=row.changed_by,
        changed_at=row.changed_at,
    )


def _why(row: ChasePoint) -> str:
    if not row.is_on:
        return "off"
    if row.own_hours is not None:
        return "own"
    if row.computed_at is None:
        return "uncounted"
    if row.median_hours is not None and row.chases >= FEWEST:
        return "median"
    return "promise" if row.after is not None else "none"
