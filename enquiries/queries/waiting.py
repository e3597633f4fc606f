"""When a case stood still: while it was the citizen's turn, and while it had ended."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from enquiries import turns
from enquiries.models import Enquiry, EnquiryEvent
from enquiries.turns import Waits
from enquiries.vocabulary import EventType

_TURNS = {f"enquiry.{name}" for name in (turns.ASKED, *turns.ENDED, *turns.OUTCOMES)}
_OUTCOMES = frozenset({EventType.RESOLVED.value, EventType.DUPLICATE_OF.value})
_UNDONE = frozenset({EventType.UNMERGED.value, EventType.UNLINKED.value})
_NAMES = _TURNS | _OUTCOMES | _UNDONE


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
    return [*found, *_ends(lines)] if with_ends else found


def _ends(lines: Iterable[tuple[str, datetime]]) -> Waits:
    """From each outcome to its reopening. An end that was undone as a mistake gives no time."""
    found: Waits = []
    since: datetime | None = None
    undone = False
    for kind, at in lines:
        if kind == EventType.REOPENED.value and since is not None:
            found.append((since, at))
            since = None
        elif undone:
            since = None
        if kind in _OUTCOMES:
            since = since or at
        undone = kind in _UNDONE
    return found


def over(waits: Waits) -> Waits:
    """Those that have ended: without the one that is still going on."""
    return [wait for wait in waits if wait[1] is not None]


def askers(enquiry: Enquiry) -> frozenset[int | None]:
    """The organisations whose questions the citizen has not answered yet."""
    found: set[int | None] = set()
    rows = EnquiryEvent.objects.filter(enquiry=enquiry, type__in=_TURNS, data__waits__isnull=True)
    for kind, who in rows.order_by("sequence").values_list("type", "organisation_id"):
        if kind == EventType.INFO_REQUESTED.value:
            found.add(who)
        else:
            found.clear()
    return frozenset(found)
