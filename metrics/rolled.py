"""What was counted by day, week and month (`metrics.rollups`), added up for what was chosen."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache
from typing import Any

from accounts.permissions import Viewer
from core import copies
from metrics import rollups
from metrics.choosing import NONE, Chosen, may_count
from metrics.ratios import Said
from metrics.rollups import AGES, BOTH, BREAKS, ITEMS, NEEDS, WHOLE
from metrics.spans import DAY, MONTH, WEEK, cover
from metrics.value import Taken

UNITS = (WEEK, MONTH)
# Parts that are counted by; class and channel stand in what is counted itself.
_PARTS = ("organisation", "service", "site", "team")
_OF_ALIKE = {"class": 0, "channel": 1}
_LEVELS: Mapping[tuple[str, ...], str] = {
    (): WHOLE,
    ("organisation", "service"): BOTH,
    **{(part,): part for part in _PARTS},
}


@dataclass(frozen=True, slots=True)
class Level:
    """Which rows of the rollups: those of one part, or all parts of a dimension."""

    name: str
    pinned: tuple[tuple[str, str], ...]
    slice: str

    def column(self, part: str) -> str:
        """Where a row of this level says which organisation it is of, or which service."""
        return "within" if self.name == BOTH and part == "organisation" else "part"


@dataclass(frozen=True, slots=True)
class Sum:
    """So many of one kind, in one slice: a part, a first day or ""."""

    slice: Any
    alike: tuple[Any, ...]
    n: int
    recontacts: int


def level_of(viewer: Viewer, chosen: Chosen, dimension: str) -> Level | None:
    """The rows that answer this; None where only the facts can."""
    pinned = {part: getattr(chosen, part) for part in _PARTS if getattr(chosen, part)}
    if not viewer.is_hub:
        own = viewer.organisation_slug
        if not own or pinned.get("organisation", own) != own:
            return None
        pinned["organisation"] = own
    by = dimension if dimension in _PARTS else ""
    name = _LEVELS.get(tuple(sorted({*pinned, *([by] if by else [])})))
    if name is None or not may_count(viewer):
        return None
    values = ((part, "" if value == NONE else value) for part, value in pinned.items())
    return Level(name, tuple(values), by)


_SUMS = """
SELECT {slice} AS slice, alike.key, sum(one.n), sum(one.back)
FROM unnest(%(units)s::text[], %(since)s::date[], %(until)s::date[]) AS spans(unit, since, until)
JOIN metrics_rollup AS r ON r.what = %(what)s AND r.level = %(level)s AND r.unit = spans.unit
    AND r.start >= spans.since AND r.start < spans.until {pinned}
CROSS JOIN LATERAL unnest(r.alike, r.numbers, r.recontacts) AS one(alike, n, back)
JOIN metrics_alike AS alike ON alike.id = one.alike
GROUP BY 1, 2
UNION ALL SELECT NULL, NULL, NULL, NULL
WHERE NOT EXISTS (SELECT FROM metrics_cursor WHERE name = %(name)s AND value = %(version)s)"""


def units_for(what: str, dimension: str) -> tuple[str, ...]:
    """What days are covered by: nothing longer than what is asked for, or is kept."""
    if what in (rollups.CLOSED, rollups.CLOSED_ENDS):
        return rollups.DAYS
    return (WEEK, DAY) if dimension == WEEK else (MONTH, WEEK, DAY)


def sums(what: str, level: Level, chosen: Chosen, dimension: str) -> list[Sum] | None:
    """What was counted in the chosen days, whatever else was chosen but the parts of the level.

    None until every day has been counted.
    """
    spans = list(cover(chosen.since, chosen.until, units_for(what, dimension)))
    statement = _SUMS.format(
        slice=_slice(level, dimension),
        pinned="".join(f" AND r.{level.column(part)} = %({part})s" for part, _ in level.pinned),
    )
    values: dict[str, str | list[str] | list[date]] = {
        "what": what,
        "level": level.name,
        "units": [one.unit for one in spans],
        "since": [one.since or date.min for one in spans],
        "until": [one.until or date.max for one in spans],
        "name": rollups.NAME,
        "version": rollups.VERSION,
        **dict(level.pinned),
    }
    with copies.connection().cursor() as cursor:
        cursor.execute(statement, values)
        rows = cursor.fetchall()
    if any(key is None for _part, key, _n, _back in rows):
        return None
    return [_sum(dimension, *row) for row in rows]


def _sum(dimension: str, part: Any, key: str, n: int, recontacts: int) -> Sum:
    alike = _read(key)
    found = alike[_OF_ALIKE[dimension]] if dimension in _OF_ALIKE else part
    return Sum(found, alike, n, recontacts)


def _slice(level: Level, dimension: str) -> str:
    if dimension in UNITS:
        return f"date_trunc('{dimension}', r.start)::date"
    return f"r.{level.column(level.slice)}" if level.slice else "''::text"


@lru_cache(maxsize=50_000)
def _read(key: str) -> tuple[Any, ...]:
    return tuple(json.loads(key))


@dataclass(frozen=True, slots=True)
class Rolled:
    """What was counted of some days, by one dimension. Each row begins with its slice.

    Class and channel can be chosen, and the parts of the level: of enquiries alone more can.
    """

    level: Level
    chosen: Chosen
    dimension: str

    def said(self) -> Iterator[tuple[Any, Said, int]]:
        """The items of contacts that began in the days."""
        for row in self._sums(ITEMS, self.chosen):
            _klass, channel, avoidable, heads, left_out, _taken_by = row.alike
            yield row.slice, Said(channel, avoidable, heads, left_out), row.n

    def taken(self, costs_since: Iterable[date]) -> Iterator[tuple[Any, Taken, int]]:
        """Contacts by who took them; `day` is the first from which the same costs held."""
        for since, until in _pieces(self.chosen, costs_since):
            for row in self._sums(ITEMS, replace(self.chosen, since=since, until=until)):
                _klass, channel, _avoidable, heads, _left_out, taken_by = row.alike
                if heads:
                    yield row.slice, Taken(taken_by, channel, since or date.min), row.n

    def needs(self) -> Iterator[tuple[Any, int]]:
        """Needs that had their first outcome in the days."""
        for row in self._sums(NEEDS, self.chosen):
            yield row.slice, row.n

    def ages(self, today: date) -> Iterator[tuple[Any, str, int, int]]:
        """Open windows without a break: (slice, class, age in days, how many)."""
        for row in self._sums(AGES, self.chosen):
            klass, _channel, opened = row.alike
            yield row.slice, klass, max(0, (today - date.fromisoformat(opened)).days), row.n

    def breaks(self) -> Iterator[tuple[str, int | None, int]]:
        """Windows that closed in the days: (class, days from opening to the break, how many)."""
        for row in self._sums(BREAKS, self.chosen):
            klass, _channel, broke = row.alike
            yield klass, broke, row.n

    def _sums(self, what: str, chosen: Chosen) -> Iterator[Sum]:
        for row in sums(what, self.level, chosen, self.dimension) or ():
            klass, channel, *_ = row.alike
            if chosen.klass in ("", klass) and chosen.channel in ("", channel):
                yield row


def _pieces(
    chosen: Chosen, costs_since: Iterable[date]
) -> Iterator[tuple[date | None, date | None]]:
    since = chosen.since
    for day in sorted(set(costs_since)):
        if (since is None or day > since) and (chosen.until is None or day < chosen.until):
            yield since, day
            since = day
    yield since, chosen.until
