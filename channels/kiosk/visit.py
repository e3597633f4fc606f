"""One person's visit: begun by a touch, forgotten at the end or after silence."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import rotate_token
from django.shortcuts import render
from django.utils import timezone, translation

from channels.asking import journey
from channels.asking.journey import Journey

if TYPE_CHECKING:
    from kiosks.models import Kiosk

_ID = "kiosk_journey"
_BEGAN = "kiosk_began"
# What the device's own pages go on from when the line goes in the midst of a visit.
_HANDED_OVER = (
    "id", "revision", "service", "form_id", "done", "passed", "answers", "postcode", "address",
    "nowhere", "description", "tell_by", "name", "email", "phone", "reference",
)  # fmt: skip
# The language of this visit, where it is not English; the next person begins anew.
LANGUAGE = "language"
# Seconds without a touch: first a question, then everything is forgotten. The 20 between are what
# WCAG 2.2.1 gives a person to answer. Pages that ask for typing wait longer where no script can
# see the typing.
WARN_AFTER, FORGET_AFTER, FORGET_AFTER_TYPING = 45, 65, 240


def begin(request: HttpRequest, language: str = "") -> Journey:
    """A fresh visit: nothing of the person before is left in the session."""
    request.session.flush()
    rotate_token(request)
    if language:
        request.session[LANGUAGE] = language
    request.session[_BEGAN] = int(timezone.now().timestamp() * 1000)
    started = journey.begin()
    keep(request, started)
    return started


def keep(request: HttpRequest, current: Journey) -> None:
    """Remembers the answers so far."""
    journey.save(request.session, current)
    request.session[_ID] = current.id


def current(request: HttpRequest) -> Journey | None:
    """The visit that is on; None after it was forgotten."""
    return journey.load(request.session, str(request.session.get(_ID, "")))


def forget(request: HttpRequest) -> None:
    """Ends the visit: the session's row is deleted, not only its cookie."""
    request.session.flush()


def held(request: HttpRequest, current: Journey | None) -> dict[str, object] | None:
    """What a page of a visit says to the device's worker, should the next page not come."""
    if current is None:
        return None
    return {
        **{name: getattr(current, name) for name in _HANDED_OVER},
        "language": translation.get_language(),
        "began": request.session.get(_BEGAN),
    }


def page(
    request: HttpRequest,
    kiosk: Kiosk,
    template: str,
    *,
    typing: bool = False,
    status: int = 200,
    **context: object,
) -> HttpResponse:
    """A page of a visit, with what the layout needs."""
    shown = context.get("journey")
    on = shown if isinstance(shown, Journey) else current(request)
    return render(
        request,
        template,
        {
            "held": held(request, on),
            "site_name": kiosk.site.name,
            "warn_after": WARN_AFTER,
            "forget_after": FORGET_AFTER,
            "forget_after_unseen": FORGET_AFTER_TYPING if typing else FORGET_AFTER,
            **context,
        },
        status=status,
    )
