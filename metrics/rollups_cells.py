"""Sums of enquiries by day, week and month (`metrics.sums`): how the database adds them up.

For each part and each class, channel and way of being served a row of fourteen sums. What has not
changed is left as it lies; what came to nothing goes.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db import connection

from metrics.spans import DAY, MONTH, WEEK
from metrics.sums import Tally

# How a row says which unit it is of: in two bytes, for there are millions.
UNITS = {DAY: 0, WEEK: 1, MONTH: 2}

_DECIDED = "verdict IN ('success', 'failure')"
_LET_IN = "verdict <> 'excluded'"
# In the order of `Tally`.
_SUMMED = {
    "mature": f"count(*) FILTER (WHERE {_DECIDED})",
    "linkable": f"count(*) FILTER (WHERE {_DECIDED} AND linkable)",
    "linkable_success": "count(*) FILTER (WHERE verdict = 'success' AND linkable)",
    "recontacted": f"count(*) FILTER (WHERE {_DECIDED} AND linkable AND recontacted)",
    "anonymous_success": "count(*) FILTER (WHERE verdict = 'success' AND NOT linkable)",
    "pending": "count(*) FILTER (WHERE verdict = 'pending')",
    "unbroken": "count(*) FILTER (WHERE verdict = 'pending' AND NOT broken)",
    "left_out": "count(*) FILTER (WHERE verdict = 'excluded')",
    "capped": f"count(*) FILTER (WHERE {_DECIDED} AND capped)",
    "recontacts": f"coalesce(sum(recontacts) FILTER (WHERE {_DECIDED}), 0)",
    "fcc": f"count(*) FILTER (WHERE {_LET_IN} AND fcc)",
    "fcc_of": f"count(*) FILTER (WHERE {_LET_IN} AND fcc IS NOT NULL)",
    "rftr": f"count(*) FILTER (WHERE {_LET_IN} AND rftr)",
    "rftr_of": f"count(*) FILTER (WHERE {_LET_IN} AND rftr IS NOT NULL)",
}
NAMES = ", ".join(Tally._fields)
_ADDED = ", ".join(f"sum({name})::integer AS {name}" for name in Tally._fields)


@dataclass(frozen=True, slots=True)
class Summed:
    """By the days of which moment enquiries are added up, which of them, and in which units."""

    moment: str
    only: str = "true"
    units: tuple[str, ...] = (DAY, WEEK, MONTH)


# No value from outside is in any of these.
_FROM_FACTS = f"""
WITH counted AS MATERIALIZED (
    SELECT day AS start, organisation, service, site, team,
        jsonb_build_array(klass, channel, self_service)::text AS said,
        {", ".join(f"{_SUMMED[name]} AS {name}" for name in Tally._fields)}
    FROM unnest(%(starts)s::date[]) AS days(day)
    JOIN metrics_enquiryfact ON {{moment}} >= (day::timestamp AT TIME ZONE 'Europe/London')
        AND {{moment}} < ((day + 1)::timestamp AT TIME ZONE 'Europe/London')
    WHERE {{only}} GROUP BY 1, 2, 3, 4, 5, 6
), levelled AS MATERIALIZED (
    SELECT start, level, within, part, said, {_ADDED}
    FROM counted CROSS JOIN LATERAL (VALUES {{levels}}) AS levels(level, within, part)
    GROUP BY 1, 2, 3, 4, 5
), new_parts AS (
    INSERT INTO metrics_rolledpart (what, level, within, part)
    SELECT DISTINCT %(what)s, level, within, part FROM levelled
    WHERE (level, within, part) NOT IN (
        SELECT level, within, part FROM metrics_rolledpart WHERE what = %(what)s)
    RETURNING id, level, within, part
), new_alike AS (
    INSERT INTO metrics_alike (key) SELECT DISTINCT said FROM levelled
    WHERE said NOT IN (SELECT key FROM metrics_alike) RETURNING id, key
), parts AS (
    SELECT id, level, within, part FROM metrics_rolledpart WHERE what = %(what)s
    UNION ALL SELECT id, level, within, part FROM new_parts
), kinds AS (
    SELECT id, key FROM metrics_alike UNION ALL SELECT id, key FROM new_alike
), summed AS MATERIALIZED (
    SELECT parts.id::integer AS part_id, start, kinds.id::integer AS alike_id, {NAMES}
    FROM levelled JOIN parts USING (level, within, part) JOIN kinds ON kinds.key = said
)"""  # noqa: S608
_FROM_DAYS = f"""
WITH summed AS MATERIALIZED (
    SELECT part_id, starts.start, alike_id, {_ADDED}
    FROM unnest(%(starts)s::date[]) AS starts(start)
    CROSS JOIN LATERAL (
        SELECT * FROM metrics_rolledcell AS cell WHERE cell.unit = 0
            AND cell.start >= starts.start
            AND cell.start < starts.start + ('1 ' || %(of)s)::interval OFFSET 0
    ) AS cell
    WHERE part_id IN (SELECT id FROM metrics_rolledpart WHERE what = %(what)s)
    GROUP BY 1, 2, 3
)"""  # noqa: S608
_KEPT = f""", gone AS (
    DELETE FROM metrics_rolledcell AS cell
    WHERE cell.unit = %(unit)s AND cell.start = ANY(%(starts)s::date[])
        AND cell.part_id IN (SELECT id FROM metrics_rolledpart WHERE what = %(what)s)
        AND (cell.part_id, cell.start, cell.alike_id)
            NOT IN (SELECT part_id, start, alike_id FROM summed)
)
INSERT INTO metrics_rolledcell AS cell (part_id, unit, start, alike_id, {NAMES})
SELECT part_id, %(unit)s, start, alike_id, {NAMES} FROM summed
ON CONFLICT (part_id, unit, start, alike_id) DO UPDATE
SET {", ".join(f"{name} = excluded.{name}" for name in Tally._fields)}
WHERE ({", ".join(f"cell.{name}" for name in Tally._fields)})
    IS DISTINCT FROM ({", ".join(f"excluded.{name}" for name in Tally._fields)})"""  # noqa: S608


def count(what: str, of: Summed, levels: str, starts: dict[str, list[date]]) -> None:
    """Add up the facts of days, and their weeks and months from the days; `starts` by unit."""
    for unit in of.units:
        before = _FROM_FACTS if unit == DAY else _FROM_DAYS
        statement = before.format(moment=of.moment, only=of.only, levels=levels) + _KEPT
        values: dict[str, str | int | list[date]] = {
            "what": what,
            "unit": UNITS[unit],
            "of": unit,
            "starts": starts[unit],
        }
        with connection.cursor() as cursor:
            cursor.execute(statement, values)


def forget() -> None:
    """All sums, because they are to be added up anew."""
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM metrics_rolledcell")
        cursor.execute("DELETE FROM metrics_rolledpart")
