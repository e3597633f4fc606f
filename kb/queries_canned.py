"""Short texts that a body's staff send again and again."""

from __future__ import annotations

import uuid
from collections.abc import Sequence

from accounts.permissions import Permission, Viewer
from core.errors import DomainError
from kb.models import CannedText


class NoSuchText(DomainError):
    """Not there, or another body's: it reads the same."""

    code = "canned_text_unknown"


def own(viewer: Viewer) -> Sequence[CannedText]:
    """Those of the viewer's organisation, by name."""
    return list(
        CannedText.objects.filter(organisation_id=viewer.organisation_id or 0, ended_at=None)
    )


def one(viewer: Viewer, public_id: uuid.UUID) -> CannedText:
    """One that the viewer may change. Raises NoSuchText."""
    found = (
        CannedText.objects.filter(
            public_id=public_id, organisation_id=viewer.organisation_id or 0, ended_at=None
        ).first()
        if viewer.may(Permission.EDIT_ANSWERS)
        else None
    )
    if found is None:
        raise NoSuchText("There is no such text")
    return found
