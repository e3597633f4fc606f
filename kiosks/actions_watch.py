"""Who fell silent and who came back: rows for the times without a word, within opening hours.

Everything here can be cut off and done again: a row is there once, and says itself what was told.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.db import transaction

from core import heartbeats
from kiosks import actions_days, states
from kiosks.hours import Reader, first_open, is_open, opening
from kiosks.models import Kiosk, Outage, Pulse
from kiosks.queries_fleet import pulse_of, silent

if TYPE_CHECKING:
    from django.db.models import QuerySet

WATCH = "kiosks.watch"
# A run that comes later than this after the one before found the hub away in between.
_GAP = timedelta(seconds=90)
# So long all devices have time to be heard again, before one is called silent.
_SETTLE = timedelta(minutes=2)
# One that comes and goes is told of once an hour, unless it stays away.
_QUIET, _STAYS_AWAY = timedelta(hours=1), timedelta(minutes=15)
# That somebody is back is said within this, or not any more.
_NEWS = timedelta(minutes=5)
# Where many fall silent one after the other, the next are told of together.
_SEVERAL = 3
_MANY, _TOGETHER = 5, timedelta(minutes=10)


def ready(*, now: datetime) -> datetime | None:
    """Since when the hub has been able to hear devices; None while it has only just come back."""
    age, detail = heartbeats.age(WATCH, now=now), heartbeats.detail(WATCH)
    since = now
    if age is not None and age <= _GAP.total_seconds() and "since" in detail:
        since = datetime.fromisoformat(str(detail["since"]))
    heartbeats.beat(WATCH, at=now, detail={"since": since.isoformat()})
    return since if now - since >= _SETTLE else None


def watch(*, hours: Reader, since: datetime, now: datetime) -> None:
    """Opens a row for each device that is silent, and closes those of who was heard again.

    `since` is when the hub came back: nobody was silent before it listened.
    """
    open_rows = dict(Outage.objects.filter(ended_at=None).order_by().values_list("kiosk_id", "pk"))
    fresh, heard = [], []
    for kiosk in _watched().select_related("site__organisation", "pulse"):
        pulse, week = pulse_of(kiosk), hours(opening(kiosk))
        last = pulse.at if pulse is not None else kiosk.enrolled_at
        if last is None:
            continue
        if silent(last, week, now).total_seconds() < states.GONE_SECONDS:
            heard.append(kiosk.pk)
        elif kiosk.pk not in open_rows and is_open(week, now):
            began = first_open(week, max(last, min(since, now)), now)
            fresh.append(Outage(kiosk=kiosk, began_at=began))
    # What was found, and that a day that was written down lacks it.
    with transaction.atomic(savepoint=False):
        # Two runs at once: one row each, by its constraint.
        Outage.objects.bulk_create(fresh, ignore_conflicts=True)
        actions_days.late(fresh, hours=hours, now=now)
    _close([open_rows[pk] for pk in heard if pk in open_rows], now)
    # What is no longer watched is not silent either.
    given_up = Outage.objects.filter(ended_at=None, kiosk__is_demonstration=False)
    given_up.exclude(kiosk__in=_watched()).update(ended_at=now, told_at=None)


def _watched() -> QuerySet[Kiosk]:
    return Kiosk.objects.filter(
        revoked_at=None,
        is_demonstration=False,
        enrolled_at__isnull=False,
        site__organisation__is_active=True,
    )


def _close(rows: Sequence[int], now: datetime) -> None:
    """They were heard again: at the moment of their word, or now at the latest."""
    if not rows:
        return
    heard = Pulse.objects.filter(kiosk__in=Outage.objects.filter(pk__in=rows).values("kiosk_id"))
    at = dict(heard.order_by().values_list("kiosk_id", "at"))
    changed = list(Outage.objects.filter(pk__in=rows, ended_at=None))
    for row in changed:
        row.ended_at = max(row.began_at, min(now, at.get(row.kiosk_id, now)))
    Outage.objects.bulk_update(changed, ["ended_at"])


def to_tell(*, hours: Reader, now: datetime) -> list[Outage]:
    """Who fell silent and was not told of, where now is the time to tell; with device and site.

    While a place is closed nobody stands there: it is told of, and counts, in opening hours.
    """
    lately = Outage.objects.filter(told_at__gt=now - _TOGETHER).count()
    if lately > _MANY:
        return []
    rows = Outage.objects.filter(ended_at=None, told_at=None, kiosk__is_demonstration=False)
    waiting = list(rows.select_related("kiosk__site__organisation").order_by("began_at", "pk"))
    again = set(
        Outage.objects.filter(
            kiosk__in=[row.kiosk_id for row in waiting], told_at__gt=now - _QUIET
        ).values_list("kiosk_id", flat=True)
    )
    found = []
    for row in waiting:
        week = hours(opening(row.kiosk))
        is_long = week.worked(row.began_at, now) >= _STAYS_AWAY
        if is_open(week, now) and (row.kiosk_id not in again or is_long):
            found.append(row)
    return found


def told(outages: Sequence[Outage], *, now: datetime) -> None:
    """Writes down that somebody was told."""
    Outage.objects.filter(pk__in=[row.pk for row in outages]).update(told_at=now)


def back(*, now: datetime) -> list[Outage]:
    """Who was told of as silent and was heard again just now; with device and site."""
    rows = Outage.objects.filter(told_at__isnull=False, ended_at__gt=now - _NEWS)
    return list(rows.select_related("kiosk__site__organisation").order_by("ended_at", "pk"))


def nobody_is_heard(*, now: datetime) -> bool:
    """Whether not one of several devices is heard: then it is perhaps not they."""
    alive = Pulse.objects.filter(at__gt=now - timedelta(seconds=states.GONE_SECONDS))
    return not alive.filter(kiosk__in=_watched()).exists() and _watched().count() >= _SEVERAL
