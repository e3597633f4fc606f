"""What Twilio calls: a call comes in; somebody has answered it, or nobody; it is over."""

from __future__ import annotations

import psycopg
import structlog
from django.conf import settings
from django.core.exceptions import ObjectDoesNotExist
from django.db import Error, InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from channels import twilio
from channels.voice import parsing, saying
from enquiries.actions import calls
from inbox.calls import Fact, News

log = structlog.get_logger(__name__)

TRIES = 3
CROSSED = (psycopg.errors.DeadlockDetected, psycopg.errors.SerializationFailure)
RETRY_AFTER_SECONDS = "5"


@csrf_exempt
@require_POST
@twilio.signed_by_us
def incoming(request: HttpRequest) -> HttpResponse:
    """Answers a call: on to who answers, or when somebody does.

    A caller is put through whatever becomes of our database: it hears of the call later.
    """
    now = timezone.now()
    try:
        is_open = saying.is_open(now)
        told = [] if is_open else saying.closed()
    except (Error, ObjectDoesNotExist):
        is_open, told = True, []
    # Who is told another number is not rung back either.
    is_open = is_open and bool(settings.HUB_VOICE_TO)
    try:
        news = parsing.incoming(request.POST.dict(), is_open=is_open, now=now)
    except parsing.NotACall as error:
        return _missing(error)
    _heard(news)
    if not settings.HUB_VOICE_TO:
        return twilio.speak(saying.no_line(), language=saying.language())
    if not is_open:
        return twilio.speak([*saying.welcome()[:1], *told], language=saying.language())
    queue = parsing.QUEUE.fullmatch(settings.HUB_VOICE_TO)
    return twilio.connect(
        saying.welcome(),
        language=saying.language(),
        number="" if queue else settings.HUB_VOICE_TO,
        queue=queue[1] if queue else "",
        seconds=settings.HUB_VOICE_RING_SECONDS,
        then=f"{settings.HUB_BASE_URL}/channels/voice/dialled",
        told=f"{settings.HUB_BASE_URL}/channels/voice/status",
    )


@csrf_exempt
@require_POST
@twilio.signed_by_us
def dialled(request: HttpRequest) -> HttpResponse:
    """The ringing, or the talk, is over. Whom nobody answered is told what happens now."""
    try:
        news = parsing.dialled(request.POST.dict(), now=timezone.now())
    except parsing.NotACall as error:
        return _missing(error)
    kept = news is None or _heard(news)
    if news is None or Fact.UNANSWERED not in news.facts:
        return twilio.speak([], language=saying.language())
    words = saying.nobody_answered(rings_back=kept and bool(news.caller))
    return twilio.speak(words, language=saying.language())


@csrf_exempt
@require_POST
@twilio.signed_by_us
def status(request: HttpRequest) -> HttpResponse:
    """Notes what Twilio says became of a call. Repeats and late news change nothing."""
    try:
        news = parsing.status(request.POST.dict(), now=timezone.now())
    except parsing.NotACall as error:
        return _missing(error)
    if news is not None and not _heard(news):
        response = HttpResponse("Try again shortly.", status=503, content_type="text/plain")
        response["Retry-After"] = RETRY_AFTER_SECONDS
        return response
    if request.POST.get("DequeingCallSid"):
        # Here an answer is read out to the caller before the two are joined: there is none.
        return twilio.go_on()
    return HttpResponse(status=204)


def _heard(news: News) -> bool:
    """Whether the news is committed; it is not while the database is away."""
    for tries_left in reversed(range(TRIES)):
        try:
            calls.take_news(news, now=timezone.now())
        except (OperationalError, InterfaceError) as error:
            # Two that wait for each other can both be served one by one.
            if tries_left and isinstance(error.__cause__, CROSSED):
                continue
            log.warning("voice.database_away", sid=news.sid)
            return False
        return True
    return False


def _missing(error: parsing.NotACall) -> HttpResponse:
    return HttpResponse(f"{error} is missing.", status=400, content_type="text/plain")
