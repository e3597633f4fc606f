"""The door of every kiosk page: a device that was enrolled, and is still allowed to speak."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import datetime
from functools import wraps
from typing import TYPE_CHECKING, Concatenate, ParamSpec

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

import kiosks.actions
import kiosks.queries
from accounts.actions_sign_in import TooManyTries, count_try, tries_over
from core.errors import DomainError
from kiosks import proofs, server_keys
from kiosks.queries import Shut

if TYPE_CHECKING:
    from kiosks.models import Kiosk

    P = ParamSpec("P")
    View = Callable[Concatenate[HttpRequest, Kiosk, P], HttpResponse]

A_YEAR = 365 * 24 * 60 * 60


def cookie_name() -> str:
    """The cookie that holds the device's token; bound to the host where there is https."""
    return "__Host-kiosk" if settings.HTTPS else "kiosk"


def at_kiosk(view: View[P]) -> Callable[Concatenate[HttpRequest, P], HttpResponse]:
    """Lets an enrolled device in and hands it to the view.

    A browser that shows no token is asked for a code; one whose token has died wakes up by its key.
    """

    @wraps(view)
    def guarded(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        token = request.COOKIES.get(cookie_name(), "")
        if not token:
            request.session.flush()
            return redirect("kiosk:enrol")
        kiosk, shut = kiosks.queries.opened(token)
        if kiosk is not None:
            return view(request, kiosk, *args, **kwargs)
        if shut is Shut.ASLEEP:
            # Its key will say who it is: until then nothing is known of it, and nothing forgotten.
            return render(request, "kiosk/waking.html", status=403)
        request.session.flush()
        facts = {"is_off": shut is Shut.OFF, "now_ms": _ms(timezone.now())}
        return render(request, "kiosk/locked.html", facts, status=403)

    decorated: Callable[Concatenate[HttpRequest, P], HttpResponse] = never_cache(
        require_http_methods(["GET", "HEAD", "POST"])(guarded)
    )
    return decorated


@csrf_exempt  # signed by the device's own key
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def enrol(request: HttpRequest) -> HttpResponse:
    """The page on which a device makes its key; by POST (JSON) its code is turned into a session.

    Takes `{"code": "12345678"}`, signed as all calls of a device are. Answers 200 with who the
    device is now, 400 with `error` in words for who typed the code, 401 with a `nonce` to sign.
    """
    if request.method != "POST":
        facts = {"nonce": proofs.nonce(timezone.now()), "now_ms": _ms(timezone.now())}
        return render(request, "kiosk/enrol.html", facts)
    now = timezone.now()
    try:
        proof = proofs.check(
            request.headers.get(proofs.HEADER, ""),
            method="POST",
            path=request.path,
            body=request.body,
            now=now,
        )
        # Counted where it comes from alone: nobody elsewhere shuts this door for others.
        place = request.META.get("REMOTE_ADDR", "")
        whose = {"email": f"kiosk enrolment at {place}", "network": place}
        count_try(**whose, now=now)
        enrolled = kiosks.actions.enrol(code=_code(request.body), key=proof.key, now=now)
        # Many kiosks are set up on one day behind one address.
        tries_over(**whose)
    except proofs.NonceStale:
        return JsonResponse({"nonce": proofs.nonce(now)}, status=401)
    except TooManyTries:
        words = "There were too many tries. Wait 15 minutes, then try a new code"
        return JsonResponse({"error": words}, status=400)
    except DomainError as error:
        return JsonResponse({"error": error.message}, status=400)
    kiosk = enrolled.kiosk
    answer = JsonResponse(
        {
            "kiosk": str(kiosk.public_id),
            "name": kiosk.name,
            "site": kiosk.site.name,
            "nonce": proofs.nonce(now),
            "now": _ms(now),
            "sealing": server_keys.sealing_key(),
            "commands": server_keys.signing_key(),
        }
    )
    keep_session(answer, enrolled.token)
    return answer


def _ms(moment: datetime) -> int:
    """As scripts count time."""
    return int(moment.timestamp() * 1000)


def _code(body: bytes) -> str:
    """The code that was typed. Raises CodeNotAccepted."""
    try:
        sent = json.loads(body)
    except ValueError:
        sent = None
    if not isinstance(sent, dict) or not str(sent.get("code", "")).strip():
        raise kiosks.actions.CodeNotAccepted("Enter the code")
    return str(sent["code"])[:40]


def keep_session(response: HttpResponse, token: str) -> None:
    """Hands the device the token of its session."""
    response.set_cookie(
        cookie_name(),
        token,
        max_age=A_YEAR,
        path="/",
        secure=settings.HTTPS,
        httponly=True,
        samesite="Strict",
    )
