"""Screens on walls: made and switched off by who leads a team of the hub."""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q

from accounts.permissions import Viewer
from core import audit
from core.errors import DomainError
from teamwork.models import WallScreen
from teamwork.queries_walls import may

MOST = 20
# How often it is written down that a screen still looks.
_SEEN_EVERY = timedelta(minutes=5)


class NoSuchScreen(DomainError):
    code = "no_such_screen"


class TooManyScreens(DomainError):
    code = "too_many_screens"
    field = "name"


@transaction.atomic
def make(*, viewer: Viewer, name: str, now: datetime) -> uuid.UUID:
    """A new screen with an address of its own. Raises NoSuchScreen, TooManyScreens."""
    if not may(viewer):
        raise NoSuchScreen("Team leaders of the hub look after screens")
    if WallScreen.objects.filter(ended_at=None).count() >= MOST:
        raise TooManyScreens(f"There are {MOST} screens. Switch one off first")
    row = WallScreen.objects.create(name=name, made_by=viewer.name[:120], made_at=now)
    audit.record(
        "wall.made", actor=viewer.actor, target=f"wall:{row.public_id}", at=now, data={"at": name}
    )
    return row.public_id


@transaction.atomic
def end(*, viewer: Viewer, public_id: uuid.UUID, now: datetime) -> None:
    """Its address leads nowhere from now on. Again it changes nothing. Raises NoSuchScreen."""
    rows = WallScreen.objects.select_for_update(no_key=True)
    row = rows.filter(public_id=public_id).first() if may(viewer) else None
    if row is None:
        raise NoSuchScreen("There is no such screen")
    if row.ended_at is None:
        row.ended_at = now
        row.save(update_fields=["ended_at"])
        audit.record("wall.ended", actor=viewer.actor, target=f"wall:{public_id}", at=now)


def looked(public_id: uuid.UUID, *, now: datetime) -> None:
    """A screen has just looked; written down every few minutes."""
    old = Q(looked_at=None) | Q(looked_at__lt=now - _SEEN_EVERY)
    WallScreen.objects.filter(old, public_id=public_id).update(looked_at=now)
