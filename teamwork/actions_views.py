"""Keeping a view of the queue under a name: one's own, or a team's."""

from __future__ import annotations

import uuid
from datetime import datetime

from django.db import transaction

from accounts.permissions import Viewer
from core.errors import DomainError
from teamwork.models import FirstView, SavedView
from teamwork.queries_views import of

MOST = 20
_LONGEST_NAME, _LONGEST_QUERY = 40, 400


class ViewRefused(DomainError):
    code = "view_refused"
    field = "name"


class NoSuchView(DomainError):
    code = "no_such_view"


@transaction.atomic
def save(
    *, viewer: Viewer, key: uuid.UUID, name: str, query: str, team_id: int | None, now: datetime
) -> None:
    """Keeps a view at the end of the others; `team_id` for everybody in a team of the viewer's.

    The key of the form is the view's own: sent twice, it is kept once. Raises ViewRefused.
    """
    name = " ".join(name.replace("\x00", "").split())
    if not name or len(name) > _LONGEST_NAME:
        raise ViewRefused(f"Enter a name of up to {_LONGEST_NAME} letters")
    if len(query) > _LONGEST_QUERY:
        raise ViewRefused("These are too many filters to keep")
    if team_id is not None and team_id not in viewer.team_ids:
        raise ViewRefused("Choose a team of yours")
    if SavedView.objects.filter(public_id=key).exists():
        return
    whose = {"team_id": team_id} if team_id is not None else {"staff_id": viewer.id}
    there = SavedView.objects.filter(**whose)
    if len(there.values_list("pk")[:MOST]) >= MOST:
        raise ViewRefused(f"There are {MOST} already. Take one away first")
    if there.filter(name=name).exists():
        raise ViewRefused("There is a view with this name already")
    SavedView.objects.create(
        public_id=key, name=name, query=query, place=_end(viewer), made_at=now, **whose
    )


def _end(viewer: Viewer) -> int:
    last = of(viewer).order_by("-place").values_list("place", flat=True).first()
    return 0 if last is None else min(last + 1, 30_000)


@transaction.atomic
def forget(*, viewer: Viewer, public_id: uuid.UUID) -> None:
    """Takes a view away; one that is gone already is gone."""
    of(viewer).filter(public_id=public_id).delete()


@transaction.atomic
def earlier(*, viewer: Viewer, public_id: uuid.UUID) -> None:
    """Moves a view one place towards the front. Raises NoSuchView."""
    rows = list(of(viewer).select_for_update(no_key=True).order_by("place", "pk"))
    at = next((number for number, row in enumerate(rows) if row.public_id == public_id), None)
    if at is None:
        raise NoSuchView("This view is gone")
    if at > 0:
        rows[at - 1], rows[at] = rows[at], rows[at - 1]
    for place, row in enumerate(rows):
        row.place = place
    SavedView.objects.bulk_update(rows, ["place"])


@transaction.atomic
def open_with(*, viewer: Viewer, public_id: uuid.UUID | None) -> None:
    """The queue opens with this view from now on; None: as it does for everybody. Raises
    NoSuchView."""
    if public_id is None:
        FirstView.objects.filter(staff_id=viewer.id).delete()
        return
    view = of(viewer).filter(public_id=public_id).first()
    if view is None:
        raise NoSuchView("This view is gone")
    FirstView.objects.update_or_create(staff_id=viewer.id, defaults={"view": view})
