"""Who has cases in hand, and whether they still can."""

from __future__ import annotations

import accounts.queries
from accounts.permissions import Permission, Viewer
from enquiries.lifecycle import LIVE
from enquiries.models import Enquiry


def has_holder(enquiry: Enquiry) -> bool:
    """Whether somebody has a case in hand: who takes none at the hub any more has none."""
    if enquiry.assignee is None:
        return False
    viewer = accounts.queries.viewer_for_user(enquiry.assignee)
    return viewer is not None and viewer.is_hub and viewer.may(Permission.TRIAGE)


def in_hand(viewer: Viewer, most: int = 200) -> list[int]:
    """The keys of live cases that the viewer has in hand."""
    rows = Enquiry.objects.filter(assignee_id=viewer.id or 0, status__in=list(LIVE))
    return list(rows.values_list("pk", flat=True)[:most])
