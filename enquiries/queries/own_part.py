"""An enquiry's ledger as one organisation reads it: without what others did, or that they have it.

For who reaches an enquiry by a referral alone. Whoever sent it reads it as its citizen does.
"""

from __future__ import annotations

from collections.abc import Iterable

from accounts.permissions import Viewer
from enquiries.models import EnquiryEvent
from enquiries.vocabulary import EventType

_OFFERS = frozenset({EventType.REFERRED, EventType.OFFER_WITHDRAWN, EventType.EXPIRED})


def lines(events: Iterable[EnquiryEvent], viewer: Viewer) -> list[EnquiryEvent]:
    """These lines, as far as they are the viewer's, the hub's or the citizen's.

    Where several answered together, the end is told in this organisation's own words.
    """
    found, words = [], ""
    for event in events:
        if not _is_read(event, viewer):
            continue
        if event.type == EventType.PART_COMPLETED:
            words = str(event.data.get("words", ""))
        if event.type == EventType.RESOLVED and event.data.get("parts", 1) > 1:
            # Never saved: a copy of the line for this reader.
            event.data = {**event.data, "words": words, "organisation": viewer.organisation_name}
        found.append(event)
    return found


def _is_read(event: EnquiryEvent, viewer: Viewer) -> bool:
    if event.type in _OFFERS:
        return bool(event.data.get("to") == viewer.organisation_slug)
    by = event.organisation
    own = by is None or by.is_hub or by.pk == viewer.organisation_id
    return own or (event.type == EventType.RESOLVED and event.data.get("parts", 1) > 1)


def words_at_the_end(events: Iterable[EnquiryEvent]) -> str:
    """What this organisation said when it ended; empty where another did."""
    ends = [event for event in events if event.type == EventType.RESOLVED]
    return str(ends[-1].data.get("words", "")) if ends else ""
