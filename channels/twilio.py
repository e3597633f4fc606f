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

from channels import twilio_signing
from notifications import callbacks, lines
from notifications.lines import Line

FORM = "application/x-www-form-urlencoded"

log = structlog.get_logger(__name__)

Door = Callable[[HttpRequest], HttpResponseBase]
# The view gets the account that has signed.
View = Callable[[HttpRequest, Line], HttpResponseBase]


def signed(view: View) -> Door:
    """Lets a request reach the view only when one of our accounts signed it; 403 otherwise."""

    @wraps(view)
    def guarded(request: HttpRequest) -> HttpResponseBase:
        line = signer(request)
        if line is None:
            log.warning("twilio.signature_refused", path=request.path)
            return HttpResponse(
                "The signature is not right.", status=403, content_type="text/plain"
            )
        return view(request, line)

    return guarded


def signed_by_us(view: Door) -> Door:
    """The same for what only the partnership's own accounts may tell us."""

    def guarded(request: HttpRequest, line: Line) -> HttpResponseBase:
        return not_theirs(request, line) if line.organisation else view(request)

    return signed(wraps(view)(guarded))


def not_theirs(request: HttpRequest, line: Line) -> HttpResponse:
    """The answer to an account that speaks of what is not its own."""
    log.warning("twilio.of_another_account", path=request.path, carrier=line.carrier)
    return HttpResponse("It is not of your account.", status=403, content_type="text/plain")


def signer(request: HttpRequest) -> Line | None:
    """The account that signed exactly this request for the address that our settings name.

    Only one that may sign as the account that the request names: a body has a key of its own, and
    that vouches for its own account alone.
    """
    given = request.headers.get("X-Twilio-Signature", "")
    if not given:
        return None
    parameters: object
    if request.content_type == FORM:
        parameters = request.POST
    elif _body_is_as_signed(request):
        # The hash of the body stands in the signed address.
        parameters = {}
    else:
        return None
    url = _address(request)
    for line, tokens in lines.of_twilio(request.POST.get("AccountSid", "")):
        if twilio_signing.is_right(url, parameters, given, tokens=tokens):
            return line
    return None


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
            status_callback=f"{told}{callbacks.TELL_AGAIN}",
            status_callback_method="POST",
            status_callback_event="ringing answered completed",
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
