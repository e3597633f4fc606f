"""The door of every kiosk page: a device that was enrolled, and is still allowed to speak."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import TYPE_CHECKING, Concatenate, ParamSpec

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

import accounts.actions
import accounts.queries
from accounts.actions_sign_in import TooManyTries, count_try
from channels.kiosk.forms import EnrolForm

if TYPE_CHECKING:
    from accounts.models import Kiosk

    P = ParamSpec("P")
    View = Callable[Concatenate[HttpRequest, Kiosk, P], HttpResponse]

A_YEAR = 365 * 24 * 60 * 60


def cookie_name() -> str:
    """The cookie that holds the device's token; bound to the host where there is https."""
    return "__Host-kiosk" if settings.HTTPS else "kiosk"


def at_kiosk(view: View[P]) -> Callable[Concatenate[HttpRequest, P], HttpResponse]:
    """Lets an enrolled device in and hands it to the view; all others are asked for a code."""

    @wraps(view)
    def guarded(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        token = request.COOKIES.get(cookie_name(), "")
        kiosk = accounts.queries.kiosk_for_token(token)
        if kiosk is not None:
            return view(request, kiosk, *args, **kwargs)
        request.session.flush()
        if token:
            return render(request, "kiosk/locked.html", status=403)
        return redirect("kiosk:enrol")

    decorated: Callable[Concatenate[HttpRequest, P], HttpResponse] = never_cache(
        require_http_methods(["GET", "HEAD", "POST"])(guarded)
    )
    return decorated


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def enrol(request: HttpRequest) -> HttpResponse:
    """Turns the code that an administrator was shown into this device's own token."""
    form = EnrolForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        now = timezone.now()
        try:
            count_try(email="kiosk enrolment", network=request.META.get("REMOTE_ADDR", ""), now=now)
            token = accounts.actions.enrol_kiosk(code=form.cleaned_data["code"], now=now)
        except TooManyTries:
            form.add_error(
                "code", "There were too many tries. Wait 15 minutes, then try a new code"
            )
        except accounts.actions.CodeNotAccepted as error:
            form.add_error("code", error.message)
        else:
            return _enrolled(token)
    return render(request, "kiosk/enrol.html", {"form": form})


def _enrolled(token: str) -> HttpResponse:
    response = redirect("kiosk:home")
    response.set_cookie(
        cookie_name(),
        token,
        max_age=A_YEAR,
        path="/",
        secure=settings.HTTPS,
        httponly=True,
        samesite="Strict",
    )
    return response
