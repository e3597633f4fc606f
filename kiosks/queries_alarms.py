"""What somebody must hear of besides silence: enquiries that wait too long or never came, paper."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from django.db.models import Count, F, Max, Q
from django.utils import timezone

from kiosks import states
from kiosks.models import Kiosk, Pulse, SetAside, Uncarried

if TYPE_CHECKING:
    from django.db.models import QuerySet

# What never came is told of as long as this, however often the job was away.
_LATELY = timedelta(days=7)
# What was set aside and nobody dealt with is told of after this.
_ASIDE = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Alarm:
    """One thing about one device. `key` is the same as long as it need not be said again."""

    key: str
    kiosk: Kiosk
    words: str


def alarms(*, now: datetime) -> list[Alarm]:
    """All that is so now, worst first; each with its device and site."""
    never, aside = _never_came(now), _aside(now)
    kiosks = {one.pk: one for one in _live().filter(pk__in=[row[0] for row in never + aside])}
    day = timezone.localdate(now)
    found = [
        Alarm(f"kiosk-never:{pk}:{last}", kiosks[pk], _never_words(number))
        for pk, number, last in never
        if pk in kiosks
    ]
    found += [
        Alarm(f"kiosk-aside:{pk}:{last}", kiosks[pk], _aside_words(number))
        for pk, number, last in aside
        if pk in kiosks
    ]
    found += [
        Alarm(f"kiosk-kept:{pulse.pk}:{day}", pulse.kiosk, _kept_words(pulse, now))
        for pulse in _pulses().filter(queued__gt=0, oldest_at__lt=now - states.ALARM_ENTRY)
    ]
    few = F("kiosk__paper") * (100 - states.PAPER_LOW_PERCENT)
    low = _pulses().filter(~Q(kiosk__printer=""), kiosk__paper__gt=0)
    return found + [
        Alarm(f"kiosk-paper:{pulse.pk}:{day}", pulse.kiosk, "its paper is nearly out")
        for pulse in low.annotate(few=few).filter(few__lt=F("printed") * 100)
    ]


def _live() -> QuerySet[Kiosk]:
    rows = Kiosk.objects.filter(is_demonstration=False, site__organisation__is_active=True)
    return rows.select_related("site__organisation")


def _pulses() -> QuerySet[Pulse]:
    rows = Pulse.objects.filter(kiosk__is_demonstration=False, kiosk__revoked_at=None)
    return rows.select_related("kiosk__site__organisation")


def _never_came(now: datetime) -> list[tuple[int, int, int]]:
    return _by_kiosk(Uncarried.objects.filter(told_at__gt=now - _LATELY))


def _aside(now: datetime) -> list[tuple[int, int, int]]:
    return _by_kiosk(SetAside.objects.filter(ended_at=None, came_at__lt=now - _ASIDE))


def _by_kiosk(rows: QuerySet[Any]) -> list[tuple[int, int, int]]:
    """Device, how many, the newest of them."""
    counted = rows.order_by().values("kiosk_id").annotate(number=Count("pk"), last=Max("pk"))
    return list(counted.values_list("kiosk_id", "number", "last"))


def _aside_words(number: int) -> str:
    what = (
        "an enquiry that it kept waits" if number == 1 else f"{number} enquiries that it kept wait"
    )
    return f"{what} to be opened for a week, under Set aside"


def _never_words(number: int) -> str:
    if number == 1:
        return "an enquiry that it kept for seven days was forgotten, and never reached us"
    return f"{number} enquiries that it kept for seven days were forgotten, and never reached us"


def _kept_words(pulse: Pulse, now: datetime) -> str:
    hours = (now - pulse.oldest_at) // timedelta(hours=1) if pulse.oldest_at else 24
    what = "an enquiry that has" if pulse.queued == 1 else f"{pulse.queued} enquiries that have"
    return f"keeps {what} not reached us, the oldest for {hours} hours"
