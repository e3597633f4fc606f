"""What stands beside a contact or a case that an agent searches answers for. Few columns, quick."""

from __future__ import annotations

import uuid
from contextlib import suppress
from dataclasses import dataclass

import customers.queries
from accounts import areas
from accounts.permissions import Permission, Viewer
from core.errors import DomainError
from enquiries.lifecycle import ENDED
from enquiries.models import Contact, Enquiry
from enquiries.queries.access import NoSuchCase, canonical, visible
from enquiries.queries.sensitive import reads


@dataclass(frozen=True, slots=True)
class AtHand:
    """A contact or a case: what its answers depend on. `arose_in` names it for editors."""

    arose_in: str
    here: str
    channel: str
    service: str = ""
    # Where it is, as far as that is known: its areas are looked up where words differ by them.
    postcode: str = ""
    district_code: str = ""
    ward_code: str = ""
    may_end: bool = False
    may_start: bool = False

    def codes(self) -> tuple[str, ...] | None:
        """The areas of its place, the smallest first; None where nobody knows it."""
        district, ward = self.district_code, self.ward_code
        if not district and self.postcode:
            with suppress(DomainError):
                found = areas.lookup(self.postcode)
                district, ward = found.district_code, found.ward_code
        if not district:
            return None
        return tuple(areas.containing(district_code=district, ward_code=ward).codes)


def contact(viewer: Viewer, public_id: uuid.UUID) -> AtHand | None:
    """A contact of the desk, for who handles contacts; None for all others."""
    if not (viewer.is_hub and viewer.may(Permission.HANDLE_CONTACTS)):
        return None
    row = Contact.objects.filter(public_id=public_id).only(
        "public_id", "channel", "ended_at", "person_id"
    )
    found = row.first()
    if found is None:
        return None
    person = customers.queries.by_id(found.person_id) if found.person_id else None
    return of_contact(
        found.public_id, found.channel, person.postcode if person else "", found.ended_at is None
    )


def of_contact(public_id: uuid.UUID, channel: str, postcode: str, is_open: bool) -> AtHand:
    """A contact that was read already."""
    return AtHand(
        arose_in=f"contact:{public_id}",
        here=f"/desk/contact/{public_id}/",
        channel=channel,
        postcode=postcode,
        may_end=is_open,
        may_start=is_open,
    )


def case(viewer: Viewer, reference: str) -> AtHand:
    """A case of the hub's desk that the viewer reads. Raises NoSuchCase."""
    rows = visible(viewer) if viewer.is_hub else visible(viewer).none()
    row = rows.select_related("service").filter(reference=canonical(reference)).first()
    if row is None:
        raise NoSuchCase("There is no enquiry with that reference")
    return of_case(viewer, row)


def of_case(viewer: Viewer, row: Enquiry) -> AtHand:
    """A case that was read already."""
    sees = reads(viewer, row)
    return AtHand(
        arose_in=f"case:{row.reference}",
        here=f"/desk/cases/{row.reference}/",
        channel="desk",
        service=row.service.slug if row.service else "",
        district_code=row.district_code,
        ward_code=row.ward_code,
        may_end=row.status not in ENDED and viewer.may(Permission.RESOLVE) and sees,
        may_start=viewer.may(Permission.HANDLE_CONTACTS) and sees,
    )
