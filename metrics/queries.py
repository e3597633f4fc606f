"""Figures for people: counted by the database, computed by `metrics.figures`.

Every reading takes the viewer first. The hub sees the whole partnership, a partner its own
enquiries, and who may not see performance sees nothing.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from datetime import date, datetime, timedelta
from math import ceil
from typing import Any

from django.db import connection
from django.db.models import Count, F, QuerySet, Sum
from django.db.models.functions import Trunc

from accounts.permissions import Viewer
from enquiries.clocks import LONDON
from enquiries.queries import surveys
from metrics import figures, one_stop, rolled, rolled_cells
from metrics import sums as summing
from metrics.choosing import (
    DECIDED,
    DIMENSIONS,
    NONE,
    Chosen,
    chosen_facts,
    may_count,
    midnight,
    seen_by,
)
from metrics.figures import Measures, Rates, Share
from metrics.models import Cursor, EnquiryFact
from metrics.projection import LEDGER
from metrics.sums import Cells, Counted, End, Group, Key, Sums, Tally

# Known under this name, too: what is asked here, and of what.
__all__ = (
    "DECIDED", "DIMENSIONS", "NONE", "Chosen", "chosen_facts", "may_count", "midnight", "seen_by",
)  # fmt: skip

PAGE = 50
_GROUP = [field.name for field in fields(Group)]


@dataclass(frozen=True, slots=True)
class Slice:
    """One value of a dimension and its figures."""

    key: str
    measures: Rates


@dataclass(frozen=True, slots=True)
class Period:
    """One week or month, and its figures."""

    start: date
    until: date
    measures: Rates
    # What they are made of.
    cells: Cells


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


def overall(viewer: Viewer, chosen: Chosen) -> Measures:
    """All figures of what was chosen."""
    return figures.measures(sums(viewer, chosen).get("", Sums()))


@dataclass(frozen=True, slots=True)
class Course:
    """All figures of what was chosen, and those of each channel and of each week or month."""

    whole: Measures
    channels: list[Slice]
    periods: list[Period]


def course(viewer: Viewer, chosen: Chosen, unit: str) -> Course:
    """The whole, its channels and its weeks or months: the same sums tell all three."""
    kept = rolled_cells.course(viewer, chosen, unit)
    periods, ends = _course_of_facts(viewer, chosen, unit) if kept is None else kept
    whole = Sums(summing.joined(periods.values()), ends)
    channels: dict[str, dict[Key, Tally]] = defaultdict(dict)
    for key, tally in whole.cells.items():
        channels[key.channel][key] = tally
    return Course(figures.measures(whole), _ordered(channels), _periods(periods, unit))


def _course_of_facts(
    viewer: Viewer, chosen: Chosen, unit: str
) -> tuple[dict[Any, dict[Key, Tally]], Counter[End]]:
    found = _counted(viewer, chosen, unit)
    ends = sum((one.ends for one in found.values()), Counter[End]())
    return {first: one.cells for first, one in found.items()}, ends


def by(viewer: Viewer, chosen: Chosen, dimension: str) -> list[Slice]:
    """The rates of each value of a dimension, most enquiries first."""
    return _ordered(cells(viewer, chosen, dimension))


def whole_and(viewer: Viewer, chosen: Chosen, dimension: str) -> tuple[Rates, list[Slice]]:
    """The rates of what was chosen, and those of each value of a dimension: one statement."""
    parts = cells(viewer, chosen, dimension)
    return figures.rates(summing.joined(parts.values())), _ordered(parts)


def _ordered(parts: Mapping[Any, Cells]) -> list[Slice]:
    """Most enquiries first."""
    return sorted(
        (Slice(str(key) or NONE, figures.rates(found)) for key, found in parts.items()),
        key=lambda one: (-_eligible(one.measures), one.key),
    )


def over_time(viewer: Viewer, chosen: Chosen, unit: str) -> list[Period]:
    """The rates of each week or month in which there was a first contact, oldest first."""
    return _periods(cells(viewer, chosen, unit), unit)


def _periods(parts: Mapping[Any, Cells], unit: str) -> list[Period]:
    return [
        Period(first, next_start(first, unit), figures.rates(found), found)
        for first, found in sorted(parts.items())
    ]


def cells(viewer: Viewer, chosen: Chosen, dimension: str = "") -> Mapping[Any, Cells]:
    """Sums by value of a dimension, by first day of the week or month, or of the whole under "".

    From the rollups where they are kept of what was chosen, else from the facts.
    """
    kept = rolled_cells.cells(viewer, chosen, dimension)
    if kept is not None:
        return kept
    return {key: found.cells for key, found in _counted(viewer, chosen, dimension).items()}


def sums(viewer: Viewer, chosen: Chosen, dimension: str = "") -> dict[Any, Sums]:
    """The same with what failed and what was left out, by reason."""
    kept = rolled_cells.sums(viewer, chosen, dimension)
    return _counted(viewer, chosen, dimension) if kept is None else kept


def next_start(start: date, unit: str) -> date:
    """When the next week or month begins."""
    if unit == "week":
        return start + timedelta(days=7)
    return (start.replace(day=1) + timedelta(days=32)).replace(day=1)


def _eligible(measures: Rates) -> int:
    return measures.osr.mature + measures.osr.pending


def _counted(viewer: Viewer, chosen: Chosen, dimension: str) -> dict[Any, Sums]:
    """From the facts: the database counts groups, and they are added up here."""
    rows = chosen_facts(viewer, chosen)
    is_time = dimension in rolled.UNITS
    more: dict[str, Any] = {}
    if is_time:
        more = {"slice": Trunc("started_at", dimension, tzinfo=LONDON)}
    elif dimension:
        more = {"slice": F(DIMENSIONS[dimension])}
    found: dict[Any, Sums] = defaultdict(Sums)
    for part, row in _groups(rows, more):
        found[part.astimezone(LONDON).date() if is_time else part].add(row)
    return dict(found)


def _groups(rows: QuerySet[EnquiryFact], more: Mapping[str, Any]) -> Iterator[tuple[Any, Counted]]:
    grouped = (
        rows.order_by()
        .annotate(kind=F("verdict"), **more)
        .values(*_GROUP, *more)
        .annotate(n=Count("pk"), came_back=Sum("recontacts"))
    )
    for row in grouped:
        group = Group(**{name: row[name] for name in _GROUP})
        group = replace(group, reason=group.reason or None, owner=group.owner or None)
        yield row.get("slice", ""), Counted(group, row["n"], row["came_back"] or 0)


def enquiries(viewer: Viewer, chosen: Chosen, *, after: str = "") -> Page:
    """The enquiries behind a figure, newest first contact first. One statement, no counting."""
    rows = chosen_facts(viewer, chosen).order_by("-started_at", "-pk")
    if after:
        moment, pk = _after(after)
        rows = rows.filter(started_at__lte=moment).exclude(started_at=moment, pk__gte=pk)
    found = list(rows[: PAGE + 1])
    more = found[PAGE - 1] if len(found) > PAGE else None
    return Page(
        tuple(row_of(fact) for fact in found[:PAGE]),
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


def row_of(fact: EnquiryFact) -> EnquiryRow:
    """A fact as lists show it."""
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
    rows = chosen_facts(viewer, chosen).order_by("started_at", "pk")
    for fact in rows.iterator(chunk_size=2000):
        yield {
            "enquiry": str(fact.pk),
            "verdict": fact.verdict,
            "reason": fact.reason or None,
            "owner": fact.owner or None,
            "window_end": fact.window_end.isoformat() if fact.window_end else None,
            "first_contact": fact.first_contact,
            "links": one_stop.counted(fact.links),
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
    oldest = seen_by(viewer).order_by("started_at", "pk").values_list("started_at", flat=True)
    first = oldest.first()
    return first.astimezone(LONDON).date() if first else None


def folded_at() -> datetime | None:
    """When the ledger was last read to its end."""
    return Cursor.objects.filter(name=LEDGER).values_list("moved_at", flat=True).first()


def recorded_since(moment: datetime) -> Sequence[int]:
    """Enquiries of which something was recorded since a moment, in order."""
    rows = EnquiryFact.objects.filter(last_recorded_at__gte=moment).order_by("pk")
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
