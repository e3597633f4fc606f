"""What is held as possible spam, for those of the hub who decide on it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache

from django.db.models import Exists, OuterRef, QuerySet

from accounts.permissions import Permission, Viewer
from core.statements import Statement, statement
from enquiries.channels import CHANNEL_WORDS, Channel
from enquiries.lifecycle import Settled, Status
from enquiries.models import Enquiry, Holding
from enquiries.queries import sensitive
from enquiries.queries.fields import outward

MOST = 100
# What was called spam is shown for so long, to be taken back.
RECENT = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Held:
    """One that is held, or was called spam. `is_hidden`: the viewer does not read what was said.

    `presses` says that it has waited for longer than it should.
    """

    reference: str
    service: str
    words: str
    place: str
    person: str
    channel: str
    received_at: datetime
    promised_on: date | None
    goes_on_at: datetime
    presses: bool
    reasons: tuple[str, ...]
    settled_at: datetime | None
    settled_by: str
    is_hidden: bool
    tells_sensitive: bool


def still_held() -> Exists:
    """Whether an enquiry of the outer query is held, where it is new."""
    return Exists(Holding.objects.filter(enquiry_id=OuterRef("pk"), settled_at=None))


def is_held(enquiry: Enquiry) -> bool:
    """Whether an enquiry waits for somebody to say that it is no spam."""
    if enquiry.status != Status.NEW.value:
        return False
    return Holding.objects.filter(enquiry=enquiry, settled_at=None).exists()


def _open(viewer: Viewer) -> QuerySet[Holding]:
    return _held() if viewer.is_hub and viewer.may(Permission.TRIAGE) else Holding.objects.none()


def _held() -> QuerySet[Holding]:
    return Holding.objects.filter(settled_at=None, enquiry__status=Status.NEW.value)


def count(viewer: Viewer) -> int:
    """How many wait for the viewer to decide, MOST at most; 0 for who does not."""
    if not (viewer.is_hub and viewer.may(Permission.TRIAGE)):
        return 0
    return len(_counted().rows())


@cache
def _counted() -> Statement:
    return statement(_held().values_list("pk")[:MOST], prepared=True)


def held(viewer: Viewer, *, now: datetime) -> list[Held]:
    """Those that wait, oldest first; none for who does not decide."""
    rows = _open(viewer).order_by("held_at", "pk")
    return [_row(viewer, row, now) for row in _with_all(rows)[:MOST]]


def called_spam(viewer: Viewer, *, now: datetime) -> list[Held]:
    """What was called spam lately, newest first."""
    if not (viewer.is_hub and viewer.may(Permission.TRIAGE)):
        return []
    rows = Holding.objects.filter(
        settled_as=Settled.SPAM.value, settled_at__gt=now - RECENT, enquiry__outcome="spam"
    )
    return [_row(viewer, row, now) for row in _with_all(rows.order_by("-settled_at"))[:MOST]]


def _with_all(rows: QuerySet[Holding]) -> QuerySet[Holding]:
    return rows.select_related("enquiry__service", "enquiry__first_contact", "enquiry__person")


def _row(viewer: Viewer, row: Holding, now: datetime) -> Held:
    enquiry = row.enquiry
    finds = sensitive.finds(viewer, enquiry)
    return Held(
        reference=enquiry.reference,
        service=enquiry.service.name if enquiry.service else "Service not yet known",
        words=enquiry.description if finds else sensitive.UNREAD,
        place=enquiry.postcode if finds else outward(enquiry.postcode),
        person=_person(viewer, enquiry, finds=finds),
        channel=CHANNEL_WORDS[Channel(enquiry.first_contact.channel)],
        received_at=enquiry.received_at,
        promised_on=enquiry.promised_on,
        goes_on_at=row.goes_on_at,
        presses=row.settled_at is None and row.presses_at <= now,
        reasons=tuple(row.reasons),
        settled_at=row.settled_at,
        settled_by=row.settled_by,
        is_hidden=not finds,
        tells_sensitive=finds and sensitive.is_sensitive(enquiry),
    )


def _person(viewer: Viewer, enquiry: Enquiry, *, finds: bool) -> str:
    if enquiry.person is None:
        return "Anonymous"
    return str(enquiry.person) if finds and viewer.may(Permission.SEE_PEOPLE) else "Known"
