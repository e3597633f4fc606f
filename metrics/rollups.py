"""Facts counted by day, week and month, so that a figure of years reads some rows of each month.

The database itself writes down which days' facts changed (migrations 0007 and 0011), whoever
changed them. Those days are counted anew, whole, with their weeks and months in one transaction:
cut off at any instant and begun again, the rows are those that counting all facts gives.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db import connection, transaction
from django.utils import timezone

from metrics import rollups_cells
from metrics.models import Cursor
from metrics.rollups_cells import Summed
from metrics.spans import DAY, MONTH, WEEK, start_of

NAME = "rollups"
# Another number when what is counted, or how, is another: then all is counted anew.
VERSION = "3"
# Every day is to be counted anew, and until that is done nobody reads here.
_FILLING = f"filling {VERSION}"

WHOLE, BOTH = "whole", "organisation+service"
ENQUIRIES, ENDS, ITEMS, NEEDS, AGES = "enquiries", "ends", "items", "needs", "ages"
# Of decided enquiries, by the day on which their window closed.
CLOSED, CLOSED_ENDS, BREAKS = "closed", "closedends", "breaks"


# By which parts it is added up, as SQL: what they are called, and which one a row is of.
_OF_ALL_AND_EACH = "('whole', '', ''), ('organisation', '', organisation)"
_LEVELS = (
    f"{_OF_ALL_AND_EACH}, ('service', '', service), ('site', '', site), ('team', '', team),"
    " ('organisation+service', organisation, service)"
)


@dataclass(frozen=True, slots=True)
class _Counted:
    """What is counted: of which table, by which moment, and what figures tell apart, as SQL.

    Every list begins with class and channel.
    """

    table: str
    moment: str
    alike: str
    recontacts: str = "0"
    only: str = "true"
    levels: str = _LEVELS
    units: tuple[str, ...] = (DAY, WEEK, MONTH)


_DECIDED = "verdict IN ('success', 'failure')"
_ENDED = "klass, channel, self_service, verdict, reason, owner"
DAYS = (DAY,)
_SUMMED = {
    ENQUIRIES: Summed("started_at"),
    # What was decided lately is asked for: its days are enough.
    CLOSED: Summed("window_end", _DECIDED, units=DAYS),
}
_WHAT = {
    ENDS: _Counted(
        "metrics_enquiryfact", "started_at", _ENDED, only="verdict IN ('failure', 'excluded')"
    ),
    CLOSED_ENDS: _Counted(
        "metrics_enquiryfact", "window_end", _ENDED, only="verdict = 'failure'", units=DAYS
    ),
    BREAKS: _Counted(
        "metrics_enquiryfact",
        "window_end",
        "klass, channel, CASE WHEN broken_at IS NOT NULL THEN greatest(0,"
        " (broken_at AT TIME ZONE 'Europe/London')::date"
        " - (opened_at AT TIME ZONE 'Europe/London')::date) END",
        only=_DECIDED,
        levels=_OF_ALL_AND_EACH,
    ),
    ITEMS: _Counted(
        "metrics_itemfact", "at", "klass, channel, avoidable, heads, left_out, taken_by"
    ),
    NEEDS: _Counted(
        "metrics_enquiryfact",
        "need_settled_at",
        "klass, channel",
        only="reason NOT IN ('test', 'spam')",
    ),
    AGES: _Counted(
        "metrics_enquiryfact",
        "started_at",
        "klass, channel, (opened_at AT TIME ZONE 'Europe/London')::date",
        only="verdict = 'pending' AND NOT broken",
    ),
}

_OF_DAYS = """
counted AS MATERIALIZED (
    SELECT day AS start, organisation, service, site, team,
        jsonb_build_array({alike})::text AS said, count(*) AS n, sum({recontacts}) AS back
    FROM unnest(%(starts)s::date[]) AS days(day)
    JOIN {table} ON {moment} >= (day::timestamp AT TIME ZONE 'Europe/London')
        AND {moment} < ((day + 1)::timestamp AT TIME ZONE 'Europe/London')
    WHERE {only} GROUP BY 1, 2, 3, 4, 5, 6
)"""
_NAMED = """
WITH {counted}
INSERT INTO metrics_alike (key) SELECT DISTINCT said FROM counted
WHERE NOT EXISTS (SELECT FROM metrics_alike WHERE key = said) ON CONFLICT DO NOTHING"""
_DAYS = """
WITH {counted}, summed AS (
    SELECT start, level, within, part, a.id AS alike, sum(n) AS n, sum(back) AS back
    FROM counted JOIN metrics_alike AS a ON a.key = said
    CROSS JOIN LATERAL (VALUES {levels}) AS levels(level, within, part)
    GROUP BY 1, 2, 3, 4, 5
)"""
_LONGER = """
WITH summed AS (
    SELECT starts.start, level, within, part, one.alike, sum(one.n) AS n, sum(one.back) AS back
    FROM unnest(%(starts)s::date[]) AS starts(start)
    JOIN metrics_rollup AS r ON r.what = %(what)s AND r.unit = 'day'
        AND r.start >= starts.start AND r.start < starts.start + ('1 ' || %(unit)s)::interval
    CROSS JOIN LATERAL unnest(r.alike, r.numbers, r.recontacts) AS one(alike, n, back)
    GROUP BY 1, 2, 3, 4, 5
)"""
# What has not changed is left as it lies; parts that came to nothing go.
_KEPT = """, packed AS MATERIALIZED (
    SELECT start, level, within, part, array_agg(alike ORDER BY alike) AS alike,
        array_agg(n::integer ORDER BY alike) AS numbers,
        array_agg(back::integer ORDER BY alike) AS recontacts
    FROM summed GROUP BY 1, 2, 3, 4
), gone AS (
    DELETE FROM metrics_rollup AS r
    WHERE r.what = %(what)s AND r.unit = %(unit)s AND r.start = ANY(%(starts)s::date[])
        AND NOT EXISTS (SELECT FROM packed WHERE (packed.start, packed.level, packed.within,
            packed.part) = (r.start, r.level, r.within, r.part))
)
INSERT INTO metrics_rollup AS r
    (what, unit, start, level, within, part, alike, numbers, recontacts)
SELECT %(what)s, %(unit)s, start, level, within, part, alike, numbers, recontacts FROM packed
ON CONFLICT (what, level, within, part, unit, start) DO UPDATE
SET alike = excluded.alike, numbers = excluded.numbers, recontacts = excluded.recontacts
WHERE (r.alike, r.numbers, r.recontacts)
    IS DISTINCT FROM (excluded.alike, excluded.numbers, excluded.recontacts)"""

# All changed days of the month of the earliest: what is written down meanwhile stays.
_TAKEN = """
DELETE FROM metrics_changedday WHERE id IN (
    SELECT id FROM metrics_changedday
    WHERE day < (SELECT date_trunc('month', min(day)) + interval '1 month' FROM metrics_changedday)
) RETURNING day"""
# Tables that were empty a moment ago: a plan that goes by that takes each row one by one.
_LOOKED_AT = "ANALYZE metrics_rollup, metrics_rolledcell, metrics_rolledpart, metrics_alike"
_EVERY_DAY = """
INSERT INTO metrics_changedday (day)
SELECT generate_series(min(moment) AT TIME ZONE 'Europe/London',
    max(moment) AT TIME ZONE 'Europe/London' + interval '1 day', '1 day')::date
FROM (
    SELECT min(started_at), max(started_at) FROM metrics_enquiryfact
    UNION ALL SELECT min(need_settled_at), max(need_settled_at) FROM metrics_enquiryfact
    UNION ALL SELECT min(window_end), max(window_end) FROM metrics_enquiryfact
        WHERE verdict IN ('success', 'failure')
    UNION ALL SELECT min(at), max(at) FROM metrics_itemfact
) AS found(first, last) CROSS JOIN LATERAL (VALUES (first), (last)) AS moments(moment)"""


def keep() -> int:
    """Count every day anew whose facts have changed; how many days that were.

    A month at a time, each in a transaction of its own. Does nothing while another is at it.
    """
    done = 0
    while (days := _month(is_first=not done)) is not None:
        done += days
    return done


def _month(*, is_first: bool) -> int | None:
    """The changed days of one month; None where nothing is left, or somebody else is at it."""
    with transaction.atomic():
        Cursor.objects.get_or_create(name=NAME)
        cursor = Cursor.objects.select_for_update(skip_locked=True).filter(name=NAME).first()
        if cursor is None:
            return None
        if cursor.value not in (VERSION, _FILLING):
            _execute("DELETE FROM metrics_rollup")
            rollups_cells.forget()
            _execute(_EVERY_DAY)
            _reach(cursor, _FILLING)
        days = _taken()
        if days:
            count(days)
            if is_first and cursor.value == _FILLING:
                _execute(_LOOKED_AT)
            return len(days)
        if cursor.value != VERSION:
            _execute(_LOOKED_AT)
            _reach(cursor, VERSION)
        return None


def count(days: list[date]) -> None:
    """Count the facts of these days, and from its days each of their weeks and months."""
    weeks = sorted({start_of(day, WEEK) for day in days})
    months = sorted({start_of(day, MONTH) for day in days})
    for what, summed in _SUMMED.items():
        rollups_cells.count(what, summed, _LEVELS, {DAY: days, WEEK: weeks, MONTH: months})
    for what, of in _WHAT.items():
        counted = _OF_DAYS.format(
            table=of.table, moment=of.moment, alike=of.alike, recontacts=of.recontacts, only=of.only
        )
        _execute(_NAMED.format(counted=counted), starts=days)
        days_of = _DAYS.format(counted=counted, levels=of.levels)
        _execute(days_of + _KEPT, starts=days, what=what, unit=DAY)
        for unit, starts in ((WEEK, weeks), (MONTH, months)):
            if unit in of.units:
                _execute(_LONGER + _KEPT, starts=starts, what=what, unit=unit)


def are_kept() -> bool:
    """Whether every day was counted at least once: until then facts are counted themselves."""
    return Cursor.objects.filter(name=NAME, value=VERSION).exists()


def _taken() -> list[date]:
    with connection.cursor() as cursor:
        cursor.execute(_TAKEN)
        return sorted({row[0] for row in cursor.fetchall()})


def _reach(cursor: Cursor, value: str) -> None:
    cursor.value, cursor.moved_at = value, timezone.now()
    cursor.save(update_fields=["value", "moved_at"])


def _execute(statement: str, **values: str | list[date]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement, values or None)
