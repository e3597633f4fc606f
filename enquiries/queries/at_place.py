"""What else was told of the place of a case, whatever it was about, for the hub's desk."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from math import hypot

from accounts.permissions import Permission, Viewer
from enquiries.lifecycle import STAFF_WORDS, Status
from enquiries.models import Enquiry
from enquiries.queries import sensitive
from enquiries.queries.alike import NEAR_METRES

SHOWN = 10
_READ = 60


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """One other enquiry of the place."""

    reference: str
    service: str
    where: str
    received_at: datetime
    status: str
    status_words: str


def others(viewer: Viewer, enquiry: Enquiry) -> list[Elsewhere]:
    """The newest ones of the same postcode, those of the very place first. One statement, or none.

    Sensitive ones are found by those who may find them.
    """
    if not (viewer.is_hub and viewer.may(Permission.SEE_QUEUE)) or not enquiry.postcode:
        return []
    rows = Enquiry.objects.filter(postcode=enquiry.postcode).exclude(pk=enquiry.pk)
    rows = sensitive.findable(viewer, rows).select_related("service")
    found = list(rows.order_by("-received_at")[:_READ])
    found.sort(key=lambda row: not _is_here(row, enquiry))
    return [_row(row, enquiry) for row in found[:SHOWN]]


def _is_here(row: Enquiry, enquiry: Enquiry) -> bool:
    if row.uprn and enquiry.uprn:
        return row.uprn == enquiry.uprn
    if row.easting is None or enquiry.easting is None:
        return False
    east = row.easting - enquiry.easting
    north = (row.northing or 0) - (enquiry.northing or 0)
    return hypot(east, north) <= NEAR_METRES


def _row(row: Enquiry, enquiry: Enquiry) -> Elsewhere:
    return Elsewhere(
        reference=row.reference,
        service=row.service.name if row.service else "Service not yet known",
        where="Here" if _is_here(row, enquiry) else "The same postcode",
        received_at=row.received_at,
        status=row.status,
        status_words=STAFF_WORDS[Status(row.status)],
    )
