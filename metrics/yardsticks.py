"""What a set of enquiries is measured by that does not lie in it, counted from the facts."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date, datetime

from django.db.models import Count
from django.db.models.functions import TruncDate

from accounts.permissions import Viewer
from enquiries.clocks import LONDON, london_date
from metrics import mix, queries, value
from metrics.cutting import UNITS, Cutting
from metrics.figures import Cell
from metrics.mix import Breaks
from metrics.models import UnitCost
from metrics.one_stop import Kind
from metrics.queries import Chosen
from metrics.tallying import LIKENED, a_year_before

_DECIDED = (Kind.SUCCESS.value, Kind.FAILURE.value)


def mixes(how: Cutting) -> dict[str, Mapping[Cell, int]]:
    """E_mature of the twelve months before the chosen days, by part (R53); {} without a first day.

    Weeks and months are weighted with one mix, that of the whole.
    """
    since = how.chosen.since
    if since is None:
        return {}
    dimension = "" if how.dimension in UNITS else how.dimension
    before = replace(how, dimension=dimension)
    year = replace(before.plain, since=a_year_before(since), until=since)
    parts = queries.cells(how.viewer, year, dimension)
    return {before.key(part): mix.mix_of(cells) for part, cells in parts.items()}


def breaks(how: Cutting) -> Breaks:
    """What became of windows that closed on the 56 days before today, whatever was chosen (R53)."""
    found: dict[str, Counter[int | None]] = defaultdict(Counter)
    until = london_date(how.now)
    since = until - LIKENED
    everybody = replace(how, chosen=Chosen(), dimension="")
    kept = everybody.rolled(since, until)
    rows = kept.breaks() if kept is not None else _broken(how.viewer, since, until)
    for klass, days, n in rows:
        found[klass][days] += n
    return found


def _broken(viewer: Viewer, since: date, until: date) -> Iterator[tuple[str, int | None, int]]:
    rows = queries.seen_by(viewer).filter(
        verdict__in=_DECIDED,
        window_end__gte=queries.midnight(since),
        window_end__lt=queries.midnight(until),
    )
    days = rows.order_by().annotate(
        opened=TruncDate("opened_at", tzinfo=LONDON), broke=TruncDate("broken_at", tzinfo=LONDON)
    )
    names = ("klass", "opened", "broke")
    for klass, opened, broke, n in (
        days.values(*names).annotate(n=Count("pk")).values_list(*names, "n")
    ):
        yield klass, None if broke is None else max(0, (broke - opened).days), n


def costs(now: datetime) -> tuple[value.UnitCost, ...]:
    """What organisations had entered by a moment, for every channel and from every day."""
    rows = UnitCost.objects.filter(entered_at__lte=now).order_by("pk")
    return tuple(
        value.UnitCost(*row)
        for row in rows.values_list("organisation__slug", "channel", "since", "pounds")
    )
