"""What happened at devices in a time: visits, what was sent, and where people left."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from django.db.models import Sum
from django.utils import timezone

from kiosks.models import Command, CommandKind, DayCount, DropOut, Kiosk, Outage

NAMES = ("starts", "completions", "resets", "resets_with_data", "helps", "prints", "assisted")


@dataclass(frozen=True, slots=True)
class Figures:
    """What was counted, by name."""

    counts: Mapping[str, int] = field(default_factory=dict)

    def __getitem__(self, name: str) -> int:
        return self.counts.get(name, 0)

    @property
    def share(self) -> float | None:
        """Of the visits begun, how many ended with something sent; None of none."""
        starts = self["starts"]
        # One that goes over midnight is sent on the day after it began.
        return min(1.0, self["completions"] / starts) if starts else None


@dataclass(frozen=True, slots=True)
class Left:
    """Where people left: at which question of which service."""

    service: str
    question: str
    count: int


def counted(since: date, until: date, *, kiosk: Kiosk | None = None) -> dict[int, Figures]:
    """The counts of each device from one day to another, both included."""
    rows = DayCount.objects.filter(day__gte=since, day__lte=until).order_by()
    if kiosk is not None:
        rows = rows.filter(kiosk=kiosk)
    summed = rows.values("kiosk_id", "name").annotate(all=Sum("count"))
    found: dict[int, Counter[str]] = defaultdict(Counter)
    for pk, name, count in summed.values_list("kiosk_id", "name", "all"):
        found[pk][name] += count
    return {pk: Figures(dict(counts)) for pk, counts in found.items()}


def together(figures: Collection[Figures]) -> Figures:
    """Several as one."""
    found: Counter[str] = Counter()
    for one in figures:
        found.update(one.counts)
    return Figures(dict(found))


def left(since: date, until: date, *, among: Collection[Kiosk], limit: int = 10) -> list[Left]:
    """Where most people left these devices, the most first."""
    rows = DropOut.objects.filter(day__gte=since, day__lte=until, kiosk__in=among)
    summed = rows.order_by().values("service", "question").annotate(all=Sum("count"))
    summed = summed.order_by("-all", "service", "question")
    return [Left(*row) for row in summed.values_list("service", "question", "all")[:limit]]


def outages(kiosk: Kiosk, *, limit: int = 10) -> Sequence[Outage]:
    """The last times without a word, the newest first."""
    return list(Outage.objects.filter(kiosk=kiosk)[:limit])


def is_message_up(kiosk: Kiosk, *, now: datetime) -> bool:
    """Whether words of today may stand on its first screen, that were not taken away again."""
    rows = Command.objects.filter(kiosk=kiosk, kind=CommandKind.MESSAGE)
    last = rows.order_by("-made_at", "-pk").first()
    if last is None or not last.words:
        return False
    return timezone.localdate(last.made_at) == timezone.localdate(now)


def commands(kiosk: Kiosk, *, limit: int = 10) -> Sequence[Command]:
    """What it was told lately, the newest first, with who said so."""
    rows = Command.objects.filter(kiosk=kiosk).select_related("made_by")
    return list(rows.order_by("-made_at", "-pk")[:limit])
