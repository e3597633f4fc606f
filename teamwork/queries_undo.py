"""What the viewer can take back now."""

from __future__ import annotations

import uuid
from datetime import datetime

from accounts.permissions import Viewer
from teamwork.actions_undo import Left
from teamwork.models import Undo


def one(viewer: Viewer, public_id: uuid.UUID) -> Undo | None:
    """An act of the viewer's own; None for all others."""
    return Undo.objects.filter(public_id=public_id, staff_id=viewer.id).first()


def last(viewer: Viewer, about: str, *, now: datetime) -> Left | None:
    """The newest act of the viewer's own on a page that they can still take back."""
    rows = Undo.objects.filter(staff_id=viewer.id, about=about, undone_at=None, until__gt=now)
    row = rows.order_by("-made_at", "-pk").first()
    return Left(row.public_id, row.words, row.until) if row is not None else None
