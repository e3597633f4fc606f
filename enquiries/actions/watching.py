"""Keeping a case in sight without having it in hand; nothing of the case changes by it."""

from __future__ import annotations

from datetime import datetime

from accounts.permissions import Viewer
from enquiries.models import Watch
from enquiries.queries.access import desk_id


def watch(*, reference: str, viewer: Viewer, now: datetime) -> None:
    """The viewer watches a case of the hub's desk; twice is once. Raises NoSuchCase."""
    row = Watch(staff_id=viewer.id or 0, enquiry_id=desk_id(viewer, reference), since=now)
    Watch.objects.bulk_create([row], ignore_conflicts=True)


def unwatch(*, reference: str, viewer: Viewer, now: datetime) -> None:
    """The viewer watches it no more. Raises NoSuchCase."""
    Watch.objects.filter(staff_id=viewer.id or 0, enquiry_id=desk_id(viewer, reference)).delete()
