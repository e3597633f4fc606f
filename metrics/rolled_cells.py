"""Sums of enquiries that were added up by day, week and month, for what was chosen."""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from functools import lru_cache
from typing import Any

from accounts.permissions import Viewer
from core import copies
from metrics import rolled, rollups
from metrics.choosing import DECIDED, NONE, Chosen
from metrics.rolled import Level
from metrics.rollups import CLOSED, CLOSED_ENDS, ENDS, ENQUIRIES
from metrics.rollups_cells import UNITS
from metrics.spans import MONTH, WEEK, cover
from metrics.sums import Cells, End, Key, Sums, Tally

_ADDED = ", ".join(f"sum(cell.{name})::bigint AS {name}" for name in Tally._fields)
_TOLD = ", ".join(f"added.{name}" for name in Tally._fields)
_NOTHING = ", ".join("NULL" for _ in Tally._fields)
# No value from outside is in it. One part after another: a part's rows lie together.
_SUMS = f"""
SELECT {{slice}}, alike.key, {_TOLD}
FROM (
    SELECT part.id, {{period}} AS period, cell.alike_id, {_ADDED}
    FROM unnest(%(units)s::smallint[], %(since)s::date[], %(until)s::date[])
        AS spans(unit, since, until)
    CROSS JOIN metrics_rolledpart AS part
    CROSS JOIN LATERAL (
        SELECT * FROM metrics_rolledcell AS cell WHERE cell.part_id = part.id
            AND cell.unit = spans.unit AND cell.start >= spans.since AND cell.start < spans.until
        OFFSET 0
    ) AS cell
    WHERE part.what = %(what)s AND part.level = %(level)s {{pinned}}
    GROUP BY 1, 2, 3
) AS added
JOIN metrics_rolledpart AS part ON part.id = added.id
JOIN metrics_alike AS alike ON alike.id = added.alike_id
UNION ALL SELECT NULL, NULL, {_NOTHING}
WHERE NOT EXISTS (SELECT FROM metrics_cursor WHERE name = %(name)s AND value = %(version)s)"""  # noqa: S608


def cells(viewer: Viewer, chosen: Chosen, dimension: str = "") -> Mapping[Any, Cells] | None:
    """Sums by slice: a part, a first day, or "" of the whole. None where only the facts can tell.

    A reason, an owner, who came back, or one verdict, only the facts can choose.
    """
    of, level = _days_of(chosen, dimension), rolled.level_of(viewer, chosen, dimension)
    return None if of is None or level is None else _cells(of[0], level, of[2], dimension)


def sums(viewer: Viewer, chosen: Chosen, dimension: str = "") -> dict[Any, Sums] | None:
    """The same with what failed and what was left out, by reason."""
    of, level = _days_of(chosen, dimension), rolled.level_of(viewer, chosen, dimension)
    if of is None or level is None:
        return None
    what, ends, days = of
    kept, ended = _cells(what, level, days, dimension), _ends(ends, level, days, dimension)
    if kept is None or ended is None:
        return None
    return {part: Sums(one, ended.get(part, Counter())) for part, one in kept.items()}


def course(
    viewer: Viewer, chosen: Chosen, unit: str
) -> tuple[dict[Any, dict[Key, Tally]], Counter[End]] | None:
    """Sums by week or month, and of all of them what failed and what was left out."""
    of, level = _days_of(chosen, unit), rolled.level_of(viewer, chosen, unit)
    if of is None or level is None:
        return None
    what, ends, days = of
    kept, ended = _cells(what, level, days, unit), _ends(ends, level, days, "")
    return None if kept is None or ended is None else (kept, ended.get("", Counter()))


def _ends(
    what: str, level: Level, chosen: Chosen, dimension: str
) -> dict[Any, Counter[End]] | None:
    rows = rolled.sums(what, level, chosen, dimension)
    if rows is None:
        return None
    found: dict[Any, Counter[End]] = defaultdict(Counter)
    for row in rows:
        klass, channel, self_service, kind, reason, owner = row.alike
        if _is_chosen(Key(klass, channel, self_service), chosen):
            found[row.slice][End(kind, reason, owner, self_service)] += row.n
    return found


def _days_of(chosen: Chosen, dimension: str) -> tuple[str, str, Chosen] | None:
    """What was added up by the days that were chosen: by those of first contacts, or by those on
    which windows of decided enquiries closed. None where it was by neither."""
    if chosen.reason or chosen.owner or chosen.recontacted is not None:
        return None
    if chosen.closed_since is None:
        return None if chosen.verdict else (ENQUIRIES, ENDS, chosen)
    began = (chosen.since, chosen.until) != (None, None) or dimension in rolled.UNITS
    if began or chosen.verdict != DECIDED:
        return None
    return CLOSED, CLOSED_ENDS, replace(chosen, since=chosen.closed_since)


def _is_chosen(key: Key, chosen: Chosen) -> bool:
    wanted = ((chosen.klass, key.klass), (chosen.channel, key.channel))
    return chosen.self_service in (None, key.self_service) and all(
        not asked or said == ("" if asked == NONE else asked) for asked, said in wanted
    )


def _cells(
    what: str, level: Level, chosen: Chosen, dimension: str
) -> dict[Any, dict[Key, Tally]] | None:
    """None until every day has been counted."""
    found: dict[Any, dict[Key, Tally]] = defaultdict(dict)
    for part, said, *numbers in _rows(what, level, chosen, dimension):
        if said is None:
            return None
        key = _read(said)
        if _is_chosen(key, chosen):
            by_key = {"class": key.klass, "channel": key.channel}
            found[by_key.get(dimension, part)][key] = Tally._make(numbers)
    return dict(found)


def _rows(what: str, level: Level, chosen: Chosen, dimension: str) -> list[tuple[Any, ...]]:
    spans = list(cover(chosen.since, chosen.until, rolled.units_for(what, dimension)))
    is_time = dimension in (WEEK, MONTH)
    period = f"date_trunc('{dimension}', cell.start)::date" if is_time else "NULL::date"
    by_part = f"part.{level.column(level.slice)}" if level.slice else "''::text"
    statement = _SUMS.format(
        slice="added.period" if is_time else by_part,
        period=period,
        pinned="".join(f" AND part.{level.column(one)} = %({one})s" for one, _ in level.pinned),
    )
    values: dict[str, str | list[int] | list[date]] = {
        "what": what,
        "level": level.name,
        "units": [UNITS[one.unit] for one in spans],
        "since": [one.since or date.min for one in spans],
        "until": [one.until or date.max for one in spans],
        "name": rollups.NAME,
        "version": rollups.VERSION,
        **dict(level.pinned),
    }
    with copies.connection().cursor() as cursor:
        cursor.execute(statement, values)
        rows: list[tuple[Any, ...]] = cursor.fetchall()
        return rows


@lru_cache(maxsize=10_000)
def _read(said: str) -> Key:
    return Key(*json.loads(said))
