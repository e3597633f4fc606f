"""The key that calls somebody: whether anybody can come, how long it takes, and that they come."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.dateparse import parse_datetime

import kiosks.actions_help
import kiosks.queries_help
from accounts import weeks
from channels.kiosk import visit
from channels.kiosk.devices import at_kiosk
from enquiries.clocks import Calendar
from kiosks.queries_help import State

if TYPE_CHECKING:
    from kiosks.models import Kiosk

_FROM, _LAST = "help_from", "help_touched"
# Who waits for somebody touches nothing meanwhile: the page asks later whether they are there.
# What it shows is nobody's secret; the way back from it leads to what they wrote.
WARN_AFTER, FORGET_AFTER = 180, 200
SLOW_WARN_AFTER, SLOW_FORGET_AFTER = 300, 360
_LOOKS = 10
_LONGEST = 300


@at_kiosk
def call(request: HttpRequest, kiosk: Kiosk) -> HttpResponse:
    """Calls somebody, or takes it back; else how it stands with the call."""
    current, now = visit.current(request), timezone.now()
    if current is None:
        return redirect("kiosk:home")
    if request.method == "POST":
        if request.POST.get("act") == "back":
            kiosks.actions_help.take_back(kiosk=kiosk, visit=current.id, now=now)
            return redirect(back(request))
        request.session[_FROM] = _came_from(request)
        if kiosks.queries_help.ahead(kiosk, hours=Calendar.from_json, now=now).can_come:
            spoken = translation.get_language() or ""
            kiosks.actions_help.call(kiosk=kiosk, visit=current.id, language=spoken, now=now)
        return redirect("kiosk:help")
    if _is_left(request, now):
        return redirect("kiosk:again")
    state, made = kiosks.queries_help.state(kiosk, current.id, now=now)
    ahead = kiosks.queries_help.ahead(kiosk, hours=Calendar.from_json, now=now)
    if state in (State.NONE, State.DONE) and not ahead.can_come:
        state = State.NOBODY
    return visit.page(
        request,
        kiosk,
        "kiosk/help.html",
        state=state.value,
        is_late=state is State.NOBODY and made is not None and made.ended_at is None,
        ahead=ahead,
        looks=_LOOKS if state in (State.WAITING, State.COMING) else 0,
        hours=weeks.week(kiosk.site.opening),
        site_phone=kiosk.site.phone,
        back=back(request),
        is_helping=True,
        warn_after=WARN_AFTER,
        forget_after=FORGET_AFTER,
        forget_after_unseen=FORGET_AFTER,
        slow_warn_after=SLOW_WARN_AFTER,
        slow_forget_after=SLOW_FORGET_AFTER,
    )


def _is_left(request: HttpRequest, now: datetime) -> bool:
    """Whether only the page itself has looked for longer than somebody waits without a touch."""
    if "again" not in request.GET:
        request.session[_LAST] = now.isoformat()
        return False
    last = parse_datetime(str(request.session.get(_LAST, ""))) or now
    return now - last > timedelta(seconds=FORGET_AFTER)


def _came_from(request: HttpRequest) -> str:
    """The page on which the key was pressed, to go back to."""
    found = urlsplit(request.headers.get("Referer", ""))
    here = f"{found.path}?{found.query}" if found.query else found.path
    if found.path == reverse("kiosk:help"):
        return str(request.session.get(_FROM, ""))
    is_ours = found.path.startswith(reverse("kiosk:home")) and "//" not in here
    return here if is_ours and len(here) <= _LONGEST else ""


def back(request: HttpRequest) -> str:
    """Where somebody was when they called."""
    return str(request.session.get(_FROM, "")) or reverse("kiosk:menu")
