"""Two people at one case: whoever decides on an old page is shown what happened since, first."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from enum import StrEnum

from django.utils import timezone
from django.utils.formats import date_format

from accounts.permissions import Viewer
from core.errors import DomainError
from enquiries.events import EventType
from enquiries.models import EnquiryEvent
from enquiries.queries import story
from enquiries.queries.access import for_desk

# So many of the newest lines say enough; the page shows them all.
_SHOWN = 3


class ChangedMeanwhile(DomainError):
    """Somebody changed what this act is about after its page was made."""

    code = "changed_meanwhile"


class About(StrEnum):
    """What an act decides, and what a line of the ledger may have changed meanwhile."""

    SERVICE = "service"
    OWNER = "owner"
    OUTCOME = "outcome"
    QUESTION = "question"
    PRIORITY = "priority"
    PARTS = "parts"


CHANGES: dict[About, frozenset[EventType]] = {
    About.SERVICE: frozenset({EventType.TRIAGED}),
    About.OWNER: frozenset(
        {
            EventType.TRIAGED,
            EventType.REFERRED,
            EventType.ACCEPTED,
            EventType.REJECTED,
            EventType.RETURNED,
            EventType.EXPIRED,
            EventType.OFFER_WITHDRAWN,
            EventType.DISPUTED,
            EventType.PART_COMPLETED,
        }
    ),
    About.OUTCOME: frozenset(
        {
            EventType.RESOLVED,
            EventType.REOPENED,
            EventType.CLOSED,
            EventType.DUPLICATE_OF,
            EventType.UNMERGED,
            EventType.UNLINKED,
        }
    ),
    About.QUESTION: frozenset({EventType.INFO_REQUESTED, EventType.INFO_RECEIVED}),
    About.PRIORITY: frozenset({EventType.PRIORITY_SET}),
    About.PARTS: frozenset({EventType.SPLIT_OFF}),
}


def unchanged(
    *,
    reference: str,
    viewer: Viewer,
    version: int | None,
    about: Iterable[About],
    beside: frozenset[EventType] = frozenset(),
) -> None:
    """Holds a case for an act that was decided on a page of `version`, in the act's transaction.

    Raises NoSuchCase; ChangedMeanwhile when somebody changed what the act is about since. Words to
    colleagues or to the citizen are about nothing of the kind, so both of two survive. `beside`
    are lines that the caller has merged with already.
    """
    kinds = {kind.value for one in about for kind in CHANGES[one] if kind not in beside}
    if version is None or not kinds:
        return
    enquiry = for_desk(viewer, reference)
    if enquiry.version == version:
        return
    since = EnquiryEvent.objects.filter(enquiry=enquiry, sequence__gt=version, type__in=kinds)
    lines = story.lines(since.order_by("sequence"), viewer)
    if lines:
        said = ". ".join(_said(line) for line in lines[-_SHOWN:])
        raise ChangedMeanwhile(
            f"This was changed after you opened the page. {said}. Look at the case as it is now, "
            "and send your words again if they still hold"
        )


def _said(line: story.Line) -> str:
    return f"{_clock(line.at)}, {line.who}: {line.words.rstrip('.')}"


def _clock(at: datetime) -> str:
    return date_format(timezone.localtime(at), "H:i")
