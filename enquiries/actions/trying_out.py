"""Enquiries that are tests of ours: marked by hand, with a reason, and unmarked again."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from accounts.permissions import Viewer
from enquiries import events
from enquiries.actions.resolutions import checked_words
from enquiries.events import EventType
from enquiries.models import EnquiryEvent
from enquiries.queries.access import for_desk


@transaction.atomic
def mark(*, reference: str, viewer: Viewer, is_test: bool, words: str, now: datetime) -> None:
    """Says that an enquiry is a test of ours, which no figure counts, or a citizen's after all;
    and why. It is worked on and ended like any other.

    Said twice alike it changes nothing. Raises NoSuchCase, WordsMissing.
    """
    words = checked_words(words)
    enquiry = for_desk(viewer, reference)
    marks = [EventType.TEST.value, EventType.NOT_TEST.value]
    before = EnquiryEvent.objects.filter(enquiry=enquiry, type__in=marks).order_by("-sequence")
    if is_test == (before.values_list("type", flat=True).first() == EventType.TEST):
        return
    kind = EventType.TEST if is_test else EventType.NOT_TEST
    events.record(enquiry, kind, actor=viewer.actor, at=now, words=words)
