"""What devices kept while the line was away comes in here, in its order, each once."""

from __future__ import annotations

import json
import uuid
from collections.abc import Callable
from datetime import UTC, datetime
from functools import wraps
from typing import TYPE_CHECKING, Any, Final

import structlog
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

import kiosks.queries_kept
from channels.kiosk import kept_times, taking
from core import references
from core.errors import DomainError
from kiosks import actions_kept, proofs

if TYPE_CHECKING:
    from kiosks.models import Kiosk

log = structlog.get_logger(__name__)

# So many entries in one call, and so many bytes with all that is sealed in them.
MOST, LARGEST = 20, 2_000_000
# One that is not an id of ours is known by this and by what it was sent as.
_STRANGE: Final = uuid.UUID("5d0f3b0e-7d2c-4d43-9a47-1c1a0f6f4a11")


class NotKept(DomainError):
    """It is not what a device says of what it kept."""

    code = "kiosk_kept_not_understood"


def signed(view: Callable[[Kiosk, dict[str, Any], datetime], HttpResponse]) -> Any:
    """Lets a device's signed call in: 401 with a nonce to sign, 403 for who is not one of ours."""

    @wraps(view)
    def guarded(request: HttpRequest) -> HttpResponse:
        now = timezone.now()
        try:
            if int(request.META.get("CONTENT_LENGTH") or 0) > LARGEST:
                raise NotKept(f"Send fewer at once: {LARGEST:,} bytes or less")
            proof = proofs.check(
                request.headers.get(proofs.HEADER, ""),
                method="POST",
                path=request.path,
                body=request.body,
                now=now,
            )
            kiosk = kiosks.queries_kept.speaker(proof.thumbprint)
            if kiosk is None or kiosk.revoked_at is not None:
                why = "revoked" if kiosk is not None else "unknown"
                return JsonResponse({"locked": why}, status=403)
            return view(kiosk, _body(request), now)
        except proofs.NonceStale:
            return JsonResponse({"nonce": proofs.nonce(now)}, status=401)
        except DomainError as error:
            return JsonResponse({"error": error.message}, status=400)

    # Signed by the device's own key.
    return csrf_exempt(never_cache(require_POST(guarded)))


@signed
def kept(kiosk: Kiosk, said: dict[str, Any], now: datetime) -> HttpResponse:
    """Takes `{now, entries: [{id, jwe}]}`; answers `{taken: [id]}`: each of these is ours now.

    `references` are those that it is an enquiry under, by id. The first that the database has no
    room for ends the call, so that the order is kept.
    """
    entries = [(_text(one, "id"), _text(one, "jwe")) for one in _entries(said)]
    behind = kept_times.behind(said.get("now"), now)
    taken: dict[str, str] = {}
    for named, sealed in entries:
        try:
            taken[named] = taking.take(
                _id(named, kiosk), sealed, kiosk=kiosk, clock_behind=behind, now=now
            )
        except (OperationalError, InterfaceError) as error:
            log.warning("kiosk.kept_must_wait", kiosk=kiosk.pk, error=type(error).__name__)
            break
    status = 200 if taken or not entries else 503
    told = {"taken": list(taken), "references": {one: to for one, to in taken.items() if to}}
    return JsonResponse({**told, "nonce": proofs.nonce(now)}, status=status)


@signed
def gone(kiosk: Kiosk, said: dict[str, Any], now: datetime) -> HttpResponse:
    """Takes `{entries: [{id, reference, made}]}`: what the device kept and had to forget."""
    heard = []
    for one in _entries(said):
        named = _text(one, "id")
        try:
            reference = references.parse(str(one.get("reference", "")))
        except references.BadReference:
            reference = ""
        actions_kept.forgotten(
            kiosk,
            _id(named, kiosk),
            reference=reference,
            made_at=kept_times.touch(
                one.get("made"),
                None,
                clock_behind=kept_times.behind(said.get("now"), now),
                now=now,
                earliest=datetime.min.replace(tzinfo=UTC),
            ),
            now=now,
        )
        heard.append(named)
    return JsonResponse({"taken": heard, "nonce": proofs.nonce(now)})


def _body(request: HttpRequest) -> dict[str, Any]:
    try:
        found = json.loads(request.body)
    except (ValueError, RecursionError):
        found = None
    if not isinstance(found, dict):
        raise NotKept("Send an object with `entries`")
    return found


def _entries(said: dict[str, Any]) -> list[dict[str, Any]]:
    found = said.get("entries")
    if not isinstance(found, list) or len(found) > MOST:
        raise NotKept(f"Send `entries`: a list of {MOST} or fewer")
    if not all(isinstance(one, dict) for one in found):
        raise NotKept("Each of `entries` is an object with `id`")
    return found


def _text(one: dict[str, Any], name: str) -> str:
    found = one.get(name)
    if not isinstance(found, str) or (name == "id" and not 0 < len(found) <= 100):
        raise NotKept(f"Each of `entries` has `{name}`, a text")
    return found


def _id(named: str, kiosk: Kiosk) -> uuid.UUID:
    try:
        found = uuid.UUID(named)
    except ValueError:
        found = None
    if found is not None and str(found) == named:
        return found
    return uuid.uuid5(_STRANGE, f"{kiosk.pk} {named}".encode("utf-8", "replace").decode())
