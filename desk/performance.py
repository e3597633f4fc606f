"""The performance page as data: each figure with its words, its table and the way behind it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from django.utils.http import urlencode

import metrics.queries
from accounts.permissions import Viewer
from desk import performance_said
from desk import performance_words as words
from desk.performance_addresses import href, query_of
from enquiries.channels import CHANNEL_WORDS
from metrics.figures import TARGET, Measures, Osr, Share
from metrics.queries import DECIDED, NONE, Chosen, Period, Slice

Cell = dict[str, Any]
WEEKS = timedelta(weeks=26)
MOST_BARS = 10
MOST_ROWS = 8
_HEAD = ("One stop", "Interval", "Decided", "Still open", "Left out", "Came back")


@dataclass(frozen=True, slots=True)
class Names:
    """What the slugs of the catalogue and the partnership are called."""

    services: Mapping[str, str]
    organisations: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Figure:
    """One message: a sentence, what it rests on, a chart and the same as a table."""

    id: str
    message: str
    words: str
    caption: str
    head: list[Cell]
    rows: list[list[Cell]]
    bars: dict[str, Any] | None = None
    line: dict[str, Any] | None = None

    @property
    def table(self) -> str:
        """What the table is called, apart from the chart beside it."""
        return f"{self.caption}, in figures"


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
    companions: list[dict[str, Any]] = field(default_factory=list)
    agenda_rest: list[list[Cell]] = field(default_factory=list)
    is_empty: bool = False


def overview(viewer: Viewer, chosen: Chosen, *, names: Names, today: date) -> Overview:
    """The page for what was chosen."""
    query = query_of(chosen)
    whole = metrics.queries.overall(viewer, chosen)
    osr = whole.osr
    agenda = _agenda(whole, query, names)
    return Overview(
        answer=words.answer(osr),
        explained=words.explained(osr),
        tone=words.tone(osr),
        stats=_stats(osr, query),
        over_time=_over_time(viewer, chosen, query, today),
        figures=[
            _by(viewer, chosen, query, "channel", "channels", CHANNEL_WORDS),
            _by(viewer, chosen, query, "service", "services", names.services),
            *(
                [_by(viewer, chosen, query, "organisation", "organisations", names.organisations)]
                if viewer.is_hub
                else []
            ),
            _self_service(whole, query),
        ],
        agenda=agenda[:MOST_ROWS],
        agenda_rest=agenda[MOST_ROWS:],
        left_out=_left_out(osr, query),
        not_left_out=_not_left_out(osr),
        companions=[*_companions(whole, query), performance_said.companion(viewer, chosen)],
        is_empty=not (osr.mature or osr.pending or osr.excluded),
    )


def _stats(osr: Osr, query: Mapping[str, str]) -> list[dict[str, Any]]:
    left_out = sum(osr.excluded.values())
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
            "value": f"{left_out:,}",
            "note": "listed below, each with why",
            "tone": "",
            "href": href(query, verdict="excluded"),
        },
    ]


def _over_time(viewer: Viewer, chosen: Chosen, query: Mapping[str, str], today: date) -> Figure:
    first = chosen.since or metrics.queries.first_day(viewer) or today
    unit = "week" if (chosen.until or today) - first <= WEEKS else "month"
    periods = metrics.queries.over_time(viewer, chosen, unit)
    points = [_point(period, unit) for period in _without_gaps(periods, unit)]
    decided = [one.measures.osr for one in periods if not one.measures.osr.pending]
    return Figure(
        id="over-time",
        message=words.trend(decided),
        words=(
            f"By {unit} of the first contact. The band is what chance leaves. Where people may "
            "still come back the line is dashed and provisional: it can only change as they do."
        ),
        caption=f"One stop by {unit}",
        head=[*_head(unit.capitalize()), {"text": "So far", "numeric": True}],
        rows=[
            [
                *_row(words.period_name(one.start, unit), one.measures, _dated(query, one)),
                _so_far(one.measures.osr),
            ]
            for one in periods
        ],
        line=(
            {**_chart("time", "One stop over time"), "points": points} if len(points) > 1 else None
        ),
    )


def _so_far(osr: Osr) -> Cell:
    """The provisional rate, as the dashed line shows it."""
    return {"text": words.percent(osr.provisional) if osr.pending else "–", "numeric": True}


def _dated(query: Mapping[str, str], period: Period) -> dict[str, str]:
    """The address of one period, never wider than what the page shows."""
    last = (period.until - timedelta(days=1)).isoformat()
    return {
        **query,
        "from": max(query.get("from", ""), period.start.isoformat()),
        "to": min(query.get("to", last), last),
    }


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


def _point(period: Period | date, unit: str) -> dict[str, Any]:
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
    }


def _by(
    viewer: Viewer,
    chosen: Chosen,
    query: Mapping[str, str],
    dimension: str,
    plural: str,
    names: Mapping[Any, str],
) -> Figure:
    slices = metrics.queries.by(viewer, chosen, dimension)
    named = [(_name(one.key, names), one) for one in slices]
    return Figure(
        id=f"by-{dimension}",
        message=words.compared(named, plural),
        words=_by_words(len(named), plural),
        caption=f"One stop by {dimension}",
        head=_head(dimension.capitalize()),
        rows=[
            _row(name, one.measures, {**query, dimension: one.key}, narrows=dimension)
            for name, one in named
        ],
        bars=_bars(dimension, named),
    )


def _by_words(count: int, plural: str) -> str:
    said = (
        "The thin line is what chance leaves. Red: below 80% by more than chance; green: above; "
        "teal: cannot be told yet."
    )
    if count > MOST_BARS:
        said += f" The {MOST_BARS} {plural} with most enquiries; all {count} are in the table."
    return said


def _name(key: str, names: Mapping[Any, str]) -> str:
    return "Not yet known" if key == NONE else str(names.get(key, key))


def _bars(dimension: str, named: Sequence[tuple[str, Slice]]) -> dict[str, Any] | None:
    return _bar_chart(
        f"by-{dimension}",
        f"One stop by {dimension}",
        [(name, one.measures.osr) for name, one in named],
    )


def _bar_chart(name: str, title: str, rates: Sequence[tuple[str, Osr]]) -> dict[str, Any] | None:
    rows = [
        {
            "label": label,
            "value": words.rate(osr),
            "said": words.said_rate(osr),
            "width": round((words.rate(osr) or 0) * 100, 1),
            "n": osr.mature,
            "low": osr.wilson[0] if osr.wilson else None,
            "high": osr.wilson[1] if osr.wilson else None,
            "tone": words.tone(osr),
        }
        for label, osr in rates
        if osr.mature
    ][:MOST_BARS]
    return {**_chart(name, title), "rows": rows} if rows else None


def _chart(name: str, title: str) -> dict[str, Any]:
    return {
        "id": name,
        "title": title,
        "desc": "The same figures stand in the table after the chart.",
        "unit": "%",
        "target": TARGET,
        "target_label": "Promise 80%",
        "target_at": TARGET * 100,
    }


def _self_service(whole: Measures, query: Mapping[str, str]) -> Figure:
    """With and without self-service, so that easy contacts moved online hide nothing (R46)."""
    pairs = [("Everybody", whole.osr), ("Served by staff", whole.assisted)]
    return Figure(
        id="self-service",
        message=f"Served by staff: {words.said_rate(whole.assisted)}; everybody: "
        f"{words.said_rate(whole.osr)}",
        words="Moving easy enquiries online must not hide a decline at the desk.",
        caption="One stop with and without self-service",
        head=_head("Enquiries")[:-1],
        rows=[
            _osr_row("Everybody", whole.osr, dict(query)),
            _osr_row("Served by staff", whole.assisted, {**query, "self_service": "no"}),
        ],
        bars=_bar_chart("self-service", "One stop with and without self-service", pairs),
    )


def _head(first: str) -> list[Cell]:
    return [{"text": first}, *({"text": text, "numeric": True} for text in _HEAD)]


def _row(name: str, measures: Measures, query: dict[str, str], narrows: str = "") -> list[Cell]:
    row = _osr_row(name, measures.osr, query)
    if narrows and query.get(narrows) != NONE:
        row[0]["href"] = f"?{urlencode(query)}"
    row.append(_number(measures.rcr.numerator, href(query, came_back="yes")))
    return row


def _osr_row(name: str, osr: Osr, query: dict[str, str]) -> list[Cell]:
    rate = words.rate(osr)
    said = words.percent(rate) if rate is not None else "–"
    return [
        {"text": name},
        {
            "text": said,
            "numeric": True,
            "href": href(query, verdict="success") if osr.successes else "",
            "note": "at most" if osr.linked is None and osr.mature else "",
        },
        {"text": words.interval(osr), "numeric": True},
        _number(osr.mature, href(query, verdict=DECIDED)),
        _number(osr.pending, href(query, verdict="pending")),
        _number(sum(osr.excluded.values()), href(query, verdict="excluded")),
    ]


def _number(value: int, address: str) -> Cell:
    return {"text": f"{value:,}", "numeric": True, "href": address if value else ""}


def _agenda(whole: Measures, query: Mapping[str, str], names: Names) -> list[list[Cell]]:
    return [
        [
            {"text": words.REASONS.get(row.reason, row.reason)},
            {"text": words.owner(row.owner, names.organisations)},
            _number(row.n, href(query, verdict="failure", reason=row.reason, owner=row.owner)),
            {"text": words.percent(row.n / whole.osr.mature), "numeric": True},
        ]
        for row in whole.failures
    ]


def _left_out(osr: Osr, query: Mapping[str, str]) -> list[list[Cell]]:
    return [
        [
            {"text": name, "note": note},
            _number(osr.excluded[reason], href(query, verdict="excluded", reason=reason)),
        ]
        for reason, (name, note) in words.EXCLUSIONS.items()
        if osr.excluded.get(reason)
    ]


def _not_left_out(osr: Osr) -> str:
    """The exclusions that took nothing, so that nobody has to ask."""
    names = [
        name.lower()
        for reason, (name, _) in words.EXCLUSIONS.items()
        if not osr.excluded.get(reason)
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
            "none of them did",
        },
        stat(
            "Contacts that came back", whole.rcr, "recontacts for each hundred decided",
            href(query, verdict=DECIDED, came_back="yes"),
        ),
        stat("Done in the first contact", whole.fcc, "questions and transactions, none handed on"),
        stat("Right organisation first", whole.rftr, "of those sent to a partner and settled"),
    ]  # fmt: skip
