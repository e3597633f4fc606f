"""The enquiries of somebody who proved an address, as a list of their own."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Q
from django.utils.translation import gettext

from customers.links import Visit
from enquiries.lifecycle import ENDED, OUTCOME_WORDS, PUBLIC_WORDS, Outcome, Status
from enquiries.models import Enquiry
from kb import tongues

PAGE = 20


@dataclass(frozen=True, slots=True)
class Mine:
    """One enquiry in the list. Of a private one only its reference is said, and no link is given:
    others may read the same address."""

    reference: str
    received_at: datetime
    is_private: bool
    secret: str = ""
    service: str = ""
    status_words: str = ""
    owner: str = ""
    is_done: bool = False
    is_late: bool = False
    promised_on: date | None = None
    expected_on: date | None = None


@dataclass(frozen=True, slots=True)
class Page:
    """A part of the list, newest first, and where it lies in the whole."""

    rows: tuple[Mine, ...]
    total: int
    number: int

    @property
    def has_next(self) -> bool:
        """Whether there are older ones."""
        return self.number * PAGE < self.total


def of_visit(visit: Visit, *, today: date, page: int = 1) -> Page:
    """What the people of an address asked, newest first; of those for whom it was given on the page
    of one enquiry, that enquiry alone. A page that is not there is the first.
    """
    told_there = Q(person_id__in=list(visit.of_one), tell_to=visit.digest)
    rows = Enquiry.objects.filter(Q(person_id__in=list(visit.person_ids)) | told_there)
    total = rows.count()
    if page < 1 or (page - 1) * PAGE >= total:
        page = 1
    shown = rows.select_related("service", "owner").order_by("-received_at", "-pk")
    start = (page - 1) * PAGE
    return Page(tuple(_mine(row, today) for row in shown[start : start + PAGE]), total, page)


def _mine(enquiry: Enquiry, today: date) -> Mine:
    service = enquiry.service
    if service is not None and service.sensitive:
        return Mine(enquiry.reference, enquiry.received_at, is_private=True)
    status = Status(enquiry.status)
    done = status in ENDED
    words = OUTCOME_WORDS[Outcome(enquiry.outcome)] if done else PUBLIC_WORDS[status]
    newest = enquiry.expected_on or enquiry.promised_on
    return Mine(
        reference=enquiry.reference,
        received_at=enquiry.received_at,
        is_private=False,
        secret=enquiry.secret,
        service=tongues.said(service.name) if service else tongues.Said(gettext("Your enquiry")),
        status_words=gettext(words),
        owner=enquiry.owner.name if enquiry.owner else "",
        is_done=done,
        is_late=not done and newest is not None and newest < today,
        promised_on=enquiry.promised_on,
        expected_on=enquiry.expected_on,
    )
