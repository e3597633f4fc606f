"""How long devices were there of the time in which they should have been, day by day and by site.

A day that has ended stands as it was written down (`KioskDay`): later hours, and a later site,
change nothing of it. What was not written down, today before all, is worked out.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import BigIntegerField, CharField, F, Field, OuterRef, Q, Subquery, Sum
from django.db.models.functions import Coalesce
from django.utils import timezone

from kiosks.hours import Hours, Reader, opening
from kiosks.models import DayCount, DropOut, Kiosk, KioskDay, Outage
from kiosks.queries_figures import Figures, Left, counted

_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Uptime:
    """How long a device should have been there, and how long nothing was heard of it."""

    open_for: timedelta = timedelta()
    silent_for: timedelta = timedelta()
    outages: int = 0

    @property
    def share(self) -> float | None:
        """The part of its opening time in which it was there; None where it was never open."""
        if not self.open_for:
            return None
        return max(0.0, 1 - self.silent_for / self.open_for)

    def __add__(self, other: Uptime) -> Uptime:
        return Uptime(
            self.open_for + other.open_for,
            self.silent_for + other.silent_for,
            self.outages + other.outages,
        )


@dataclass(frozen=True, slots=True)
class Stay:
    """A device at one of the sites at which it stood, and what happened there."""

    site: str
    # Its last day there; None where it stands now.
    until: date | None = None
    uptime: Uptime = field(default_factory=Uptime)
    figures: Figures = field(default_factory=Figures)


def midnight(day: date) -> datetime:
    """The beginning of a day here."""
    return timezone.make_aware(datetime.combine(day, datetime.min.time()))


def days_of(kiosk: Kiosk, since: date, until: date) -> list[date]:
    """The days from one to another, both included, on which a device was set up."""
    if kiosk.enrolled_at is None:
        return []
    first = max(since, timezone.localdate(kiosk.enrolled_at))
    last = min(until, timezone.localdate(kiosk.revoked_at)) if kiosk.revoked_at else until
    return [first + number * _DAY for number in range((last - first).days + 1)]


def outages_since(pks: Collection[int], since: datetime) -> dict[int, list[Outage]]:
    """The times without a word that reach beyond a moment, of each device; one statement."""
    rows = Outage.objects.filter(kiosk__in=pks).filter(Q(ended_at=None) | Q(ended_at__gt=since))
    found: dict[int, list[Outage]] = defaultdict(list)
    for row in rows.order_by():
        found[row.kiosk_id].append(row)
    return found


def worked_out(
    kiosk: Kiosk, week: Hours, gone: Sequence[Outage], begins: datetime, ends: datetime
) -> Uptime:
    """How it was between two moments, by these hours; each outage counts where it began."""
    first = max(begins, kiosk.enrolled_at or ends)
    last = min(ends, kiosk.revoked_at or ends)
    silent = sum(
        (week.worked(max(first, one.began_at), min(last, one.ended_at or last)) for one in gone),
        timedelta(),
    )
    began = sum(begins <= one.began_at < ends for one in gone)
    return Uptime(week.worked(first, last), silent, began)


def written(since: date, until: date) -> Uptime:
    """All devices together on the days that have ended, from one to before another.

    As they were written down: today is not in it.
    """
    rows = KioskDay.objects.filter(day__gte=since, day__lt=until)
    found = rows.aggregate(Sum("open_seconds"), Sum("silent_seconds"), Sum("outages"))
    return Uptime(
        timedelta(seconds=found["open_seconds__sum"] or 0),
        timedelta(seconds=found["silent_seconds__sum"] or 0),
        found["outages__sum"] or 0,
    )


def uptimes(
    kiosks: Sequence[Kiosk], *, hours: Reader, since: date, now: datetime
) -> dict[int, Uptime]:
    """How long each was there from a day until now, wherever it stood. Few statements for all."""
    found = _by_site(kiosks, hours, since, now)
    return {
        pk: sum((one.uptime for one in sites.values()), Uptime()) for pk, sites in found.items()
    }


def stays(
    kiosks: Sequence[Kiosk], *, hours: Reader, since: date, now: datetime
) -> dict[int, list[Stay]]:
    """How each did from a day until now, at each site at which it stood: the present one first."""
    today = timezone.localdate(now)
    found = _by_site(kiosks, hours, since, now)
    counts = counted(since, today)
    moved = [pk for pk, sites in found.items() if len(sites) > 1]
    parted = _counted_at(moved, since, today) if moved else {}
    done = {}
    for pk, sites in found.items():
        told = [
            replace(one, figures=parted.get((pk, site), Figures()))
            if len(sites) > 1
            else replace(one, figures=counts.get(pk, Figures()))
            for site, one in sites.items()
        ]
        done[pk] = sorted(told, key=lambda one: one.until or date.max, reverse=True)
    return done


def _by_site(
    kiosks: Sequence[Kiosk], hours: Reader, since: date, now: datetime
) -> dict[int, dict[int, Stay]]:
    """By device and site: days as they were written down, and what has no row worked out."""
    today = timezone.localdate(now)
    found = {one.pk: {one.site_id: Stay(one.site.name)} for one in kiosks}
    written = defaultdict(set)
    rows = KioskDay.objects.filter(kiosk__in=found, day__gte=since, day__lt=today).order_by("day")
    for pk, day, site, name, awake, silent, outages in rows.values_list(
        "kiosk_id", "day", "site_id", "site__name", "open_seconds", "silent_seconds", "outages"
    ):
        written[pk].add(day)
        before = found[pk].get(site) or Stay(name)
        more = Uptime(timedelta(seconds=awake), timedelta(seconds=silent), outages)
        here = next(iter(found[pk])) == site
        found[pk][site] = Stay(name, None if here else day, before.uptime + more)
    gaps = {one.pk: list(_gaps(days_of(one, since, today), written[one.pk])) for one in kiosks}
    firsts = [spans[0][0] for spans in gaps.values() if spans]
    gone = outages_since(found, midnight(min(firsts))) if firsts else {}
    for one in kiosks:
        week, stay = hours(opening(one)), found[one.pk][one.site_id]
        for first, last in gaps[one.pk]:
            ends = min(now, midnight(last + _DAY))
            more = worked_out(one, week, gone.get(one.pk, ()), midnight(first), ends)
            stay = replace(stay, uptime=stay.uptime + more)
        found[one.pk][one.site_id] = stay
    return found


def _gaps(days: Sequence[date], written: Collection[date]) -> Iterator[tuple[date, date]]:
    """The first and the last of each run of days that nobody wrote down."""
    run: list[date] = []
    for day in days:
        if day not in written:
            run.append(day)
        elif run:
            yield run[0], run[-1]
            run = []
    if run:
        yield run[0], run[-1]


def _counted_at(
    pks: Collection[int], since: date, until: date
) -> Mapping[tuple[int, int], Figures]:
    """The counts of devices that were moved, by device and the site at which it stood that day."""
    rows = DayCount.objects.filter(day__gte=since, day__lte=until, kiosk__in=pks).order_by()
    rows = rows.annotate(at=_where("site", BigIntegerField()))
    found: dict[tuple[int, int], dict[str, int]] = defaultdict(dict)
    summed = rows.values("kiosk_id", "at", "name").annotate(all=Sum("count"))
    for pk, site, name, count in summed.values_list("kiosk_id", "at", "name", "all"):
        found[pk, site][name] = count
    return {key: Figures(counts) for key, counts in found.items()}


def left_each(since: date, until: date) -> dict[int, list[tuple[str, Left]]]:
    """Where people left each device, with the site at which it stood that day; the most first."""
    rows = DropOut.objects.filter(day__gte=since, day__lte=until).order_by()
    rows = rows.annotate(at=_where("site__name", CharField()))
    summed = rows.values("kiosk_id", "at", "service", "question").annotate(all=Sum("count"))
    found: dict[int, list[tuple[str, Left]]] = defaultdict(list)
    for pk, site, *row in summed.order_by("-all", "service", "question", "at").values_list(
        "kiosk_id", "at", "service", "question", "all"
    ):
        found[pk].append((site, Left(*row)))
    return found


def _where(name: str, kind: Field[Any, Any]) -> Coalesce:
    """The site of a row of a device and a day, or a column of it: where it stood, else stands."""
    there = KioskDay.objects.filter(kiosk=OuterRef("kiosk"), day=OuterRef("day"))
    return Coalesce(Subquery(there.values(name)[:1]), F(f"kiosk__{name}"), output_field=kind)
