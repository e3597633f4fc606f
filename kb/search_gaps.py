"""What people searched for and did not find: for editors, by week (ADR 0016)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import connection

from kb.models import Entry
from kb.search_log import SEVERAL

# Of those who were shown something, so few went on: it was not what they meant.
LOW = 0.3
# With fewer searches than this a share says nothing.
ENOUGH = 5
MOST = 100


@dataclass(frozen=True, slots=True)
class Gap:
    """Some words in a week: how often, how that went, and what was shown."""

    words: str
    said: str
    searches: int
    nothing: int
    went_on: int
    settled: int
    again: int
    shown: tuple[tuple[str, str], ...]

    @property
    def found_nothing(self) -> bool:
        """Whether most who searched were shown nothing."""
        return self.nothing * 2 > self.searches


_WEEKS = """
SELECT week FROM kb_searchweek
UNION SELECT date_trunc('week', at AT TIME ZONE 'Europe/London')::date FROM kb_search
ORDER BY week DESC LIMIT 60"""

# What is folded already, and what is still to be.
_GAPS = """
WITH every AS (
    SELECT words, said, is_known, searches, nothing, went_on, settled, again,
        array_to_string(shown, ' ') AS shown
    FROM kb_searchweek WHERE week = %(week)s
    UNION ALL
    SELECT words, said, is_known, 1, (shown = '{}')::int, (chosen <> '')::int, is_settled::int,
        again::int, array_to_string(shown, ' ')
    FROM kb_search WHERE date_trunc('week', at AT TIME ZONE 'Europe/London')::date = %(week)s),
counted AS (
    SELECT words, max(said) AS said, bool_and(is_known) AS is_known, sum(searches) AS searches,
        sum(nothing) AS nothing, sum(went_on) AS went_on, sum(settled) AS settled,
        sum(again) AS again, max(shown) AS shown
    FROM every GROUP BY words)
SELECT words, said, searches, nothing, went_on, settled, again, shown FROM counted
WHERE (is_known OR searches >= %(several)s) AND (
    nothing > 0 OR (searches >= %(enough)s AND went_on < searches * %(low)s)
    OR (searches >= %(several)s AND again * 2 >= searches))
ORDER BY nothing * 2 > searches DESC, searches - went_on DESC, words LIMIT %(most)s"""


def weeks() -> Sequence[date]:
    """The Mondays of the weeks in which there were searches, newest first."""
    with connection.cursor() as cursor:
        cursor.execute(_WEEKS)
        return [row[0] for row in cursor.fetchall()]


def gaps(week: date) -> list[Gap]:
    """What was looked for in a week and not found, or not gone on with; the worst first."""
    with connection.cursor() as cursor:
        cursor.execute(
            _GAPS,
            {"week": week, "several": SEVERAL, "enough": ENOUGH, "low": LOW, "most": MOST},
        )
        rows = cursor.fetchall()
    titles = _titles({entry for row in rows for entry in row[7].split()})
    return [_gap(row, titles) for row in rows]


def _titles(entries: set[str]) -> dict[str, str]:
    slugs = {entry.partition("/")[2] for entry in entries}
    rows = Entry.objects.filter(slug__in=slugs).values_list("kind", "slug", "title")
    return {f"{kind}/{slug}": title for kind, slug, title in rows}


def _gap(row: tuple[Any, ...], titles: dict[str, str]) -> Gap:
    words, said, searches, nothing, went_on, settled, again, shown = row
    known = tuple((entry, titles[entry]) for entry in shown.split() if entry in titles)
    return Gap(
        words,
        said,
        searches=int(searches),
        nothing=int(nothing),
        went_on=int(went_on),
        settled=int(settled),
        again=int(again),
        shown=known,
    )
