"""What a set of enquiries is measured by that does not lie in it, counted from the facts."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta

from django.db.models import Count
from django.db.models.functions import TruncDate

from accounts.permissions import Viewer
from enquiries.clocks import LONDON, london_date
from metrics import mix, queries, value
from metrics.cutting import UNITS, Cutting
from metrics.figures import Cell, Counted
from metrics.mix import Breaks
from metrics.models import UnitCost
from metrics.one_stop import Kind
from metrics.queries import Chosen
from metrics.tallying import LIKENED, a_year_before

_DECIDED = (Kind.SUCCESS.value, Kind.FAILURE.value)
_DAY = timedelta(days=1)


def mixes(how: Cutting) -> dict[str, Mapping[Cell, int]]:
    """E_mature of the twelve months before the chosen days, by part (R53); {} without a first day.

    Weeks and months are weighted with one mix, that of the whole.
    """
    since = how.chosen.since
    if since is None:
        return {}
    dimension = "" if how.dimension in UNITS else how.dimension
    before = replace(how, dimension=dimension)
    year = replace(before.plain, since=a_year_before(since), until=since, verdict=queries.DECIDED)
    parts: dict[str, list[Counted]] = defaultdict(list)
    for part, row in queries.counted_by(how.viewer, year, dimension):
        parts[before.key(part)].append(row)
    return {key: mix.mix_of(counted) for key, counted in parts.items()}


def breaks(how: Cutting) -> Breaks:
    """What became of windows that closed in the last eight weeks, whatever was chosen (R53)."""
    found: dict[str, Counter[int | None]] = defaultdict(Counter)
    since, until = how.now - LIKENED, how.now
    first, last = london_date(since) + _DAY, london_date(until)
    everybody = replace(how, chosen=Chosen(), dimension="")
    if (kept := everybody.rolled(first, last)) is None:
        _broken(how.viewer, since, until, found)
        return found
    for klass, days, n in kept.breaks():
        found[klass][days] += n
    # Of the first day and of today, a part.
    _broken(how.viewer, since, queries.midnight(first), found)
    _broken(how.viewer, queries.midnight(last), until, found)
    return found


def _broken(
    viewer: Viewer, since: datetime, until: datetime, found: Mapping[str, Counter[int | None]]
) -> None:
    rows = queries.seen_by(viewer).filter(
        verdict__in=_DECIDED, window_end__gte=since, window_end__lt=until
    )
    days = rows.order_by().annotate(
        opened=TruncDate("opened_at", tzinfo=LONDON), broke=TruncDate("broken_at", tzinfo=LONDON)
    )
    names = ("klass", "opened", "broke")
    for klass, opened, broke, n in (
        days.values(*names).annotate(n=Count("pk")).values_list(*names, "n")
    ):
        found[klass][None if broke is None else max(0, (broke - opened).days)] += n


def costs(now: datetime) -> tuple[value.UnitCost, ...]:
    """What organisations had entered by a moment, for every channel and from every day."""
    rows = UnitCost.objects.filter(entered_at__lte=now).order_by("pk")
    return tuple(
        value.UnitCost(*row)
        for row in rows.values_list("organisation__slug", "channel", "since", "pounds")
    )
