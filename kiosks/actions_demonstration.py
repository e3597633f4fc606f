"""Made-up devices with a made-up month, for a demonstration: they have no key, and alarm nobody."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from kiosks import queries_releases
from kiosks.hours import Hours, Reader, opening
from kiosks.models import DayCount, DropOut, Kiosk, Outage, Pulse

if TYPE_CHECKING:
    from accounts.models import Site

SOURCE = "server"
DAYS = 30
# What goes wrong at the devices, one after the other.
_HOW = ("well", "well", "paper", "keeps", "well", "locked", "gone", "clock")
_WHERE = ("By the entrance", "Left of the desk", "In the waiting room")
_LEFT = (
    ("missed-bin", "bins", 4), ("missed-bin", "where", 3), ("pothole", "where", 5),
    ("fly-tipping", "what", 3), ("council-tax-account", "tell", 2), ("", "about", 6),
    ("pothole", "check", 1),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class MadeUp:
    """One device, and how it is: well, paper, keeps, locked, gone, clock or waits."""

    site: Site
    name: str
    how: str


def planned(sites: Sequence[Site]) -> list[MadeUp]:
    """A device for each site, and one more that waits for its code."""
    found = [
        MadeUp(site, _WHERE[place % len(_WHERE)], _HOW[place % len(_HOW)])
        for place, site in enumerate(sites)
    ]
    return [*found, *(MadeUp(site, "Upstairs", "waits") for site in sites[:1])]


@transaction.atomic
def make(devices: Sequence[MadeUp], *, hours: Reader, now: datetime) -> int:
    """Makes them once; how many are new."""
    if Kiosk.objects.filter(is_demonstration=True).exists():
        return 0
    for number, one in enumerate(devices):
        _one(one, hours, random.Random(number), now)  # noqa: S311  # the same month each time
    return len(devices)


def _one(one: MadeUp, hours: Reader, dice: random.Random, now: datetime) -> None:
    waits = one.how == "waits"
    kiosk = Kiosk.objects.create(
        site=one.site,
        name=one.name,
        is_demonstration=True,
        created_at=now - timedelta(days=60),
        enrolled_at=None if waits else now - timedelta(days=60),
        code_expires_at=now - timedelta(days=1) if waits else None,
        locked_at=now - timedelta(hours=3) if one.how == "locked" else None,
        printer="80mm",
        paper=400,
        screen_mm=530,
    )
    if waits:
        return
    Pulse.objects.create(kiosk=kiosk, **_pulse(kiosk, one.how, dice, now))
    _month(kiosk, hours(opening(kiosk)), dice, now)
    if one.how == "gone":
        Outage.objects.create(kiosk=kiosk, began_at=now - timedelta(hours=2))


def _pulse(kiosk: Kiosk, how: str, dice: random.Random, now: datetime) -> dict[str, object]:
    keeps = how == "keeps"
    return {
        "at": now - timedelta(hours=2) if how == "gone" else now,
        "release": queries_releases.release_for(kiosk),
        "queued": 3 if keeps else 0,
        "oldest_at": now - timedelta(hours=2) if keeps else None,
        "numbers": 290,
        "touched_at": now - timedelta(minutes=dice.randrange(2, 90)),
        "printed": 371 if how == "paper" else dice.randrange(20, 250),
        "clock_off": -5400 if how == "clock" else dice.uniform(-2, 2),
    }


def _month(kiosk: Kiosk, hours: Hours, dice: random.Random, now: datetime) -> None:
    counts, left, gone = [], [], []
    for day in _days(now):
        spans = hours.spans(day)
        if not spans:
            continue
        starts = dice.randrange(6, 22)
        sent = round(starts * dice.uniform(0.45, 0.75))
        resets = dice.randrange(0, starts - sent + 1)
        said = {
            "starts": starts, "completions": sent, "resets": resets,
            "resets_with_data": resets // 3, "helps": dice.randrange(0, 3),
            "prints": round(sent * 0.6), "assisted": dice.randrange(0, 2),
        }  # fmt: skip
        counts += [
            DayCount(kiosk=kiosk, day=day, source=SOURCE, name=name, count=count)
            for name, count in said.items()
            if count
        ]
        service, question, weight = dice.choice(_LEFT)
        left.append(
            DropOut(
                kiosk=kiosk,
                day=day,
                source=SOURCE,
                service=service,
                question=question,
                count=weight,
            )
        )
        if dice.random() < 0.07 and spans[0][1] < now:
            began = spans[0][0] + timedelta(minutes=dice.randrange(10, 120))
            ended = began + timedelta(minutes=dice.randrange(3, 90))
            gone.append(Outage(kiosk=kiosk, began_at=began, ended_at=ended))
    DayCount.objects.bulk_create(counts)
    DropOut.objects.bulk_create(left)
    Outage.objects.bulk_create(gone)


def _days(now: datetime) -> Iterator[date]:
    today = timezone.localdate(now)
    return (today - timedelta(days=back) for back in range(1, DAYS))


def alive(*, now: datetime) -> None:
    """The made-up devices say that they are there, all but those that are not: nothing else does.

    What waits to come in stays as old as it was.
    """
    silent = Outage.objects.filter(ended_at=None).values("kiosk_id")
    pulses = Pulse.objects.filter(kiosk__is_demonstration=True, at__lt=now)
    pulses.exclude(kiosk__in=silent).update(at=now, oldest_at=F("oldest_at") + (now - F("at")))
