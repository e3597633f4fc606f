"""Figures for people: counted by the database, computed by `metrics.figures`.

Every reading takes the viewer first. The hub sees the whole partnership, a partner its own
enquiries, and who may not see performance sees nothing.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from datetime import date, datetime, timedelta
from math import ceil
from typing import Any

from django.db import connection
from django.db.models import Count, F, QuerySet, Sum
from django.db.models.functions import Trunc

from accounts.permissions import Permission, Viewer
from enquiries.clocks import LONDON
from enquiries.queries import surveys
from metrics import figures
from metrics.figures import Counted, Group, Measures, Share
from metrics.models import Cursor, EnquiryFact
from metrics.one_stop import Kind
from metrics.projection import LEDGER

PAGE = 50
# Stands in an address for "has none", e.g. an enquiry whose service nobody has named yet.
NONE = "-"
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
_GROUP = [field.name for field in fields(Group)]


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


@dataclass(frozen=True, slots=True)
class Slice:
    """One value of a dimension and its figures."""

    key: str
    measures: Measures


@dataclass(frozen=True, slots=True)
class Period:
    """One week or month, and its figures."""

    start: date
    until: date
    measures: Measures


@dataclass(frozen=True, slots=True)
class EnquiryRow:
    """One enquiry behind a figure."""

    reference: str
    started_at: datetime
    channel: str
    service: str
    organisation: str
    verdict: str
    reason: str
    owner: str
    window_end: datetime | None
    links: int


@dataclass(frozen=True, slots=True)
class Page:
    """Some of the enquiries behind a figure; `after` opens the next page, none on the last."""

    rows: tuple[EnquiryRow, ...]
    after: str


def _seen_by(viewer: Viewer) -> QuerySet[EnquiryFact]:
    if not viewer.may(Permission.SEE_PERFORMANCE):
        return EnquiryFact.objects.none()
    if viewer.is_hub:
        return EnquiryFact.objects.all()
    return EnquiryFact.objects.filter(organisation=viewer.organisation_slug)


def midnight(day: date) -> datetime:
    """When a London day begins."""
    return datetime(day.year, day.month, day.day, tzinfo=LONDON)


def _chosen(viewer: Viewer, chosen: Chosen) -> QuerySet[EnquiryFact]:
    rows = _seen_by(viewer)
    if chosen.since is not None:
        rows = rows.filter(started_at__gte=midnight(chosen.since))
    if chosen.until is not None:
        rows = rows.filter(started_at__lt=midnight(chosen.until))
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


def overall(viewer: Viewer, chosen: Chosen) -> Measures:
    """All figures of what was chosen."""
    return figures.measures(row for _, row in _counted(_chosen(viewer, chosen)))


def by(viewer: Viewer, chosen: Chosen, dimension: str) -> list[Slice]:
    """The figures of each value of a dimension, most enquiries first."""
    rows = _chosen(viewer, chosen)
    found = _sliced(_counted(rows, slice=F(DIMENSIONS[dimension])))
    return sorted(
        (Slice(str(key) or NONE, measures) for key, measures in found.items()),
        key=lambda one: (-_eligible(one.measures), one.key),
    )


def over_time(viewer: Viewer, chosen: Chosen, unit: str) -> list[Period]:
    """The figures of each week or month in which there was a first contact, oldest first."""
    rows = _chosen(viewer, chosen)
    found = _sliced(_counted(rows, slice=Trunc("started_at", unit, tzinfo=LONDON)))
    periods = []
    for start, measures in sorted(found.items()):
        first = start.astimezone(LONDON).date()
        periods.append(Period(first, next_start(first, unit), measures))
    return periods


def next_start(start: date, unit: str) -> date:
    """When the next week or month begins."""
    if unit == "week":
        return start + timedelta(days=7)
    return (start.replace(day=1) + timedelta(days=32)).replace(day=1)


def _eligible(measures: Measures) -> int:
    return measures.osr.mature + measures.osr.pending


def _sliced(counted: Iterable[tuple[Any, Counted]]) -> dict[Any, Measures]:
    slices: dict[Any, list[Counted]] = defaultdict(list)
    for key, row in counted:
        slices[key].append(row)
    return {key: figures.measures(rows) for key, rows in slices.items()}


def _counted(rows: QuerySet[EnquiryFact], **more: Any) -> Iterable[tuple[Any, Counted]]:
    """What the database counted, group by group, with the value of a slice where one is asked."""
    grouped = (
        rows.order_by()
        .annotate(kind=F("verdict"), **more)
        .values(*_GROUP, *more)
        .annotate(n=Count("pk"), came_back=Sum("recontacts"))
    )
    for row in grouped:
        group = Group(**{name: row[name] for name in _GROUP})
        group = replace(group, reason=group.reason or None, owner=group.owner or None)
        yield row.get("slice"), Counted(group, row["n"], row["came_back"] or 0)


def enquiries(viewer: Viewer, chosen: Chosen, *, after: str = "") -> Page:
    """The enquiries behind a figure, newest first contact first. One statement, no counting."""
    rows = _chosen(viewer, chosen).order_by("-started_at", "-pk")
    if after:
        moment, pk = _after(after)
        rows = rows.filter(started_at__lte=moment).exclude(started_at=moment, pk__gte=pk)
    found = list(rows[: PAGE + 1])
    more = found[PAGE - 1] if len(found) > PAGE else None
    return Page(
        tuple(_row(fact) for fact in found[:PAGE]),
        f"{more.started_at.isoformat()}_{more.pk}" if more else "",
    )


class NoSuchPageError(ValueError):
    """An address of a page that we never gave out."""


def _after(text: str) -> tuple[datetime, int]:
    moment, _, pk = text.rpartition("_")
    try:
        read = datetime.fromisoformat(moment)
        number = int(pk)
    except ValueError as error:
        raise NoSuchPageError(text) from error
    if read.tzinfo is None:
        raise NoSuchPageError(text)
    return read, number


def _row(fact: EnquiryFact) -> EnquiryRow:
    return EnquiryRow(
        reference=fact.reference,
        started_at=fact.started_at,
        channel=fact.channel,
        service=fact.service,
        organisation=fact.organisation,
        verdict=fact.verdict,
        reason=fact.reason,
        owner=fact.owner,
        window_end=fact.window_end,
        links=len(fact.links),
    )


def verdict_lines(viewer: Viewer, chosen: Chosen) -> Iterator[dict[str, object]]:
    """What `one_stop.line` says of each enquiry, from the facts, oldest first contact first."""
    rows = _chosen(viewer, chosen).order_by("started_at", "pk")
    for fact in rows.iterator(chunk_size=2000):
        yield {
            "enquiry": str(fact.pk),
            "verdict": fact.verdict,
            "reason": fact.reason or None,
            "owner": fact.owner or None,
            "window_end": fact.window_end.isoformat() if fact.window_end else None,
            "first_contact": fact.first_contact,
            "links": fact.links,
            "version": fact.version,
        }


# Of fewer than this nothing is said of how long it takes.
_ENOUGH_ENDED = 20
_LATELY = timedelta(days=90)
# Who waited longer than this before the last ninety days is not looked for.
_LONGEST = timedelta(days=180)

_TOOK = """
SELECT count(*), percentile_cont(0.5) WITHIN GROUP (ORDER BY waited) FROM (
    SELECT extract(epoch FROM outcome_at - opened_at) / 86400 AS waited FROM metrics_enquiryfact
    WHERE service = %s AND started_at >= %s AND outcome_at >= %s AND outcome_at >= opened_at
    ORDER BY started_at DESC LIMIT 5000) AS ended"""


@dataclass(frozen=True, slots=True)
class Took:
    """How many whole days half of those who asked waited at most, and how many they were."""

    days: int
    n: int


def took_lately(service: str, *, now: datetime) -> Took | None:
    """How long a service took in the last ninety days, for anybody; None where too few ended."""
    with connection.cursor() as cursor:
        cursor.execute(_TOOK, [service, now - _LONGEST, now - _LATELY])
        n, days = cursor.fetchone()
    return Took(ceil(days) if days >= 1 else 0, n) if n >= _ENOUGH_ENDED else None


def first_day(viewer: Viewer) -> date | None:
    """The London day of the earliest first contact that the viewer may count."""
    oldest = _seen_by(viewer).order_by("started_at", "pk").values_list("started_at", flat=True)
    first = oldest.first()
    return first.astimezone(LONDON).date() if first else None


def folded_at() -> datetime | None:
    """When the ledger was last read to its end."""
    return Cursor.objects.filter(name=LEDGER).values_list("moved_at", flat=True).first()


def recorded_since(moment: datetime | None) -> Sequence[int]:
    """Enquiries of which something was recorded since a moment, or all, in order."""
    rows = EnquiryFact.objects.order_by("pk")
    if moment is not None:
        rows = rows.filter(last_recorded_at__gte=moment)
    return list(rows.values_list("pk", flat=True))


@dataclass(frozen=True, slots=True)
class Surveyed:
    """What people said when they were asked whether they got what they needed (R54)."""

    yes: int
    partly: int
    no: int

    @property
    def share(self) -> Share:
        """Yes of all who answered: partly is not yes."""
        return Share(self.yes, self.yes + self.partly + self.no)


def surveyed(viewer: Viewer, chosen: Chosen) -> Surveyed:
    """The customer's own view in the chosen days, counted on the day of the answer."""
    counted = surveys.counts(
        viewer,
        since=midnight(chosen.since) if chosen.since else None,
        until=midnight(chosen.until) if chosen.until else None,
        channel=chosen.channel,
        service=chosen.service,
        organisation=chosen.organisation,
    )
    return Surveyed(**counted)
