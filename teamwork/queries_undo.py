"""What the viewer can take back now."""

from __future__ import annotations

import uuid

from accounts.permissions import Viewer
from teamwork.models import Undo


def one(viewer: Viewer, public_id: uuid.UUID) -> Undo | None:
    """An act of the viewer's own; None for all others."""
    return Undo.objects.filter(public_id=public_id, staff_id=viewer.id).first()
