"""The beginning, the end, and what else a person who stands here may want."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone

import accounts.queries
import kiosks.actions_counts
from accounts import weeks
from channels.asking import limits, lookups, survey
from channels.kiosk import leaving, modes, visit
from channels.kiosk.devices import at_kiosk
from enquiries.queries import surveys

if TYPE_CHECKING:
    from accounts.models import Site
    from kiosks.models import Kiosk


@at_kiosk
def home(request: HttpRequest, kiosk: Kiosk) -> HttpResponse:
    """Touch to begin. Whoever comes to this page has left no trace."""
    if leaving.end(request, kiosk):
        return leaving.cleared(redirect("kiosk:home"))
    return render(
        request,
        "kiosk/home.html",
        {
            "site_name": kiosk.site.name,
            "tongues": _tongues(kiosk),
            "opening": weeks.week(kiosk.opening or kiosk.site.opening),
            "now": int(timezone.now().timestamp() * 1000),
            **modes.context({}, kiosk.screen_mm),
        },
    )


def _tongues(kiosk: Kiosk) -> list[tuple[str, str]]:
    """The languages that are offered here, each with its own name; all where none was said."""
    offered = [one for one in settings.LANGUAGES if one[0] in kiosk.languages]
    return offered or list(settings.LANGUAGES)


@at_kiosk
def start(request: HttpRequest, kiosk: Kiosk) -> HttpResponse:
    """A fresh visit, in the language that was touched.

    With `more`, the same person begins something else, in their language and as easy to use.
    """
    before = dict(request.session.items()) if "more" in request.GET else {}
    leaving.end(request, kiosk)
    language = request.GET.get("language", str(before.get(visit.LANGUAGE, "")))
    visit.begin(request, language if language in dict(_tongues(kiosk)) else "")
    modes.taken_along(before, request.session)
    kiosks.actions_counts.count(kiosk, "starts", now=timezone.now())
    return redirect("kiosk:easier" if "easier" in request.GET else "kiosk:menu")


@at_kiosk
def again(request: HttpRequest, kiosk: Kiosk) -> HttpResponse:
    """Forgets this visit, for whoever comes next. `why` is idle or finish, where it is known."""
    why, is_typed = request.GET.get("why", ""), "typed" in request.GET
    leaving.end(request, kiosk, why=why, is_typed=is_typed)
    visit.forget(request)
    return leaving.cleared(redirect("kiosk:home"))


@at_kiosk
def menu(request: HttpRequest, kiosk: Kiosk) -> HttpResponse:
    """What somebody can do here."""
    if visit.current(request) is None:
        return redirect("kiosk:home")
    return visit.page(request, kiosk, "kiosk/menu.html")


@at_kiosk
def track(request: HttpRequest, kiosk: Kiosk) -> HttpResponse:
    """How is it going: by reference and postcode."""
    if visit.current(request) is None:
        return redirect("kiosk:home")
    try:
        form, found = lookups.enquiry(request, kiosk)
    except limits.TooMany as error:
        return error.page()
    if found is not None:
        return visit.page(
            request,
            kiosk,
            "kiosk/tracked.html",
            tracked=found,
            sitting=surveys.sitting_of(found.reference, found.reopened),
            back=reverse("kiosk:track"),
        )
    return visit.page(
        request, kiosk, "kiosk/track.html", typing=True, form=form, back=reverse("kiosk:menu")
    )


@at_kiosk
def people(request: HttpRequest, kiosk: Kiosk) -> HttpResponse:
    """Where to find somebody to talk to."""
    if visit.current(request) is None:
        return redirect("kiosk:home")
    centres = sorted(
        accounts.queries.sites("service_centre"), key=lambda centre: _away(kiosk.site, centre)
    )
    return visit.page(
        request, kiosk, "kiosk/people.html", centres=centres[:2], back=reverse("kiosk:menu")
    )


def _away(here: Site, there: Site) -> float:
    """How far, good enough to sort by; a place without a position comes last."""
    if None in (here.latitude, here.longitude, there.latitude, there.longitude):
        return math.inf
    north = (there.latitude or 0) - (here.latitude or 0)
    # A degree of longitude is shorter than one of latitude by this much at 52° north.
    east = ((there.longitude or 0) - (here.longitude or 0)) * 0.61
    return math.hypot(north, east)


@at_kiosk
def said(request: HttpRequest, kiosk: Kiosk, token: str) -> HttpResponse:
    """Whether somebody got what they needed: one touch, and a page that thanks them."""
    found = survey.asked_by(token)
    if found is None:
        raise Http404
    asked, question = found
    if request.method == "POST":
        try:
            limits.check(request, "feedback", kiosk)
        except limits.TooMany as error:
            return error.page()
        survey.take(asked, answer=request.POST.get("answer", ""), words=None, now=timezone.now())
        return redirect("kiosk:said", token=token)
    if visit.current(request) is None or question.given is None:
        return redirect("kiosk:home")
    return visit.page(request, kiosk, "kiosk/said.html", asked=question)
