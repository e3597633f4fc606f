"""Whether whoever has a case in hand still can."""

from __future__ import annotations

import accounts.queries
from accounts.permissions import Permission
from enquiries.models import Enquiry


def has_holder(enquiry: Enquiry) -> bool:
    """Whether somebody has a case in hand: who takes none at the hub any more has none."""
    if enquiry.assignee is None:
        return False
    viewer = accounts.queries.viewer_for_user(enquiry.assignee)
    return viewer is not None and viewer.is_hub and viewer.may(Permission.TRIAGE)
