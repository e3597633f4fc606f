"""Referrals of the viewer's organisation by their ids, or by the reference that somebody types."""

from __future__ import annotations

import uuid
from collections.abc import Sequence

from accounts.permissions import Viewer
from enquiries.models import Referral
from enquiries.queries import fields
from enquiries.queries.access import NoSuchCase, canonical, own_referrals
from enquiries.queries.referrals import MOST_ALIKE

_SHOWN = ("enquiry__service", "organisation", "team", "assignee")


def some(viewer: Viewer, public_ids: Sequence[uuid.UUID]) -> tuple[Referral, ...]:
    """Those of these that are the viewer's, as they may read them, in the order of the ids.

    What is not theirs is left out, as if it were not there. One statement.
    """
    wanted = list(dict.fromkeys(public_ids))[:MOST_ALIKE]
    rows = own_referrals(viewer).filter(public_id__in=wanted).select_related(*_SHOWN)
    found = {row.public_id: row for row in rows}
    return tuple(fields.veiled(viewer, found[one]) for one in wanted if one in found)


def by_reference(viewer: Viewer, text: str) -> uuid.UUID | None:
    """The viewer's newest referral of a reference, however it was typed; None for all others."""
    try:
        reference = canonical(text)
    except NoSuchCase:
        return None
    rows = own_referrals(viewer).filter(enquiry__reference=reference)
    return rows.order_by("-offered_at", "-pk").values_list("public_id", flat=True).first()
