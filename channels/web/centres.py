"""Where to meet us: centres and kiosks, when they are open, and what each offers."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

import accounts.queries
from accounts import areas, offers
from accounts.hours import DAYS
from core.errors import DomainError
from enquiries import clocks

if TYPE_CHECKING:
    from accounts.areas import PostcodeFound
    from accounts.models import Site

# People walk into these; the contact centre is a number to ring.
KINDS = ("service_centre", "centre", "kiosk")
# When a site will next be open is looked for so many days ahead.
AHEAD = 14
_EARTH_KM = 6371.0
_MILE_KM = 1.609344


@dataclass(frozen=True, slots=True)
class Centre:
    """A site as its page shows it. `miles` from the postcode, where one was given."""

    site: Site
    is_open: bool
    until: datetime | None
    next_opening: datetime | None
    offers: list[str]
    miles: float | None = None

    @property
    def is_kiosk(self) -> bool:
        """Whether nobody is there but the kiosk."""
        return self.site.kind == "kiosk"


@dataclass(frozen=True, slots=True)
class Day:
    """One day of the coming week. `holiday` says why it is closed though it would be open."""

    day: date
    spans: list[tuple[datetime, datetime]]
    holiday: str = ""


@require_safe
def every(request: HttpRequest) -> HttpResponse:
    """All centres and kiosks, the nearest first where a postcode is given."""
    now, typed = timezone.now(), request.GET.get("postcode", "").replace("\x00", "").strip()[:30]
    near, problem = _near(typed)
    found = [_centre(site, now, near) for site in _sites()]
    found.sort(key=lambda one: (one.miles is None, one.miles or 0.0, one.site.name))
    context = {
        "typed": typed,
        "near": near,
        "problem": problem,
        "errors": [{"text": problem, "href": "#postcode"}] if problem else [],
        "centres": [one for one in found if not one.is_kiosk],
        "kiosks": [one for one in found if one.is_kiosk],
    }
    return render(request, "web/centres.html", context)


@require_safe
def one(request: HttpRequest, slug: str) -> HttpResponse:
    """One centre: where, when, what it offers, and whether it is open now."""
    now = timezone.now()
    site = next((site for site in _sites() if site.slug == slug), None)
    if site is None:
        raise Http404
    context = {
        "centre": _centre(site, now, None),
        "week": _week(site, now),
        "crumbs": [
            {"text": _("Home"), "href": "/"},
            {"text": _("Centres"), "href": "/centres/"},
        ],
    }
    return render(request, "web/centre.html", context)


def _sites() -> list[Site]:
    return [
        site
        for site in accounts.queries.sites()
        if site.kind in KINDS and site.organisation.is_active
    ]


def _near(typed: str) -> tuple[PostcodeFound | None, str]:
    if not typed:
        return None, ""
    try:
        return areas.lookup(typed), ""
    except DomainError as error:
        return None, str(error.message)


def _centre(site: Site, now: datetime, near: PostcodeFound | None) -> Centre:
    calendar = clocks.Calendar.from_json(site.opening)
    today = clocks.london_date(now)
    spans = [
        span for ahead in range(AHEAD) for span in calendar.spans(today + timedelta(days=ahead))
    ]
    until = next((closes for opens, closes in spans if opens <= now < closes), None)
    return Centre(
        site=site,
        is_open=until is not None,
        until=until,
        next_opening=next((opens for opens, _closes in spans if opens > now), None),
        offers=offers.words(site.offers),
        miles=_miles(site, near),
    )


def _week(site: Site, now: datetime) -> list[Day]:
    """Today and the six days after it; bank holidays and closed days with their reasons."""
    calendar, today = clocks.Calendar.from_json(site.opening), clocks.london_date(now)
    known = dict(clocks.bank_holidays_ahead(today, 12))
    why = site.opening.get("why") or {}
    days = []
    for ahead in range(7):
        day = today + timedelta(days=ahead)
        spans = list(calendar.spans(day))
        usual = bool(site.opening.get(DAYS[day.weekday()]))
        reason = known.get(day) or str(why.get(day.isoformat(), ""))
        days.append(Day(day, spans, reason if usual and not spans else ""))
    return days


def _miles(site: Site, near: PostcodeFound | None) -> float | None:
    """How far it is as the crow flies."""
    if near is None or site.latitude is None or site.longitude is None:
        return None
    one, other = math.radians(near.latitude), math.radians(site.latitude)
    across = math.radians(site.longitude - near.longitude)
    half = (
        math.sin((other - one) / 2) ** 2
        + math.cos(one) * math.cos(other) * math.sin(across / 2) ** 2
    )
    return 2 * _EARTH_KM * math.asin(math.sqrt(half)) / _MILE_KM
