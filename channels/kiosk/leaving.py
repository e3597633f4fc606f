"""A visit ends: somebody finished, went away, or fell silent. It is counted, and forgotten."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

import kiosks.actions_counts
from channels.asking import questions
from channels.asking.journey import Journey
from channels.kiosk import visit

if TYPE_CHECKING:
    from kiosks.models import Kiosk

# Why a visit ends, as its pages say it; anything else is somebody who begins again or goes away.
IDLE, FINISH = "idle", "finish"


def end(request: HttpRequest, kiosk: Kiosk, *, why: str = "", is_typed: bool = False) -> bool:
    """Ends the visit that is on, if any, and says whether there was one.

    `is_typed` says that something stood in the fields of the page that was open. One that went on
    in the device's own pages (`counted` in the address) was counted there.
    """
    current = visit.current(request)
    if current is None:
        return False
    visit.forget(request)
    if "counted" in request.GET:
        return True
    now = timezone.now()
    if why == IDLE:
        kiosks.actions_counts.count(kiosk, "resets", now=now)
        if not current.is_sent and (is_typed or _has_data(current)):
            kiosks.actions_counts.count(kiosk, "resets_with_data", now=now)
    where = "" if why == FINISH else _where(current)
    if where:
        kiosks.actions_counts.left(kiosk, service=current.service, question=where, now=now)
    return True


def _has_data(current: Journey) -> bool:
    return any(key != questions.ABOUT for key in current.done)


def _where(current: Journey) -> str:
    """The question at which somebody left; none where nothing was begun, or it came to an end."""
    if current.is_sent or questions.ABOUT not in current.done:
        return ""
    asking = questions.of(current, files=False)
    if asking.end is not None:
        return ""
    return asking.first_open.key if asking.first_open is not None else "check"


def cleared(response: HttpResponse) -> HttpResponse:
    """The answer with which a visit is over: the browser lets go of its pages and of its cookie.

    Never of its storage: what was kept for us while the line was away is there.
    """
    response.headers["Clear-Site-Data"] = '"cache"'
    response.delete_cookie(
        settings.CSRF_COOKIE_NAME, path=settings.CSRF_COOKIE_PATH, samesite="Lax"
    )
    return response
