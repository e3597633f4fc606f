"""Where a mail server hands in what came for us, one mail in each request."""

from __future__ import annotations

import structlog
from django.conf import settings
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse, UnreadablePostError
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from channels.email import receiving
from core import webhook_signing

RETRY_AFTER_SECONDS = "30"

log = structlog.get_logger(__name__)


@csrf_exempt
@require_POST
def inbound(request: HttpRequest) -> HttpResponse:
    """Keeps one mail, as it is. 200 only when it is committed; the same one twice is one."""
    headers = {name: request.headers.get(name, "")[:500] for name in webhook_signing.HEADERS}
    now = timezone.now()
    # Who brings no signature, or an old one, is not listened to for 25 megabytes.
    secrets = settings.MAIL_WEBHOOK_SECRETS
    stamp = headers["webhook-timestamp"]
    if not (secrets and all(headers.values()) and webhook_signing.is_in_time(stamp, now=now)):
        return _refused(request)
    try:
        body = _body(request)
    except UnreadablePostError:
        return _said("The mail did not arrive whole.", 400)
    if body is None:
        return _said("The mail is too large.", 413)
    if not webhook_signing.is_signed(headers, body, secrets=secrets, now=now):
        return _refused(request)
    if not body.strip():
        return _said("There is no mail in it.", 400)
    try:
        is_new = receiving.keep(body, size=len(body), door="webhook", received_at=now, now=now)
    except (OperationalError, InterfaceError):
        log.warning("mail.database_away")
        response = _said("Try again shortly.", 503)
        response["Retry-After"] = RETRY_AFTER_SECONDS
        return response
    return _said("Kept." if is_new else "Known.", 200)


def _body(request: HttpRequest) -> bytes | None:
    """The whole body; None where it is larger than we take."""
    most = receiving.most_bytes()
    if int(request.headers.get("Content-Length") or 0) > most:
        return None
    pieces, size = [], 0
    while piece := request.read(64 * 1024):
        size += len(piece)
        if size > most:
            return None
        pieces.append(piece)
    return b"".join(pieces)


def _refused(request: HttpRequest) -> HttpResponse:
    log.warning("mail.signature_refused", path=request.path)
    return _said("The signature is not right.", 403)


def _said(words: str, status: int) -> HttpResponse:
    return HttpResponse(words, status=status, content_type="text/plain; charset=utf-8")
