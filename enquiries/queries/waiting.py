"""When a case stood still: while it was the citizen's turn, and while it had ended."""

from __future__ import annotations

from enquiries import turns
from enquiries.models import Enquiry, EnquiryEvent
from enquiries.turns import Waits
from enquiries.vocabulary import EventType

_NAMES = {f"enquiry.{name}" for name in (turns.ASKED, *turns.ENDED, *turns.OUTCOMES)}


def pauses(enquiry: Enquiry, *, with_ends: bool = False) -> Waits:
    """The waits of an enquiry; `with_ends` also from each outcome to its reopening (R48)."""
    lines = list(
        EnquiryEvent.objects.filter(enquiry=enquiry, type__in=_NAMES)
        .filter(data__waits__isnull=True)
        .order_by("sequence")
        .values_list("type", "at")
    )
    found = turns.waits(
        (kind.removeprefix("enquiry."), at, kind == EventType.RESOLVED.value) for kind, at in lines
    )
    if with_ends:
        since = None
        for kind, at in lines:
            if kind == EventType.RESOLVED.value:
                since = since or at
            elif kind == EventType.REOPENED.value and since is not None:
                found.append((since, at))
                since = None
    return found
