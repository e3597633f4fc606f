"""Compares figures with their bands once a day, and tells who entered them: once, and when back."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Q

import accounts.queries
import notifications.actions
from accounts.permissions import Permission, Viewer
from enquiries.clocks import london_date
from metrics import bands, queries_sheets
from metrics.bands import News
from metrics.models import Band
from metrics.queries import Chosen

_PAGE = "/desk/performance/"


def watch(now: datetime) -> int:
    """Compares every band that was not compared today; how many. May be killed and run again."""
    today = london_date(now)
    due = Band.objects.filter(Q(compared_on=None) | Q(compared_on__lt=today))
    keys = list(due.order_by("pk").values_list("pk", flat=True))
    return sum(_compare(pk, today, now) for pk in keys)


@transaction.atomic
def _compare(pk: int, today: date, now: datetime) -> bool:
    rows = Band.objects.select_for_update(skip_locked=True, of=("self",))
    band = rows.select_related("organisation", "tells").filter(pk=pk).first()
    if band is None or band.compared_on == today:
        return False
    band.compared_on = today
    viewer = accounts.queries.viewer_by_id(band.tells_id)
    if viewer is not None and viewer.may(Permission.SEE_PERFORMANCE):
        _look(band, viewer, today, now)
    band.save(update_fields=["compared_on", "outside_since"])
    return True


def _look(band: Band, viewer: Viewer, today: date, now: datetime) -> None:
    """Counts the last days; of too few to tell nothing is news."""
    chosen = _chosen(band, today)
    found = bands.value(band.figure, queries_sheets.whole(viewer, chosen, now=now))
    if found is None:
        return
    outside = bands.is_outside(found, band.low, band.high)
    told = bands.news(was_outside=band.outside_since is not None, outside=outside)
    if told is None:
        return
    since = band.outside_since or today
    band.outside_since = today if outside else None
    address = f"?decided_from={chosen.closed_since}" if chosen.closed_since else ""
    notifications.actions.send(
        key=f"figure_{told}:{band.pk}:{band.entered_at.timestamp():.0f}:{since}"[:120],
        event="figure_left" if told is News.LEFT else "figure_back",
        medium="email",
        to=band.tells.email,
        context={
            "figure": bands.FIGURES[band.figure].name,
            "organisation": band.organisation.name if band.organisation else "the partnership",
            "value": bands.said(band.figure, found),
            "band": bands.said_band(band.figure, band.low, band.high),
            "desk_url": f"{settings.HUB_BASE_URL}{_PAGE}{address}",
        },
        about="",
        now=now,
    )


def _chosen(band: Band, today: date) -> Chosen:
    first = today - timedelta(days=bands.DAYS)
    chosen = Chosen(organisation=band.organisation.slug if band.organisation else "")
    if bands.FIGURES[band.figure].decided:
        return replace(chosen, closed_since=first)
    return replace(chosen, since=first)
