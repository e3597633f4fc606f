"""Sensitive services at the hub's desk: handled by who has the reference, found by few (ADR 0011).

Who may find them (`Permission.SEE_SENSITIVE`) searches and lists them like any other case. An
agent reads one whose reference they were given or that is in their hands; in lists it has no
words and no name. Managers and administrators see that there is one, and decide whose it is.
"""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import Q, QuerySet

from accounts.permissions import Permission, Viewer
from enquiries.models import Attachment, Enquiry, EnquiryEvent
from enquiries.queries.fields import outward
from enquiries.vocabulary import WORDINGS, EventType

UNREAD = "Sensitive: what was said is on its own page, for those who handle it"
NOT_YOURS = "Sensitive: those who handle it read what was said"


def is_sensitive(enquiry: Enquiry) -> bool:
    """Whether an enquiry is about a sensitive service."""
    return enquiry.service is not None and enquiry.service.sensitive


def reads(viewer: Viewer, enquiry: Enquiry) -> bool:
    """Whether the viewer, of the hub, reads what was said: all of it, on its own page."""
    return viewer.reads_sensitive or not is_sensitive(enquiry)


def finds(viewer: Viewer, enquiry: Enquiry) -> bool:
    """Whether lists show the viewer what was said, and by whom."""
    return finds_one(viewer, is_sensitive=is_sensitive(enquiry), assignee_id=enquiry.assignee_id)


def finds_one(viewer: Viewer, *, is_sensitive: bool, assignee_id: int | None) -> bool:
    """The same of a case of which only this is known: what it is about, and who has it."""
    if not is_sensitive or viewer.may(Permission.SEE_SENSITIVE):
        return True
    return viewer.reads_sensitive and viewer.id is not None and assignee_id == viewer.id


def findable(viewer: Viewer, rows: QuerySet[Enquiry]) -> QuerySet[Enquiry]:
    """Those of the rows that words, a postcode or a person's name may lead the viewer to."""
    if viewer.may(Permission.SEE_SENSITIVE):
        return rows
    plain = Q(service=None) | Q(service__sensitive=False)
    own = Q(assignee_id=viewer.id) if viewer.reads_sensitive else Q(pk=None)
    return rows.filter(plain | own)


def readable_files(viewer: Viewer, rows: QuerySet[Attachment]) -> QuerySet[Attachment]:
    """Files at the hub's desk, without those of cases that the viewer does not read."""
    return rows if viewer.reads_sensitive else rows.exclude(enquiry__service__sensitive=True)


def bare(events: Iterable[EnquiryEvent]) -> list[EnquiryEvent]:
    """What happened, without what anybody said. For reading: these are never saved."""
    found = list(events)
    for event in found:
        known = event.type in set(EventType)
        personal = WORDINGS[EventType(event.type)].personal if known else frozenset(event.data)
        event.data = {key: value for key, value in event.data.items() if key not in personal}
    return found


def blank(enquiry: Enquiry) -> None:
    """Takes out of an enquiry, read for a page, what was said, where, and what was answered."""
    enquiry.description, enquiry.public_words, enquiry.answers = NOT_YOURS, "", {}
    enquiry.postcode = outward(enquiry.postcode)
    enquiry.address = enquiry.uprn = enquiry.place_doubt = enquiry.routing_reason = ""
    enquiry.easting = enquiry.northing = enquiry.latitude = enquiry.longitude = None
