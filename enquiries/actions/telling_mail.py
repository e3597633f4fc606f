"""What we say about an e-mail that came in, beside that we have it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from enquiries import clocks
from enquiries.actions import telling
from enquiries.models import Enquiry
from enquiries.queries.ways import way_of


def _case(reference: str) -> Enquiry:
    rows = Enquiry.objects.select_related("service", "owner", "person", "first_contact")
    return rows.get(reference=reference)


def _writes(enquiry: Enquiry) -> bool:
    """Whether its citizen is told at once: nobody is sent a letter about an e-mail of theirs."""
    way = way_of(enquiry)
    return way is not None and way.medium in ("email", "sms")


def added(reference: str, *, now: datetime) -> None:
    """ "Your e-mail is with your enquiry": once a day, however often they write."""
    enquiry = _case(reference)
    if not _writes(enquiry):
        return
    key = f"added:{enquiry.pk}:{clocks.london_date(now):%Y%m%d}"
    telling.citizen(enquiry, "added", key=key, now=now)


def files_left_out(reference: str, lines: Sequence[str], *, key: str, now: datetime) -> None:
    """Which files of an e-mail were not kept, and why. `key` is that of the e-mail."""
    enquiry = _case(reference)
    if _writes(enquiry):
        words = "\n\n".join(lines)
        telling.citizen(enquiry, "files_left_out", key=f"files:{key}", now=now, files=words)
