"""Twilio's side of our webhooks: is it really Twilio, and an answer in its language."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Callable, Iterable
from functools import wraps
from urllib.parse import parse_qs, urlsplit

import structlog
from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from twilio.twiml.messaging_response import MessagingResponse
from twilio.twiml.voice_response import VoiceResponse

import notifications.queries
from channels import twilio_signing

FORM = "application/x-www-form-urlencoded"
# News of a call that did not reach us is told again (not part of the address that is signed).
TELL_AGAIN = "#rc=5&rp=all"

log = structlog.get_logger(__name__)

View = Callable[..., HttpResponseBase]


def signed(view: View) -> View:
    """Lets a request reach the view only when one of our tokens signed it; 403 otherwise."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponseBase:
        if not is_signed(request):
            log.warning("twilio.signature_refused", path=request.path)
            return HttpResponse(
                "The signature is not right.", status=403, content_type="text/plain"
            )
        return view(request, *args, **kwargs)

    return guarded


def is_signed(request: HttpRequest) -> bool:
    """Whether Twilio signed exactly this request for the address that our settings name."""
    given = request.headers.get("X-Twilio-Signature", "")
    if not given:
        return False
    parameters: object
    if request.content_type == FORM:
        parameters = request.POST
    elif _body_is_as_signed(request):
        # The hash of the body stands in the signed address.
        parameters = {}
    else:
        return False
    url = _address(request)
    if twilio_signing.is_right(url, parameters, given, tokens=settings.TWILIO_AUTH_TOKENS):
        return True
    # A body may have an account of its own, which signs with a key of its own.
    account = request.POST.get("AccountSid", "")
    own = notifications.queries.twilio_tokens(account) if account else []
    return twilio_signing.is_right(url, parameters, given, tokens=own)


def sign(url: str, parameters: dict[str, str]) -> str:
    """The signature that Twilio would give: for the demo's post box, which plays Twilio."""
    return twilio_signing.sign(url, parameters, token=settings.TWILIO_AUTH_TOKENS[0])


def reply(words: str) -> HttpResponse:
    """TwiML that answers a text with one text, or with nothing."""
    response = MessagingResponse()
    if words:
        response.message(words)
    return HttpResponse(str(response), content_type="text/xml; charset=utf-8")


def connect(
    words: Iterable[str],
    *,
    language: str,
    number: str,
    queue: str,
    seconds: int,
    then: str,
    told: str,
) -> HttpResponse:
    """TwiML that speaks and lets a number ring, or puts the caller into a queue.

    `then` is called when that has ended, `told` when somebody answers.
    """
    response = _spoken(words, language=language)
    if queue:
        response.enqueue(queue, action=then, method="POST")
    else:
        dial = response.dial(action=then, method="POST", timeout=seconds)
        dial.number(
            number,
            status_callback=f"{told}{TELL_AGAIN}",
            status_callback_method="POST",
            status_callback_event="answered completed",
        )
    return _twiml(response)


def speak(words: Iterable[str], *, language: str) -> HttpResponse:
    """TwiML that says something, or nothing, and hangs up."""
    response = _spoken(words, language=language)
    response.hangup()
    return _twiml(response)


def go_on() -> HttpResponse:
    """TwiML that changes nothing."""
    return _twiml(VoiceResponse())


def _spoken(words: Iterable[str], *, language: str) -> VoiceResponse:
    response = VoiceResponse()
    for one in words:
        response.say(one, language=language)
    return response


def _twiml(response: VoiceResponse) -> HttpResponse:
    return HttpResponse(str(response), content_type="text/xml; charset=utf-8")


def _address(request: HttpRequest) -> str:
    """What Twilio called, by our settings: the request's own host is the sender's word."""
    return f"{settings.HUB_BASE_URL}{request.get_full_path()}"


def _body_is_as_signed(request: HttpRequest) -> bool:
    told = parse_qs(urlsplit(request.get_full_path()).query).get("bodySHA256", [])
    if len(told) != 1:
        return False
    actual = hashlib.sha256(request.body).hexdigest()
    return hmac.compare_digest(actual.encode(), told[0].lower().encode())
