"""What came in while two people were one, and stayed where it was when they were taken apart."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from accounts.permissions import Viewer
from customers.queries_merges import Merged
from enquiries.models import Enquiry
from enquiries.queries import sensitive


@dataclass(frozen=True, slots=True)
class Stayed:
    """One enquiry that may be the other's."""

    reference: str
    service: str
    received_at: datetime


def stayed(viewer: Viewer, merges: Iterable[Merged]) -> Mapping[int, tuple[Stayed, ...]]:
    """By the key of who was merged and is somebody again; what was given to them since is not in
    it. No statement where nothing stayed."""
    asked = [one for one in merges if one.since and one.undone_at is not None]
    if not asked:
        return {}
    ids = {pk for one in asked for pk in one.since}
    rows = sensitive.findable(viewer, Enquiry.objects.filter(pk__in=ids)).select_related("service")
    known = {row.pk: row for row in rows.order_by("received_at")}
    return {
        one.gone_id: tuple(
            Stayed(
                row.reference,
                row.service.name if row.service else "Service not yet known",
                row.received_at,
            )
            for pk, row in known.items()
            if pk in one.since and row.person_id == one.kept_id
        )
        for one in asked
    }
