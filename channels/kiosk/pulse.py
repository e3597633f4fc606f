"""The heartbeat of a device, twice a minute: what it says, and what it is told.

Hundreds of devices call here all day, so it is answered before the long chain of what pages need
(hub.early), and by one statement where nothing is new.
"""

from __future__ import annotations

import json
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed, JsonResponse
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt

from channels.kiosk import content, devices
from core.errors import DomainError
from enquiries import clocks
from enquiries.queries import of_kiosks
from kiosks import (
    actions_commands,
    actions_numbers,
    actions_pulse,
    heard,
    proofs,
    queries_releases,
    server_keys,
)
from kiosks.actions_pulse import Answered

# So many days ahead we look for the next opening.
AHEAD = 14
# Where Django keeps the proof: its mapping of all headers would be made anew for each call.
_PROOF = f"HTTP_{proofs.HEADER.upper()}"


@csrf_exempt  # signed by the device's own key
def pulse(request: HttpRequest) -> HttpResponse:
    """One heartbeat: 200 with what the device is told; 400 with `error` in words; 401 with a
    `nonce` to sign; 403 with `locked`, `unknown` or `revoked`.
    """
    if request.method != "POST":
        return HttpResponseNotAllowed(["POST"])
    now = timezone.now()
    try:
        if int(request.META.get("CONTENT_LENGTH") or 0) > heard.LONGEST:
            raise heard.NotUnderstood("The heartbeat is too long")
        proof = proofs.check(
            request.META.get(_PROOF, ""),
            method="POST",
            path=request.path,
            body=request.body,
            now=now,
        )
        said = heard.read(request.body, now=now)
        answered = actions_pulse.hear(proof, said, now=now)
    except proofs.NonceStale:
        return JsonResponse({"nonce": proofs.nonce(now)}, status=401)
    except actions_pulse.ShutOut as error:
        return JsonResponse({"locked": error.why}, status=403)
    except DomainError as error:
        return JsonResponse({"error": error.message}, status=400)
    answer = HttpResponse(json.dumps(_told(answered, said, now)), content_type="application/json")
    shown = request.COOKIES.get(devices.cookie_name(), "")
    fresh = actions_pulse.session(answered, shown=shown, now=now)
    if fresh:
        devices.keep_session(answer, fresh)
    return answer


def _told(answered: Answered, said: heard.Heard, now: datetime) -> dict[str, Any]:
    row, numbers = answered.row, list[str]()
    if said.numbers < actions_numbers.LOW:
        numbers = actions_numbers.more(answered.kiosk, said.numbers, now, taken=of_kiosks.taken)
    return {
        "now": int(now.timestamp() * 1000),
        "nonce": proofs.nonce(now),
        "release": queries_releases.release_for(row),
        "content": content.edition(),
        "settings": _settings(row, now),
        "commands": [actions_commands.signed(row.public_id, one) for one in answered.commands],
        "numbers": numbers,
        "sealing": _read(row.seal) if row.seal else server_keys.sealing_key(),
        "commands_key": _read(row.sign) if row.sign else server_keys.signing_key(),
        "locked": "locked" if row.is_locked else None,
    }


def _settings(row: Any, now: datetime) -> dict[str, Any]:
    opens, closes = _hours(row.opening or row.site_opening, row.closed or "[]", now)
    return {
        "name": row.name,
        "site": row.site,
        "phone": row.phone or settings.HUB_PHONE,
        "languages": _read(row.languages) or [code for code, _ in settings.LANGUAGES],
        "hidden": _read(row.hidden_services),
        "printer": row.printer,
        "paper": row.paper,
        "screen_mm": row.screen_mm,
        "open_now": closes is not None,
        "opens": opens,
        "closes": closes,
    }


def _hours(opening: str, closed: str, now: datetime) -> tuple[int | None, int | None]:
    """When it opens next, where it is closed, and when it closes, where it is open; in ms."""
    today = clocks.london_date(now)
    for ahead in range(AHEAD):
        for opens, closes in _spans(opening, closed, today + timedelta(days=ahead)):
            if opens <= now < closes:
                return None, _ms(closes)
            if opens > now:
                return _ms(opens), None
    return None, None


@lru_cache(maxsize=4_000)
def _spans(opening: str, closed: str, day: date) -> list[clocks.Span]:
    return _calendar(opening, closed).spans(day)


@lru_cache(maxsize=1_000)
def _calendar(opening: str, closed: str) -> clocks.Calendar:
    """A device's hours, with the days on which whoever runs the site is closed."""
    week = json.loads(opening)
    return clocks.Calendar.from_json(
        {**week, "closed": sorted({*(week.get("closed") or ()), *json.loads(closed)})}
    )


@lru_cache(maxsize=1_000)
def _read(text: str) -> Any:
    """What JSON says that is the same with every heartbeat; nobody changes it."""
    return json.loads(text)


def _ms(moment: datetime) -> int:
    return int(moment.timestamp() * 1000)
