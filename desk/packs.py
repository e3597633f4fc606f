"""A pack of figures as a document: what the page of figures says, of a week or a month. Data only.

`told` are blocks for pack.typ: a heading, words, or a table of texts whose first column names the
row. Every number comes from where the page and `manage.py measures` take it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any

from django.template.loader import render_to_string

import metrics.queries
import metrics.queries_printed
import metrics.queries_targets
from accounts.permissions import SYSTEM_VIEWER, Viewer
from desk import packs_links, performance, performance_marks, performance_sheet, performance_words
from desk.performance_rows import Names, chart
from enquiries.clocks import LONDON
from metrics import bands, queries_fair, spread
from metrics.figures import TARGET, Measures, Osr
from metrics.one_stop import VERSION
from metrics.pack_periods import WEEKLY
from metrics.pack_periods import Period as Days
from metrics.queries import NONE, Chosen, Period

Block = dict[str, Any]
# A share in words, and as a number from 0 to 100 to draw beside them; None where it is not known.
Bar = dict[str, str | float | None]
# How far back the line of weeks or months goes, the pack's own with it.
WEEKS = timedelta(weeks=11)
MONTHS = timedelta(days=335)
NOT_KNOWN = performance_sheet.NOT_KNOWN


@dataclass(frozen=True, slots=True)
class Pack:
    """What stands in it, its title, and the sentences that the message about it says."""

    told: Mapping[str, Any]
    title: str
    said: tuple[str, ...]


def pack(viewer: Viewer, period: Days, *, whose: str, names: Names, now: datetime) -> Pack:
    """The pack of who looks: the whole partnership's, or an organisation's own."""
    unit = "week" if period.kind == WEEKLY else "month"
    chosen = Chosen(since=period.since, until=period.until)
    before = Chosen(since=period.before[0], until=period.before[1])
    now_, then = (metrics.queries.overall(viewer, one) for one in (chosen, before))
    printed = metrics.queries_printed.printed_for(viewer, chosen, now=now)
    title = f"{'Weekly' if unit == 'week' else 'Monthly'} pack, {period.words}: {whose}"
    said = tuple(
        one
        for one in (
            performance_words.answer(now_.osr),
            performance_words.explained(now_.osr),
            _expected(printed["osr"]["expected"], now_.osr),
        )
        if one
    )
    local = now.astimezone(LONDON)
    blocks = [
        *_standing(now_.osr, then.osr, unit),
        *packs_links.blocks(viewer),
        *_broken(now_, then, unit, names),
        *_aims(viewer, printed),
        *_over_time(viewer, chosen, unit, now=now),
        *_happened(viewer, chosen, unit),
        *(_partners(viewer, chosen, names) if viewer.is_hub else _together(chosen)),
        *_every(printed, names),
        _heading("How this is counted"),
        _words(
            f"Definition {VERSION}. The page of figures and manage.py measures say the same of the "
            "same days. What is still open can only change these figures as people come back: the "
            "page shows how they stand now."
        ),
    ]
    told = {
        "title": title,
        "promise": TARGET * 100,
        "whose": whose,
        "period": period.words,
        "made": f"Made on {local.day} {local:%B %Y, %H:%M}, definition {VERSION}",
        "answer": said[0],
        "lead": list(said[1:]),
        "blocks": blocks,
    }
    return Pack(told, title, said)


def _expected(value: float | None, osr: Osr) -> str:
    if value is None or not osr.pending:
        return ""
    return (
        "Provisional: if the open ones do as those of the last eight weeks did, it will be "
        f"{performance_words.percent(value)} of all."
    )


def _heading(text: str, level: int = 2) -> Block:
    return {"kind": "heading", "level": level, "text": text}


def _words(text: str) -> Block:
    return {"kind": "words", "text": text}


def _table(head: Sequence[str], rows: Sequence[Sequence[str | Bar]], *, texts: int = 1) -> Block:
    """A table: so many columns of words that name the row, then numbers. A Bar is drawn beside its
    text."""
    return {"kind": "table", "head": list(head), "rows": [*map(list, rows)], "texts": texts}


def _share(value: float | None) -> str:
    return NOT_KNOWN if value is None else f"{value * 100:.1f}%"


def _points(now: float | None, then: float | None) -> str:
    if now is None or then is None:
        return NOT_KNOWN
    return f"{(now - then) * 100:+.1f} points".replace("-", "−")


def _more(now: int, then: int) -> str:
    return f"{now - then:+,}".replace("-", "−") if now != then else "0"


def _standing(now: Osr, then: Osr, unit: str) -> list[Block]:
    """The promise and where we are, with what it rests on."""
    shares = [
        ("One stop", now.linked, then.linked),
        ("At most", now.upper, then.upper),
        ("At least", now.lower, then.lower),
        ("So far, if no open one breaks", now.provisional, then.provisional),
    ]
    numbers = [
        ("Counted (n)", now.n, then.n),
        ("Decided", now.mature, then.mature),
        ("Still open", now.pending, then.pending),
        ("Left out", now.left_out, then.left_out),
    ]
    rows = [
        *((name, _share(one), _share(two), _points(one, two)) for name, one, two in shares),
        ("Chance alone", performance_words.interval(now), performance_words.interval(then), ""),
        *((name, f"{one:,}", f"{two:,}", _more(one, two)) for name, one, two in numbers),
    ]
    return [
        _heading("The promise, and where we are"),
        _words(
            f"We promise {TARGET:.0%}. Fewer of this {unit} are decided than of the one before: "
            "people have had less time to come back."
        ),
        _table(
            ["Figure", f"This {unit}", f"The {unit} before", "Change"],
            rows,
        ),
    ]


def _broken(now: Measures, then: Measures, unit: str, names: Names) -> list[Block]:
    """What broke it, by reason and by whose it is to mend, with those of before that are gone."""
    counts = {(row.reason, row.owner): [row.n, 0] for row in now.failures}
    for row in then.failures:
        counts.setdefault((row.reason, row.owner), [0, 0])[1] = row.n
    if not counts:
        return [_heading("What broke it"), _words("Nothing that is decided was not one stop.")]
    rows = [
        (
            performance_words.REASONS.get(reason, reason),
            performance_words.owner(owner, names.organisations),
            f"{n:,}",
            f"{was:,}",
            _more(n, was),
        )
        for (reason, owner), (n, was) in sorted(counts.items(), key=lambda one: -one[1][0])
    ]
    return [
        _heading("What broke it"),
        _words("Each enquiry that was not one stop has one reason: what went wrong first."),
        _table(
            ["What went wrong", "Whose to mend", f"This {unit}", f"The {unit} before", "Change"],
            rows,
            texts=2,
        ),
    ]


def _aims(viewer: Viewer, printed: Mapping[str, Any]) -> list[Block]:
    """What managers aim at for what this pack is of, beside where it stands."""
    mine = "" if viewer.is_hub else viewer.organisation_slug
    rows = [
        (
            bands.FIGURES[one.figure].name,
            _stands(one.figure, printed),
            bands.said(one.figure, one.target) or NOT_KNOWN,
            NOT_KNOWN
            if one.low is None and one.high is None
            else bands.said_band(one.figure, one.low, one.high),
        )
        for one in metrics.queries_targets.aims(viewer)
        if one.organisation == mine
    ]
    head = ["Figure", "Stands at", "Target", "Should stay"]
    return [_heading("Targets"), _table(head, rows)] if rows else []


def _stands(figure: str, printed: Mapping[str, Any]) -> str:
    value = printed[figure]["linked" if figure == "osr" else "value"]
    if value is None:
        return NOT_KNOWN
    return _share(value) if bands.FIGURES[figure].is_share else f"{value:.2f}"


def _happened(viewer: Viewer, chosen: Chosen, unit: str) -> list[Block]:
    """What managers wrote at the days of the line."""
    since = _line_since(chosen, unit)
    found = metrics.queries_targets.happened(viewer, since, chosen.until)
    # The newest stand on the chart under the same numbers.
    left = max(0, len(found) - performance_marks.MOST)
    rows = [
        (
            str(number - left) if number > left else "",
            _dated(one.day) + (f" to {_dated(one.until)}" if one.until else ""),
            one.words,
        )
        for number, one in enumerate(found, start=1)
    ]
    if not rows:
        return []
    return [_heading("What happened"), _table(["Mark", "Day", "What"], rows, texts=3)]


def _dated(day: date) -> str:
    return f"{day.day} {day:%B %Y}"


def _line_since(chosen: Chosen, unit: str) -> date | None:
    if chosen.since is None:
        return None
    return chosen.since - WEEKS if unit == "week" else (chosen.since - MONTHS).replace(day=1)


def _over_time(viewer: Viewer, chosen: Chosen, unit: str, *, now: datetime) -> list[Block]:
    whole = replace(chosen, since=_line_since(chosen, unit))
    periods = metrics.queries.over_time(viewer, whole, unit)
    if len(periods) < 2:
        return []
    same = queries_fair.same_mix(viewer, whole, periods, now=now)
    rows = []
    for one in periods:
        osr = one.measures.osr
        value = osr.provisional if osr.pending else performance_words.rate(osr)
        rows.append(
            (
                performance_words.period_name(one.start, unit),
                _share(value),
                "Provisional" if osr.pending else "Decided",
                f"{osr.mature:,}",
                f"{osr.pending:,}",
                *([_share(same.get(one.start))] if same else []),
            )
        )
    head = [unit.capitalize(), "One stop", "How sure", "Decided", "Still open"]
    head += ["Same mix"] if same else []
    return [
        _heading(f"{unit.capitalize()} by {unit}"),
        _words(
            "By the first contact. Provisional: some may still come back; what is open and has "
            "not broken so far counts as one stop; the line is dotted there. The band is what "
            "chance leaves, the dashed line across it what we promise."
            + (performance.SAME_MIX if same else "")
        ),
        _chart(viewer, whole, periods, unit, same),
        _table(head, rows),
    ]


def _chart(
    viewer: Viewer,
    chosen: Chosen,
    periods: Sequence[Period],
    unit: str,
    same: Mapping[date, float],
) -> Block:
    """The line as the page draws it, as a picture; the table after it says the same."""
    points, starts = performance.points_of(periods, unit, same)
    marked = performance_marks.marks(viewer, chosen, starts)
    title = f"One stop by {unit}"
    drawn = {**chart("time", title), "points": points, **marked.chart, **performance.OTHER}
    return {
        "kind": "chart",
        "svg": render_to_string("desk/performance/line_paper.svg", {"chart": drawn}),
        "alt": f"{title}, a line over time. The same figures stand in the table after it.",
    }


def _partners(viewer: Viewer, chosen: Chosen, names: Names) -> list[Block]:
    """Organisations beside each other, also as if all had the same mix of work."""
    rows = []
    for one in queries_fair.organisations(viewer, chosen):
        key, osr = one.slice.key, one.slice.measures.osr
        rows.append(
            (
                "Not yet known" if key == NONE else names.organisations.get(key, key),
                _drawn(osr),
                performance_words.interval(osr),
                _share(one.adjusted.value),
                f"{osr.mature:,}",
                f"{osr.pending:,}",
            )
        )
    if not rows:
        return []
    head = ["Organisation", "One stop", "Chance", "With all’s mix", "Decided", "Still open"]
    return [
        _heading("Organisations compared"),
        _words(
            "A difference within chance is none. With all’s mix: what it would be if each had the "
            "classes and channels of all of them together."
        ),
        _table(head, rows),
    ]


def _drawn(osr: Osr) -> Bar:
    value = performance_words.rate(osr)
    text = performance_words.said_rate(osr)
    return {"text": text, "bar": None if value is None else round(value * 100, 1)}


def _together(chosen: Chosen) -> list[Block]:
    """The partnership's own totals, for who sees only their own beside them."""
    osr = metrics.queries.overall(SYSTEM_VIEWER, chosen).osr
    rows = [
        ("One stop", performance_words.said_rate(osr)),
        ("Bounds", performance_words.bounds(osr)),
        ("Decided", f"{osr.mature:,}"),
        ("Still open", f"{osr.pending:,}"),
    ]
    return [
        _heading("The partnership together"),
        _table(["Figure", "Is"], rows),
    ]


def _every(printed: Mapping[str, Any], names: Names) -> list[Block]:
    """Each figure of the page of figures, with what it says."""
    blocks = [_heading("Every figure")]
    for section in performance_sheet.sections(spread.rows(printed), names):
        shown = [one for one in section.figures if one.main or one.parts]
        if shown or section.untold:
            blocks.append(_heading(section.name, 3))
        if section.untold:
            blocks.append(_words(section.untold_words))
        for figure in shown:
            own = [*([figure.main] if figure.main else []), *figure.numbers]
            rows = [(one.label, one.text) for one in own]
            rows += [
                (f"{part.name}: {one.label.lower()}", one.text)
                for part in figure.parts
                for one in part.numbers
            ]
            blocks += [
                _heading(figure.definition.name, 4),
                _words(figure.definition.says),
                _table(["What", "Is"], rows),
            ]
    return blocks
