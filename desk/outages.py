"""Known outages beside what somebody says on the line. Reads only."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from accounts.permissions import Viewer
from desk.forms_outages import OutageForm
from enquiries.inbound import Place
from enquiries.queries import outages
from enquiries.queries.contacts import OpenContact
from enquiries.queries.outages import Joined, Notice, Report

if TYPE_CHECKING:
    from kb.models import Service


@dataclass(frozen=True, slots=True)
class Known:
    """What is known where the caller asks about, and what this contact was joined to already."""

    notices: tuple[Notice, ...]
    reports: tuple[Report, ...]
    joined: tuple[Joined, ...]
    form: OutageForm

    @property
    def fits(self) -> bool:
        """Whether a notice holds where they ask, so that a key says that it is that."""
        return any(one.fits for one in self.notices)


def around(
    who: Viewer,
    contact: OpenContact,
    service: Service | None,
    typed: Mapping[str, Any],
    *,
    now: datetime,
) -> Known:
    """What is known of a service where a caller asks about; `typed` is what stands in the form."""
    postcode, words = str(typed.get("postcode", "")), str(typed.get("description", ""))
    place = Place(postcode=postcode)
    own = contact.person.id if contact.person else None
    slug = service.slug if service is not None else ""
    return Known(
        notices=outages.notices(service, place, now=now),
        reports=outages.reports(who, service, place, apart_from=own, now=now) if service else (),
        joined=outages.joined([item.enquiry.pk for item in contact.items]),
        form=OutageForm(
            initial={"service": slug, "postcode": postcode, "words": words}, auto_id=False
        ),
    )
