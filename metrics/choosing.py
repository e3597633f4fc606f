"""Which enquiries figures are counted of, and whose they must be for who asks."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime

from django.db.models import QuerySet

from accounts.permissions import Permission, Viewer
from enquiries.clocks import LONDON
from metrics import tallying
from metrics.models import EnquiryFact
from metrics.one_stop import Kind

# Stands in an address for "has none", e.g. an enquiry whose service nobody has named yet.
NONE = tallying.NONE
# Stands in an address for "its window has closed": one stop or not.
DECIDED = "decided"
DIMENSIONS: Mapping[str, str] = {
    "channel": "channel",
    "service": "service",
    "organisation": "organisation",
    "site": "site",
    "team": "team",
    "class": "klass",
}


@dataclass(frozen=True, slots=True)
class Chosen:
    """Which enquiries: by the London day of their first contact, half-open, and what they are."""

    since: date | None = None
    until: date | None = None
    channel: str = ""
    service: str = ""
    organisation: str = ""
    site: str = ""
    team: str = ""
    klass: str = ""
    verdict: str = ""
    reason: str = ""
    owner: str = ""
    self_service: bool | None = None
    recontacted: bool | None = None
    # Whose window closed on this London day or later, whenever they began.
    closed_since: date | None = None


def may_count(viewer: Viewer) -> bool:
    """Whether somebody may see figures at all."""
    return viewer.may(Permission.SEE_PERFORMANCE)


def seen_by(viewer: Viewer) -> QuerySet[EnquiryFact]:
    """The facts that a viewer may count: the hub all, a partner its own, others none."""
    if not may_count(viewer):
        return EnquiryFact.objects.none()
    if viewer.is_hub:
        return EnquiryFact.objects.all()
    return EnquiryFact.objects.filter(organisation=viewer.organisation_slug)


def midnight(day: date) -> datetime:
    """When a London day begins."""
    return datetime(day.year, day.month, day.day, tzinfo=LONDON)


def chosen_facts(viewer: Viewer, chosen: Chosen) -> QuerySet[EnquiryFact]:
    """Those of them that were chosen."""
    rows = seen_by(viewer)
    if chosen.since is not None:
        rows = rows.filter(started_at__gte=midnight(chosen.since))
    if chosen.until is not None:
        rows = rows.filter(started_at__lt=midnight(chosen.until))
    if chosen.closed_since is not None:
        # Open windows end later still: what ends is not what has been decided.
        rows = rows.filter(window_end__gte=midnight(chosen.closed_since))
        rows = rows.exclude(verdict=Kind.PENDING.value)
    if chosen.verdict == DECIDED:
        rows = rows.filter(verdict__in=[Kind.SUCCESS.value, Kind.FAILURE.value])
        chosen = replace(chosen, verdict="")
    for name in (*DIMENSIONS.values(), "verdict", "reason", "owner"):
        value = getattr(chosen, name)
        if value:
            rows = rows.filter(**{name: "" if value == NONE else value})
    if chosen.self_service is not None:
        rows = rows.filter(self_service=chosen.self_service)
    if chosen.recontacted is not None:
        rows = rows.filter(recontacted=chosen.recontacted)
    return rows
