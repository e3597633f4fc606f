"""What bodies' own systems call: something became of a message that one of them was handed.

Signed as the hub signs what it hands to them (docs/messages-by-webhook.md), with the same secret.
"""

from __future__ import annotations

import json
import re
from typing import Any

import structlog
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

import notifications.actions
from channels.notify import text
from core import webhook_signing
from notifications import lines

TYPE = "message.receipt"
STATUSES = ("delivered", "failed", "expired")
ID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)
MOST_BYTES = 64 * 1024
LONGEST_REASON = 20
RETRY_AFTER_SECONDS = "30"

log = structlog.get_logger(__name__)


class NotAReceipt(Exception):
    """What was signed is none; the words are for who builds the other system."""


@csrf_exempt
@require_POST
def receipt(request: HttpRequest) -> HttpResponse:
    """Notes what became of a message, and says whether it is known. Repeats change nothing."""
    now = timezone.now()
    headers = {name: request.headers.get(name, "")[:500] for name in webhook_signing.HEADERS}
    # Who brings no signature, or an old one, is not listened to.
    stamp = headers["webhook-timestamp"]
    if not (all(headers.values()) and webhook_signing.is_in_time(stamp, now=now)):
        return _refused(request)
    if int(request.headers.get("Content-Length") or 0) > MOST_BYTES:
        return _said(f"More than {MOST_BYTES} bytes are no receipt.", 413)
    try:
        carriers = lines.signers(headers, request.body, now=now)
        if not carriers:
            return _refused(request)
        reference, status, reason = _read(request.body)
        known = any(
            notifications.actions.record_webhook_receipt(
                carrier=carrier, reference=reference, status=status, reason=reason, now=now
            )
            for carrier in carriers
        )
    except NotAReceipt as error:
        return _said(str(error), 400)
    except (OperationalError, InterfaceError):
        log.warning("webhook.database_away")
        response = _said("Try again shortly.", 503)
        response["Retry-After"] = RETRY_AFTER_SECONDS
        return response
    return JsonResponse({"known": known})


def _read(body: bytes) -> tuple[str, str, str]:
    """Our id of the message, what became of it, and why. Raises NotAReceipt."""
    try:
        said = json.loads(body)
    except (ValueError, RecursionError):
        said = None
    data: Any = said.get("data") if isinstance(said, dict) else None
    if not isinstance(said, dict) or not isinstance(data, dict):
        raise NotAReceipt('This is not JSON like {"type": …, "data": {…}}.')
    if said.get("type") != TYPE:
        raise NotAReceipt(f"type is not {TYPE}.")
    reference, status = text(data, "id", most=50), text(data, "status", most=30)
    if not ID.fullmatch(reference):
        raise NotAReceipt("data.id is not an id that we gave a message.")
    if status not in STATUSES:
        raise NotAReceipt(f"data.status is none of {', '.join(STATUSES)}.")
    return reference.lower(), status, text(data, "reason", most=LONGEST_REASON)


def _refused(request: HttpRequest) -> HttpResponse:
    log.warning("webhook.signature_refused", path=request.path)
    return _said("The signature is not right.", 403)


def _said(words: str, status: int) -> HttpResponse:
    return HttpResponse(words, status=status, content_type="text/plain; charset=utf-8")
