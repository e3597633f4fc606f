"""What figures are made of, counted by the database from the facts.

The same counts as `metrics.tallying` makes of a list of verdicts: whole, or by part.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db.models import (
    Count,
    DateTimeField,
    DurationField,
    F,
    IntegerField,
    Q,
    QuerySet,
    Value,
)
from django.db.models.expressions import Combinable, ExpressionWrapper
from django.db.models.functions import Cast, Extract, Floor, Greatest, TruncDate

from core import copies
from enquiries.clocks import LONDON, london_date
from metrics import counting_contacts, queries
from metrics.cutting import UNITS, Cutting, between
from metrics.models import EnquiryFact
from metrics.one_stop import Kind
from metrics.sheets import Counts
from metrics.times import Standing

_NOBODYS = ("test", "spam")


def counts(how: Cutting) -> dict[str, Counts]:
    """The counts of each part; of the whole under ""."""
    parts: dict[str, Counts] = defaultdict(Counts)
    _enquiries(how, parts)
    _times(how, parts)
    _staged(how, parts)
    _open_work(how, parts)
    _ages(how, parts)
    _needs(how, parts)
    counting_contacts.add(how, parts)
    return dict(parts)


def _enquiries(how: Cutting, parts: dict[str, Counts]) -> None:
    for part, found in queries.sums(how.viewer, how.chosen, how.dimension).items():
        parts[how.key(part)].enquiries.update(found)


def _age(at: datetime) -> Combinable:
    """Whole minutes since a fact was received."""
    end = Value(at, output_field=DateTimeField())
    waited = ExpressionWrapper(end - F("received_at"), output_field=DurationField())
    return Greatest(Cast(Floor(Extract(waited, "epoch") / 60), IntegerField()), 0)


def _grouped(
    how: Cutting, rows: QuerySet[EnquiryFact], moment: str, *by: str, **more: Combinable
) -> Iterator[tuple[Any, ...]]:
    """(part, values …, how many) for each group of facts."""
    names = (*more, *by)
    found = rows.order_by().annotate(part=how.part(moment), **more).values("part", *names)
    for row in found.annotate(n=Count("pk")).values_list("part", *names, "n"):
        yield (how.key(row[0]), *row[1:])


# Each fact once: how long its milestones took, or how old it is where one is still waited for.
# Only what was opened again waits for another outcome.
_WAITED = """
SELECT part, step, reached IS NULL, CASE WHEN step <> 'ended' THEN greatest(
        floor(date_part('epoch', coalesce(reached, %s) - received_at) / 60)::integer, 0
    ) END AS minutes, count(*)
FROM ({facts}) AS fact
CROSS JOIN LATERAL (VALUES
    ('responded', responded_at, standing = 'open'),
    ('settled', settled_at, standing = 'open'),
    ('final', final_at, standing = 'open' AND settled_at IS NOT NULL),
    ('ended', NULL, settled_at IS NULL AND standing <> 'open')
) AS steps(step, reached, waits)
WHERE reached IS NOT NULL OR waits
GROUP BY 1, 2, 3, 4"""
_WAITS = {"responded": "unanswered", "settled": "unsettled", "final": "unfinal"}


def _times(how: Cutting, parts: dict[str, Counts]) -> None:
    rows = how.facts(since=how.chosen.since, until=how.chosen.until)
    rows = rows.exclude(verdict=Kind.EXCLUDED.value).exclude(received_at=None).order_by()
    moments = ("received_at", "responded_at", "settled_at", "final_at", "standing")
    chosen = rows.annotate(part=how.part("started_at")).values("part", *moments)
    try:
        facts, values = chosen.query.sql_with_params()
    except EmptyResultSet:  # who may not count
        return
    with copies.connection().cursor() as cursor:
        cursor.execute(_WAITED.format(facts=facts), [how.now, *values])
        for part, step, waits, minutes, n in cursor.fetchall():
            # A week or month is a London day here, without a zone.
            found = parts[how.key(part.date() if isinstance(part, datetime) else part)]
            if minutes is None:
                found.ended += n
            else:
                getattr(found, _WAITS[step] if waits else step)[minutes] += n


def _staged(how: Cutting, parts: dict[str, Counts]) -> None:
    """Of several contacts by nature: how many have an outcome."""
    staged = how.facts(since=how.chosen.since, until=how.chosen.until).filter(
        verdict=Kind.EXCLUDED.value, reason="staged", settled_at__isnull=False
    )
    for key, n in _grouped(how, staged, "started_at"):
        parts[key].staged_settled += n


def _open_work(how: Cutting, parts: dict[str, Counts]) -> None:
    """The backlog: all that is open, whenever it began."""
    chosen = how.chosen if how.dimension in UNITS else replace(how.chosen, since=None, until=None)
    rows = how.facts(since=chosen.since, until=chosen.until).filter(
        ~Q(verdict=Kind.EXCLUDED.value) | Q(reason="staged"), standing=Standing.OPEN.value
    )
    for key, value, n in _grouped(how, rows, "started_at", took=_age(how.now)):
        parts[key].backlog[value] += n


def _ages(how: Cutting, parts: dict[str, Counts]) -> None:
    """How old the windows are that may still break."""
    today = london_date(how.now)
    if (kept := how.rolled(how.chosen.since, how.chosen.until)) is not None:
        for part, klass, age, n in kept.ages(today):
            parts[how.key(part)].ages[(klass, age)] += n
        return
    pending = how.facts(since=how.chosen.since, until=how.chosen.until).filter(
        verdict=Kind.PENDING.value, broken=False
    )
    opened = TruncDate("opened_at", tzinfo=LONDON)
    for key, day, klass, n in _grouped(how, pending, "started_at", "klass", day=opened):
        parts[key].ages[(klass, max(0, (today - day).days))] += n


def _needs(how: Cutting, parts: dict[str, Counts]) -> None:
    if (kept := how.rolled(how.chosen.since, how.chosen.until)) is not None:
        for part, n in kept.needs():
            parts[how.key(part)].needs += n
        return
    rows = how.facts(since=None, until=None).filter(need_settled_at__isnull=False)
    rows = between(rows, "need_settled_at", how.chosen).exclude(reason__in=_NOBODYS)
    for key, n in _grouped(how, rows, "need_settled_at"):
        parts[key].needs += n
