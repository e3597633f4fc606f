"""Writes down days that have ended, as they were: later hours and a later site do not change them.

It can be cut off and done again: a day of a device is written once, by its constraint.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.db.models import DateField, F, OuterRef, Q, Subquery, Value
from django.db.models.functions import Least, TruncDate
from django.utils import timezone

from kiosks.hours import Hours, Reader, opening
from kiosks.models import Kiosk, KioskDay, Outage
from kiosks.queries_days import days_of, midnight, outages_since, worked_out

if TYPE_CHECKING:
    from datetime import date

# So far back a day is still written down; and so many devices in one go.
BACK = 30
MOST = 100
_DAY = timedelta(days=1)


def write(*, hours: Reader, now: datetime) -> None:
    """Writes down what ended and is not written yet; on most looks that is one statement."""
    today = timezone.localdate(now)
    since = today - BACK * _DAY
    kiosks = _behind(since, today)
    if not kiosks:
        return
    gone = outages_since([one.pk for one, _first in kiosks], midnight(since))
    # All in one statement: what is there of a device has no gap.
    KioskDay.objects.bulk_create(
        [
            _row(one, week, gone.get(one.pk, ()), day)
            for one, first, week in ((one, first, hours(opening(one))) for one, first in kiosks)
            for day in days_of(one, first, today - _DAY)
        ],
        ignore_conflicts=True,
    )


def _behind(since: date, today: date) -> list[tuple[Kiosk, date]]:
    """Devices whose last day that ended, yesterday or that of their end, is not written down; and
    from which day on nothing is."""
    rows = Kiosk.objects.filter(enrolled_at__lt=midnight(today))
    rows = rows.filter(Q(revoked_at=None) | Q(revoked_at__gte=midnight(since)))
    yesterday = Value(today - _DAY, DateField())
    rows = rows.annotate(last=Least(yesterday, TruncDate("revoked_at")))
    known = KioskDay.objects.filter(kiosk=OuterRef("pk")).order_by("-day")
    rows = rows.annotate(newest=Subquery(known.values("day")[:1]))
    rows = rows.filter(Q(newest=None) | Q(newest__lt=F("last")))
    rows = rows.select_related("site__organisation").order_by("pk")
    return [(one, max(since, one.newest + _DAY) if one.newest else since) for one in rows[:MOST]]


def _row(kiosk: Kiosk, week: Hours, gone: Sequence[Outage], day: date) -> KioskDay:
    found = worked_out(kiosk, week, gone, midnight(day), midnight(day + _DAY))
    awake = round(found.open_for.total_seconds())
    # What is missing of a second is not said to have been heard.
    silent = min(awake, math.ceil(found.silent_for.total_seconds()))
    return KioskDay(
        kiosk=kiosk,
        day=day,
        site=kiosk.site,
        open_seconds=awake,
        silent_seconds=silent,
        outages=found.outages,
    )


def late(found: Sequence[Outage], *, hours: Reader, now: datetime) -> None:
    """Adds outages that were found on a later day than they began on to what was written down.

    One that falls silent just before its place closes is known for it when the place opens again.
    """
    begins = midnight(timezone.localdate(now))
    kiosks = {one.kiosk_id: one.kiosk for one in found if one.began_at < begins}
    if not kiosks:
        return
    since = min(one.began_at for one in found)
    gone = outages_since(kiosks, midnight(timezone.localdate(since)))
    rows = list(KioskDay.objects.filter(kiosk__in=kiosks, day__gte=timezone.localdate(since)))
    for row in rows:
        kiosk = kiosks[row.kiosk_id]
        worked = _row(kiosk, hours(opening(kiosk)), gone.get(row.kiosk_id, ()), row.day)
        row.silent_seconds = min(row.open_seconds, worked.silent_seconds)
        row.outages = worked.outages
    KioskDay.objects.bulk_update(rows, ["silent_seconds", "outages"])
