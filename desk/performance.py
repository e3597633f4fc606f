"""The performance page as data: each figure with its words, its table and the way behind it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from django.utils import timezone

import metrics.queries
from accounts.permissions import Viewer
from desk import performance_links, performance_marks, performance_said
from desk import performance_words as words
from desk.performance_addresses import files, href, query_of
from desk.performance_fair import by_organisation
from desk.performance_rows import (
    Cell,
    Figure,
    Names,
    bar_chart,
    bars,
    by_words,
    chart,
    head_of,
    name_of,
    number,
    osr_row,
    row_of,
)
from desk.performance_week import Week, week
from enquiries.channels import CHANNEL_WORDS
from metrics import queries_fair
from metrics.definitions import DEFINITIONS, Definition
from metrics.figures import Measures, Osr, Share
from metrics.queries import DECIDED, Chosen, Period, Slice

WEEKS = timedelta(weeks=26)
MOST_ROWS = 8
OTHER = {"other_label": "Same mix"}
SAME_MIX = (
    " The line of dashes with squares says what it would be with the same mix of classes and "
    "channels as in the twelve months before, of what is decided."
)
BESIDE = ("osr", "rcr", "fcc", "rftr", "survey")


@dataclass(frozen=True, slots=True)
class Overview:
    """Everything on the page."""

    answer: str
    explained: str
    tone: str
    stats: list[dict[str, Any]]
    over_time: Figure
    figures: list[Figure]
    agenda: list[list[Cell]]
    left_out: list[list[Cell]]
    not_left_out: str
    week: Week | None
    defined: list[Definition]
    companions: list[Mapping[str, Any]] = field(default_factory=list)
    alarm: str = ""
    agenda_rest: list[list[Cell]] = field(default_factory=list)
    is_empty: bool = False


def overview(viewer: Viewer, chosen: Chosen, *, names: Names, today: date) -> Overview:
    """The page for what was chosen."""
    query = query_of(chosen)
    unit = _unit(viewer, chosen, today)
    course = metrics.queries.course(viewer, chosen, unit)
    whole = course.whole
    services = metrics.queries.by(viewer, chosen, "service")
    osr = whole.osr
    agenda = _agenda(whole, query, names)
    sure = performance_links.links(viewer)
    said = performance_said.companion(viewer, chosen, osr.linked)
    return Overview(
        answer=words.answer(osr),
        explained=words.explained(osr),
        tone=words.tone(osr),
        stats=_stats(osr, query),
        over_time=_over_time(viewer, chosen, query, unit, course.periods),
        figures=[
            _by(course.channels, query, "channel", "channels", CHANNEL_WORDS),
            _by(services, query, "service", "services", names.services),
            *(
                [by_organisation(viewer, chosen, query, names.organisations)]
                if viewer.is_hub
                else []
            ),
            _self_service(whole, query),
        ],
        agenda=agenda[:MOST_ROWS],
        agenda_rest=agenda[MOST_ROWS:],
        left_out=_left_out(whole.excluded, query),
        not_left_out=_not_left_out(whole.excluded),
        week=week(viewer, chosen, names=names, today=today),
        defined=[DEFINITIONS[key] for key in BESIDE],
        companions=[*_companions(whole, query), said, *sure.stats],
        alarm=sure.alarm,
        is_empty=not (osr.mature or osr.pending or osr.left_out),
    )


def _stats(osr: Osr, query: Mapping[str, str]) -> list[dict[str, Any]]:
    return [
        {
            "label": "One stop",
            "value": f"{osr.successes:,}",
            "note": f"of {osr.mature:,} decided",
            "tone": "kept",
            "href": href(query, verdict="success"),
        },
        {
            "label": "Not one stop",
            "value": f"{osr.mature - osr.successes:,}",
            "note": "each with a reason, below",
            "tone": "late",
            "href": href(query, verdict="failure"),
        },
        {
            "label": "Still open",
            "value": f"{osr.pending:,}",
            "note": "people may yet come back; not in the rate",
            "tone": "soon",
            "href": href(query, verdict="pending"),
        },
        {
            "label": "Left out",
            "value": f"{osr.left_out:,}",
            "note": "listed below, each with why",
            "tone": "",
            "href": href(query, verdict="excluded"),
        },
    ]


def _unit(viewer: Viewer, chosen: Chosen, today: date) -> str:
    """Weeks of up to half a year, months of more."""
    first = chosen.since or metrics.queries.first_day(viewer) or today
    return "week" if (chosen.until or today) - first <= WEEKS else "month"


def _over_time(
    viewer: Viewer,
    chosen: Chosen,
    query: Mapping[str, str],
    unit: str,
    periods: Sequence[Period],
) -> Figure:
    same = queries_fair.same_mix(viewer, chosen, periods, now=timezone.now())
    points, starts = points_of(periods, unit, same)
    marked = performance_marks.marks(viewer, chosen, starts)
    decided = [one.measures.osr for one in periods if not one.measures.osr.pending]
    return Figure(
        id="over-time",
        message=words.trend(decided),
        words=(
            f"By {unit} of the first contact. The band is what chance leaves. Where people may "
            "still come back the line is dotted and provisional: it can only change as they do."
            + (SAME_MIX if same else "")
        ),
        caption=f"One stop by {unit}",
        head=[
            *head_of(unit.capitalize()),
            {"text": "So far", "numeric": True},
            *([{"text": "Same mix", "numeric": True}] if same else []),
        ],
        rows=[
            [
                *row_of(words.period_name(one.start, unit), one.measures, _dated(query, one)),
                _so_far(one.measures.osr),
                *([_same(same.get(one.start))] if same else []),
            ]
            for one in periods
        ],
        files=files(query, unit),
        happened=marked.said,
        happened_more=marked.more,
        line=(
            {**chart("time", "One stop over time"), "points": points, **marked.chart, **OTHER}
            if len(points) > 1
            else None
        ),
    )


def _so_far(osr: Osr) -> Cell:
    """The provisional rate, as the dashed line shows it."""
    return {"text": words.percent(osr.provisional) if osr.pending else "–", "numeric": True}


def _same(value: float | None) -> Cell:
    """The rate with the mix of the year before, of what is decided."""
    return {"text": "–" if value is None else words.percent(value), "numeric": True}


def _dated(query: Mapping[str, str], period: Period) -> dict[str, str]:
    """The address of one period, never wider than what the page shows."""
    last = (period.until - timedelta(days=1)).isoformat()
    return {
        **query,
        "from": max(query.get("from", ""), period.start.isoformat()),
        "to": min(query.get("to", last), last),
    }


def points_of(
    periods: Sequence[Period], unit: str, same: Mapping[date, float]
) -> tuple[list[dict[str, Any]], list[date]]:
    """The points of a chart of time, gaps among them, and the first day of each. `same` are the
    rates with the same mix, by first day."""
    filled = _without_gaps(periods, unit)
    starts = [one if isinstance(one, date) else one.start for one in filled]
    return [_point(period, unit, same) for period in filled], starts


def _without_gaps(periods: Sequence[Period], unit: str) -> list[Period | date]:
    """Periods in order, with the start of each one in which nothing came in."""
    filled: list[Period | date] = []
    due = periods[0].start if periods else None
    for period in periods:
        while due is not None and due < period.start:
            filled.append(due)
            due = metrics.queries.next_start(due, unit)
        filled.append(period)
        due = period.until
    return filled


def _point(period: Period | date, unit: str, same: Mapping[date, float]) -> dict[str, Any]:
    if isinstance(period, date):
        return {"label": words.period(period, unit), "value": None, "pending": False}
    osr = period.measures.osr
    is_open = osr.pending > 0
    low, high = osr.wilson if osr.wilson and not is_open else (None, None)
    return {
        "label": words.period(period.start, unit),
        "value": osr.provisional if is_open else words.rate(osr),
        "low": low,
        "high": high,
        "n": osr.mature,
        "pending": is_open,
        # Of a week that is not decided it would speak for the quick failures alone.
        "other": None if is_open else same.get(period.start),
    }


def _by(
    slices: Sequence[Slice],
    query: Mapping[str, str],
    dimension: str,
    plural: str,
    names: Mapping[Any, str],
) -> Figure:
    named = [(name_of(one.key, names), one) for one in slices]
    return Figure(
        id=f"by-{dimension}",
        message=words.compared(named, plural),
        words=by_words(len(named), plural),
        caption=f"One stop by {dimension}",
        head=head_of(dimension.capitalize()),
        rows=[
            row_of(name, one.measures, {**query, dimension: one.key}, narrows=dimension)
            for name, one in named
        ],
        bars=bars(dimension, named),
        files=files(query, dimension),
    )


def _self_service(whole: Measures, query: Mapping[str, str]) -> Figure:
    """With and without self-service, so that easy contacts moved online hide nothing (R46)."""
    pairs = [("Everybody", whole.osr), ("Served by staff", whole.assisted)]
    return Figure(
        id="self-service",
        message=f"Served by staff: {words.said_rate(whole.assisted)}; everybody: "
        f"{words.said_rate(whole.osr)}",
        words="Moving easy enquiries online must not hide a decline at the desk.",
        caption="One stop with and without self-service",
        head=head_of("Enquiries")[:-1],
        rows=[
            osr_row("Everybody", whole.osr, dict(query)),
            osr_row("Served by staff", whole.assisted, {**query, "self_service": "no"}),
        ],
        bars=bar_chart("self-service", "One stop with and without self-service", pairs),
    )


def _agenda(whole: Measures, query: Mapping[str, str], names: Names) -> list[list[Cell]]:
    return [
        [
            {"text": words.REASONS.get(row.reason, row.reason)},
            {"text": words.owner(row.owner, names.organisations)},
            number(row.n, href(query, verdict="failure", reason=row.reason, owner=row.owner)),
            {"text": words.percent(row.n / whole.osr.mature), "numeric": True},
        ]
        for row in whole.failures
    ]


def _left_out(excluded: Mapping[str, int], query: Mapping[str, str]) -> list[list[Cell]]:
    return [
        [
            {"text": name, "note": note},
            number(excluded[reason], href(query, verdict="excluded", reason=reason)),
        ]
        for reason, (name, note) in words.EXCLUSIONS.items()
        if excluded.get(reason)
    ]


def _not_left_out(excluded: Mapping[str, int]) -> str:
    """The exclusions that took nothing, so that nobody has to ask."""
    names = [
        name.lower() for reason, (name, _) in words.EXCLUSIONS.items() if not excluded.get(reason)
    ]
    return f"None: {', '.join(names)}." if names else ""


def _companions(whole: Measures, query: Mapping[str, str]) -> list[dict[str, Any]]:
    def stat(label: str, share: Share, note: str, address: str = "") -> dict[str, Any]:
        return {
            "label": label,
            "value": words.percent(share.value) if share.denominator else "–",
            "n": share.denominator,
            "note": note,
            "href": address,
        }

    osr = whole.osr
    return [
        {
            "label": "The bounds",
            "value": words.bounds(osr),
            "n": osr.mature,
            "note": "at least, if people who gave no name came back twice as often; at most, if "
            "none of them did"
            + ("; ⚑ the headline, weighted by kind, lies outside" if osr.out_of_order else ""),
        },
        stat(
            "Contacts that came back", whole.rcr, "recontacts for each hundred decided",
            href(query, verdict=DECIDED, came_back="yes"),
        ),
        stat("Done in the first contact", whole.fcc, "questions and transactions, none handed on"),
        stat("Right organisation first", whole.rftr, "of those sent to a partner and settled"),
    ]  # fmt: skip
