"""What Twilio calls: a text came in; something became of one that we sent."""

from __future__ import annotations

from dataclasses import replace

import psycopg
import structlog
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

import notifications.actions
from channels import twilio
from channels.sms import conversation, parsing
from notifications.lines import Line

log = structlog.get_logger(__name__)

TRIES = 3
CROSSED = (psycopg.errors.DeadlockDetected, psycopg.errors.SerializationFailure)
RETRY_AFTER_SECONDS = "5"


@csrf_exempt
@require_POST
@twilio.signed
def inbound(request: HttpRequest, line: Line) -> HttpResponse:
    """Takes a text and answers it. 200 only when all of it is committed."""
    service = request.POST.get("MessagingServiceSid", "")
    if not line.has(number=request.POST.get("To", ""), service=service):
        return twilio.not_theirs(request, line)
    try:
        text = replace(parsing.read_request(request.POST.dict()), line=line.organisation)
    except parsing.NotAText as error:
        return HttpResponse(f"{error} is missing.", status=400, content_type="text/plain")
    opt_out_type = request.POST.get("OptOutType", "").lower()
    for tries_left in reversed(range(TRIES)):
        try:
            words = conversation.answer(text, opt_out_type=opt_out_type, now=timezone.now())
        except (OperationalError, InterfaceError) as error:
            # Nothing was committed. Two that wait for each other can both be served one by one;
            # a provider gives up sooner than we need to.
            if tries_left and isinstance(error.__cause__, CROSSED):
                continue
            return _not_now()
        return twilio.reply(words)
    return _not_now()


@csrf_exempt
@require_POST
@twilio.signed
def status(request: HttpRequest, line: Line) -> HttpResponse:
    """Notes what Twilio says became of one of our texts. Repeats and late news change nothing."""
    sid = request.POST.get("MessageSid", "")
    word = request.POST.get("MessageStatus", "")
    if not parsing.SID.fullmatch(sid) or not word:
        return HttpResponse("MessageSid or MessageStatus is missing.", status=400)
    try:
        ours = notifications.actions.record_receipt(
            reference=request.GET.get("message", ""),
            proof=request.GET.get("proof", ""),
            sid=sid,
            status=word,
            error_code=request.POST.get("ErrorCode", ""),
            now=timezone.now(),
            by=line.own,
        )
    except (OperationalError, InterfaceError):
        return _not_now()
    return HttpResponse(status=204 if ours else 403)


def _not_now() -> HttpResponse:
    log.warning("sms.database_away")
    response = HttpResponse("Try again shortly.", status=503, content_type="text/plain")
    response["Retry-After"] = RETRY_AFTER_SECONDS
    return response
