"""What a queue shows: its views, and what they are narrowed by. Each has its index."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from django.db.models import Q, QuerySet

from accounts import areas
from accounts.permissions import Viewer
from core.statements import Given
from enquiries import clocks
from enquiries.lifecycle import ENDED, LIVE, Outcome, Status
from enquiries.models import Enquiry, Watch
from enquiries.queries import holding, sensitive
from enquiries.queries.access import NoSuchCase, canonical
from enquiries.queries.queue_names import Names
from enquiries.queries.timeleft import SOON

# The fewest letters that words are looked for by: the index knows words by three letters.
FEWEST_LETTERS = 3
# In these states a case of the hub's can stand with nobody; the index knows them.
FREE = (Status.NEW.value, Status.OPEN.value, Status.WAITING.value)


class View(StrEnum):
    """The lists of the queue that are always there."""

    UNASSIGNED = "unassigned"
    MINE = "mine"
    TEAM = "team"
    WATCHED = "watched"
    DISPUTED = "disputed"
    ALL = "all"
    ENDED = "ended"


class ClockFilter(StrEnum):
    """How the promise stands; `soon` is within four working hours of the hub."""

    LATE = "late"
    SOON = "soon"
    WEEK = "week"
    PAUSED = "paused"
    NONE = "none"


CLOCK_WORDS: dict[ClockFilter, str] = {
    ClockFilter.LATE: "Run out",
    ClockFilter.SOON: "Within 4 working hours",
    ClockFilter.WEEK: "Within a week",
    ClockFilter.PAUSED: "Stands still",
    ClockFilter.NONE: "Nothing promised",
}
AGES: dict[str, tuple[str, timedelta]] = {
    "day": ("More than a day", timedelta(days=1)),
    "three-days": ("More than 3 days", timedelta(days=3)),
    "week": ("More than a week", timedelta(days=7)),
    "month": ("More than 30 days", timedelta(days=30)),
}


@dataclass(frozen=True, slots=True)
class Filters:
    """What a queue shows. `view` is one of View; services and organisations are slugs, `area` is
    the code of a district or a ward, `clock` one of ClockFilter, `age` one of AGES. Nothing fits
    what `is_void`: it asks for what there is not, and nobody should act on all instead."""

    view: str = View.UNASSIGNED.value
    service: str = ""
    organisation: str = ""
    area: str = ""
    channel: str = ""
    status: str = ""
    text: str = ""
    clock: str = ""
    age: str = ""
    priority: str = ""
    is_void: bool = False

    @property
    def is_ended(self) -> bool:
        """Whether it shows what is over, the newest first; all others go by what is due."""
        return self.view == View.ENDED.value


@dataclass(frozen=True, slots=True)
class Keys:
    """The keys of what it is narrowed by, which a statement has instead of names."""

    service_id: int
    owner_id: int
    of_ward: bool


def free(rows: QuerySet[Enquiry], hub_id: int | None) -> QuerySet[Enquiry]:
    """What waits at the hub for somebody to take it. What may be spam has a queue of its own."""
    rows = rows.filter(status__in=FREE, assignee__isnull=True)
    rows = rows.exclude(holding.still_held(), status=Status.NEW.value)
    return rows.filter(Q(owner_id=hub_id) | Q(owner=None))


@dataclass(frozen=True, slots=True)
class Whose:
    """Whose lists they are, as far as a statement depends on it; who it is may be given later."""

    staff: int | Given
    hub_id: int | None
    team_ids: frozenset[int] = frozenset()


def of_view(rows: QuerySet[Enquiry], whose: Whose, view: str) -> QuerySet[Enquiry]:
    """The cases of a view."""
    if view == View.ENDED.value:
        # What readers said of an answer was nobody's work: its editors have it.
        # Nor is a form that somebody began and never sent anybody's.
        ended = rows.filter(status__in=list(ENDED), article="")
        return ended.exclude(outcome=Outcome.UNANSWERED.value)
    if view == View.WATCHED.value:
        watched = Watch.objects.filter(staff_id=whose.staff)
        return rows.filter(pk__in=watched.values("enquiry_id"))
    rows = rows.filter(status__in=list(LIVE))
    if view == View.UNASSIGNED.value:
        return free(rows, whose.hub_id)
    if view == View.MINE.value:
        return rows.filter(assignee_id=whose.staff)
    if view == View.TEAM.value:
        return rows.filter(team_id__in=whose.team_ids)
    if view == View.DISPUTED.value:
        return rows.filter(disputed_at__isnull=False)
    return rows


def keys(filters: Filters, names: Names) -> Keys:
    """What its slugs and its area stand for."""
    area = areas.named().get(filters.area) if filters.area else None
    return Keys(
        names.service_id(filters.service) if filters.service else 0,
        names.organisation_id(filters.organisation) if filters.organisation else 0,
        of_ward=area is not None and area.kind == "ward",
    )


def soon(filters: Filters, now: datetime, names: Names) -> datetime:
    """Until when a promise runs out soon, where a filter asks for it."""
    return clocks.spend(now, SOON, names.hours_of_hub) if filters.clock == ClockFilter.SOON else now


def narrowed(
    rows: QuerySet[Enquiry],
    filters: Filters,
    known: Keys,
    *,
    now: datetime | Given,
    soon: datetime | Given,
) -> QuerySet[Enquiry]:
    """Those that fit. Keys stand in the statement, not names: so its plan knows how many fit."""
    if filters.is_void:
        return rows.none()
    if filters.service:
        rows = rows.filter(service_id=known.service_id)
    if filters.organisation:
        rows = rows.filter(owner_id=known.owner_id)
    if filters.area:
        rows = rows.filter(**{"ward_code" if known.of_ward else "district_code": filters.area})
    if filters.channel:
        rows = rows.filter(first_contact__channel=filters.channel)
    if filters.status:
        rows = rows.filter(status=filters.status)
    if filters.priority:
        rows = rows.filter(priority=filters.priority)
    if filters.age in AGES:
        rows = rows.filter(received_at__lt=now - AGES[filters.age][1])
    return _by_clock(rows, filters.clock, now, soon)


def _by_clock(
    rows: QuerySet[Enquiry], clock: str, now: datetime | Given, soon: datetime | Given
) -> QuerySet[Enquiry]:
    if clock == ClockFilter.PAUSED.value:
        return rows.filter(status=Status.WAITING.value)
    if clock == ClockFilter.NONE.value:
        return rows.filter(due_at__isnull=True)
    if clock == ClockFilter.LATE.value:
        return rows.filter(due_at__lt=now)
    if clock == ClockFilter.SOON.value:
        return rows.filter(due_at__gte=now, due_at__lte=soon)
    if clock == ClockFilter.WEEK.value:
        return rows.filter(due_at__gte=now, due_at__lt=now + timedelta(days=7))
    return rows


def about(viewer: Viewer, rows: QuerySet[Enquiry], text: str) -> QuerySet[Enquiry]:
    """Those with a reference, at a postcode, or whose description has these words."""
    text = text.strip()
    if not text:
        return rows
    try:
        return rows.filter(reference=canonical(text))
    except NoSuchCase:
        rows = sensitive.findable(viewer, rows)
    postcode = areas.compact(text)
    if areas.SHAPE.match(postcode):
        return rows.filter(postcode=areas.spaced(postcode))
    if len(text) < FEWEST_LETTERS:
        return rows.none()
    return rows.filter(description__icontains=text)
