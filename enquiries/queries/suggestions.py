"""What first triage suggested: for the desk as words, for managers as figures by week."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db.models import Count, Q
from django.db.models.functions import TruncWeek

import kb.queries
from accounts.permissions import Permission, Viewer
from enquiries import clocks
from enquiries.lifecycle import LIVE
from enquiries.models import Enquiry, Suggestion
from enquiries.queries.either import either

VERY, FAIRLY = 90, 60
# Of so many open cases the newest are looked at.
_MOST_OPEN = 5
WEEKS = 12
MOST_CORRECTIONS = 20


def certainty_words(hundredths: int) -> str:
    """How sure a suggestion is, as people say it."""
    if hundredths >= VERY:
        return "very sure"
    return "fairly sure" if hundredths >= FAIRLY else "not sure"


def open_services(enquiry: Enquiry) -> list[str]:
    """The services of other open cases of who asks, the newest first."""
    digest = enquiry.first_contact.address_hash
    mine = [Q(person_id=enquiry.person_id)] if enquiry.person_id else []
    if digest:
        mine.append(Q(first_contact__address_hash=digest))
    rows = (
        Enquiry.objects.filter(either(*mine), status__in=list(LIVE), service__isnull=False)
        .exclude(pk=enquiry.pk)
        .order_by("-received_at", "-pk")
    )
    return list(rows.values_list("service__slug", flat=True)[:_MOST_OPEN])


@dataclass(frozen=True, slots=True)
class Perhaps:
    """A service that a case may be about: as it is sent, as it is said, and how surely."""

    slug: str
    name: str
    sure: str


@dataclass(frozen=True, slots=True)
class Suggested:
    """What first triage made of a case. `best` is None where it could not say; `was_set` says
    that it was taken without a person, and `decided` that a person has spoken since."""

    best: Perhaps | None
    others: tuple[Perhaps, ...]
    reason: str
    was_set: bool
    decided: bool


def of(enquiry: Enquiry) -> Suggested | None:
    """What was suggested for a case that the viewer reads; None where nothing was."""
    kept: Suggestion | None = getattr(enquiry, "suggestion", None)
    if kept is None:
        return None
    named = kb.queries.services_named([slug for slug, _ in kept.others]) if kept.others else {}
    return Suggested(
        best=_perhaps(kept),
        others=tuple(
            Perhaps(slug, named[slug].name, certainty_words(share))
            for slug, share in kept.others
            if slug in named
        ),
        reason=kept.reason,
        was_set=kept.was_set,
        decided=kept.decided_at is not None,
    )


def _perhaps(kept: Suggestion) -> Perhaps | None:
    service = kept.service
    if service is None or not service.is_active:
        return None
    return Perhaps(service.slug, service.name, certainty_words(kept.certainty))


def perhaps_words(name: str, hundredths: int) -> str:
    """What a case without a service may be about, for a line of the queue."""
    return f"Perhaps {name} ({certainty_words(hundredths)})"


@dataclass(frozen=True, slots=True)
class Week:
    """How first triage did in the week from a Monday.

    `suggested` are the enquiries that it looked at. It set the service of `was_set` by itself, of
    which `undone` were changed by a person. Of the others people decided on `decided`; `right`
    were as it had suggested.
    """

    monday: date
    suggested: int
    was_set: int
    undone: int
    decided: int
    right: int


@dataclass(frozen=True, slots=True)
class Correction:
    """A service that was suggested, what people said instead, and how often."""

    suggested: str
    decided: str
    times: int


@dataclass(frozen=True, slots=True)
class Triaged:
    """The last weeks, newest first, with the commonest corrections."""

    weeks: tuple[Week, ...]
    corrections: tuple[Correction, ...]


@dataclass(frozen=True, slots=True)
class Line:
    """One suggestion, without anybody: for a table that leaves the hub."""

    reference: str
    at: datetime
    suggested: str
    certainty: int
    was_set: bool
    decided: str
    decided_at: datetime | None
    right: bool | None


def may_read(viewer: Viewer) -> bool:
    """Whether somebody reads how first triage did: it is the hub's own work."""
    return viewer.is_hub and viewer.may(Permission.SEE_PERFORMANCE)


def lines(viewer: Viewer, *, now: datetime) -> Iterator[Line]:
    """Every suggestion of the last weeks, the newest first; none for who may not read them."""
    if not may_read(viewer):
        return
    rows = (
        Suggestion.objects.filter(at__gte=_since(now))
        .order_by("-at", "-pk")
        .values_list(
            "enquiry__reference",
            "at",
            "service__slug",
            "certainty",
            "was_set",
            "decided__slug",
            "decided_at",
            "right",
        )
    )
    for reference, at, suggested, certainty, was_set, said, said_at, right in rows.iterator():
        yield Line(reference, at, suggested or "", certainty, was_set, said or "", said_at, right)


def triaged(viewer: Viewer, *, now: datetime) -> Triaged:
    """How first triage did, week by week, and what it got wrong most often."""
    if not may_read(viewer):
        return Triaged((), ())
    kept = Suggestion.objects.filter(at__gte=_since(now)).order_by()
    said = Q(was_set=False, right__isnull=False)
    weeks = (
        kept.annotate(monday=TruncWeek("at", tzinfo=clocks.LONDON))
        .values_list("monday")
        .annotate(
            suggested=Count("pk"),
            set_alone=Count("pk", filter=Q(was_set=True)),
            undone=Count("pk", filter=Q(was_set=True, right=False)),
            said=Count("pk", filter=said),
            as_said=Count("pk", filter=said & Q(right=True)),
        )
        .order_by("-monday")
    )
    wrong = (
        kept.filter(right=False, service__isnull=False)
        .values_list("service__name", "decided__name")
        .annotate(times=Count("pk"))
        .order_by("-times", "service__name", "decided__name")
    )
    return Triaged(
        tuple(Week(monday.date(), *counts) for monday, *counts in weeks),
        tuple(Correction(*row) for row in wrong[:MOST_CORRECTIONS]),
    )


def _monday(day: date) -> date:
    return day - timedelta(days=day.weekday())


def _since(now: datetime) -> datetime:
    """The first moment of the oldest week that is shown."""
    monday = _monday(clocks.london_date(now)) - timedelta(weeks=WEEKS - 1)
    return datetime.combine(monday, time.min, tzinfo=clocks.LONDON)
