"""What GOV.UK Notify calls: something became of a message; a letter came back; a text came in.

It asks again, five times in five minutes each, only after a 5xx: so that is what "not now" is.
"""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import datetime
from typing import Any

import structlog
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

import notifications.actions
from channels import notify, numbers
from channels.sms import conversation, late, parsing, saying
from channels.sms.parsing import Text
from notifications import lines

ID = re.compile(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
RETRY_AFTER_SECONDS = "60"

log = structlog.get_logger(__name__)


@csrf_exempt
@require_POST
@notify.told
def receipt(request: HttpRequest, said: dict[str, Any], carrier: str) -> HttpResponse:
    """Notes what became of a message. Repeats, late news and unknown ids change nothing."""
    sid, status = notify.text(said, "id", most=50), notify.text(said, "status", most=30)
    if not ID.fullmatch(sid) or not status:
        return HttpResponse("id or status is missing.", status=400, content_type="text/plain")
    return _noted(said, carrier, sid=sid, status=status)


@csrf_exempt
@require_POST
@notify.told
def returned(request: HttpRequest, said: dict[str, Any], carrier: str) -> HttpResponse:
    """Notes that a letter came back, weeks after it went. Receipts say nothing of that."""
    sid = notify.text(said, "notification_id", most=50)
    if not ID.fullmatch(sid):
        return HttpResponse("notification_id is missing.", status=400, content_type="text/plain")
    return _noted(said, carrier, sid=sid, status="returned-letter")


def _noted(said: dict[str, Any], carrier: str, *, sid: str, status: str) -> HttpResponse:
    try:
        notifications.actions.record_notify_receipt(
            reference=notify.text(said, "reference", most=100),
            sid=sid,
            status=status,
            now=timezone.now(),
            by=lines.of(carrier).own,
        )
    except (OperationalError, InterfaceError):
        return _not_now()
    return HttpResponse(status=204)


@csrf_exempt
@require_POST
@notify.told
def inbound(request: HttpRequest, said: dict[str, Any], carrier: str) -> HttpResponse:
    """Takes a text; its answer goes as a message. 204 only when all of it is committed."""
    sid = notify.text(said, "id", most=50)
    if not ID.fullmatch(sid) or not isinstance(said.get("message"), str):
        return HttpResponse("id or message is missing.", status=400, content_type="text/plain")
    now = timezone.now()
    text = replace(_text(sid, said, now=now), line=lines.of(carrier).organisation)
    answer = late.answer if late.is_late(text, now=now) else conversation.answer
    try:
        if answer(text, opt_out_type="", now=now):
            saying.hand_over(text, now=now, by=carrier)
    except (OperationalError, InterfaceError):
        return _not_now()
    return HttpResponse(status=204)


def _text(sid: str, said: dict[str, Any], *, now: datetime) -> Text:
    sender = notify.text(said, "source_number", most=40)
    if sender.isascii() and sender.isdigit() and len(sender) > 10 and not sender.startswith("0"):
        sender = f"+{sender}"  # Notify leaves the plus away
    return Text(
        sid=sid.lower(),
        phone=numbers.told(sender),
        sender=sender,
        words=notify.text(said, "message", most=parsing.MAX_WORDS),
        pictures=0,
        received_at=_came(said, now=now),
    )


def _came(said: dict[str, Any], *, now: datetime) -> datetime | None:
    try:
        came = parse_datetime(notify.text(said, "date_received", most=40))
    except ValueError:
        return None
    return min(came, now) if came is not None and timezone.is_aware(came) else None


def _not_now() -> HttpResponse:
    log.warning("notify.database_away")
    response = HttpResponse("Try again shortly.", status=503, content_type="text/plain")
    response["Retry-After"] = RETRY_AFTER_SECONDS
    return response
