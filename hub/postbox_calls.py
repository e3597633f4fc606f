"""/demo/post-box/calls/: a telephone to ring the hub with, and what its caller hears. Demo only.

A call may ring at the telephone of one agent: it then pops up on their pages (docs/desk.md, Calls).
"""

from __future__ import annotations

import html
import re
import secrets
from dataclasses import dataclass, replace
from urllib.parse import urlencode

import requests
from django import forms
from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

import inbox.queries_lines
from accounts.middleware import viewer_of
from channels import twilio
from core.errors import DomainError
from customers.contact import NotAPhoneNumber, read_phone

TIMEOUT_SECONDS = 10
DOOR = "/channels/voice/"
_SAID = re.compile(r"<Say[^>]*>(.*?)</Say>", re.DOTALL)
_SID = re.compile(r"CA[0-9a-f]{32}")
_LINE = re.compile(r"(?:(?:client|sip):[\w.@+-]{1,120}|\+[1-9][0-9]{7,14})", re.IGNORECASE)
# What becomes of a call that rings: the door that is told, and with which words.
_ENDS = {
    "unanswered": ("dialled", {"DialCallStatus": "no-answer", "CallStatus": "in-progress"}),
    "gave_up": ("dialled", {"DialCallStatus": "canceled", "CallStatus": "completed"}),
    "hang_up": ("status", {"CallStatus": "completed"}),
}


class RingForm(forms.Form):
    """One call to the hub, and what becomes of it."""

    number = forms.CharField(
        label="Your number",
        help_text="A made-up one, like 07700 900123. Leave it empty to withhold it",
        initial="07700 900123",
        required=False,
        widget=forms.TextInput(attrs={"class": "govuk-input--width-20", "inputmode": "tel"}),
    )
    how = forms.ChoiceField(
        label="What happens?",
        choices=[
            ("unanswered", "Nobody answers"),
            ("gave_up", "You hang up before anybody can"),
            ("answered", "Somebody answers"),
            ("rings", "It rings until you say what comes next"),
        ],
        initial="unanswered",
        widget=forms.RadioSelect,
        error_messages={"required": "Choose what happens"},
    )
    line = forms.CharField(
        label="At whose telephone does it ring? (if at one agent’s)",
        help_text="What that agent wrote under “Your calls”, like client:ann: their pages show the "
        "call. Left empty, it is offered to all",
        required=False,
        max_length=130,
        widget=forms.TextInput(attrs={"class": "govuk-input--width-20", "autocomplete": "off"}),
    )

    def clean_line(self) -> str:
        """A softphone as it is named, or a number in E.164."""
        said = str(self.cleaned_data["line"]).strip()
        if not said or _LINE.fullmatch(said):
            return said
        try:
            return read_phone(said)
        except NotAPhoneNumber as error:
            raise forms.ValidationError(
                "Enter a phone number, or the name of a softphone like client:ann"
            ) from error

    def clean_number(self) -> str:
        """The number in E.164, or what a provider gives for a withheld one."""
        if not self.cleaned_data["number"].strip():
            return "anonymous"
        try:
            return read_phone(self.cleaned_data["number"])
        except NotAPhoneNumber as error:
            raise forms.ValidationError(str(error)) from error


class NotTaken(DomainError):
    """The hub did not take the call, or what was told of it."""

    code = "call_not_taken"


@require_http_methods(["GET", "HEAD", "POST"])
def ring(request: HttpRequest) -> HttpResponse:
    """Rings the hub as a citizen would, says what they hear, and lets them hang up."""
    if not settings.HUB_DEMO:
        raise Http404
    going_on = _going_on(request)
    if request.method == "POST" and going_on:
        return _goes_on(request, going_on)
    form = RingForm(request.POST or None, initial={"line": _own_line(request)})
    if request.method == "POST" and form.is_valid():
        return _ring(request, form.cleaned_data)
    return render(request, "web/post_box_calls.html", {"form": form, "call": going_on})


def _own_line(request: HttpRequest) -> str:
    """Where whoever looks sits, if they are at the desk: their own telephone is tried first."""
    viewer = viewer_of(request)
    return inbox.queries_lines.line(viewer) if viewer is not None else ""


@dataclass(frozen=True, slots=True)
class GoingOn:
    """A call that goes on: `leg` is the telephone that rings for it, `line` whose that is."""

    call: str
    number: str
    leg: str
    line: str
    is_answered: bool

    def query(self) -> str:
        """What the address of its page says of it: the number stands in no address."""
        said = {"call": self.call, "leg": self.leg, "line": self.line}
        return urlencode({**said, "answered": "on" if self.is_answered else ""})


def _going_on(request: HttpRequest) -> GoingOn | None:
    asked = request.GET
    call, leg, line = asked.get("call", ""), asked.get("leg", ""), asked.get("line", "")
    if not (_SID.fullmatch(call) and _SID.fullmatch(leg)):
        return None
    if line and not _LINE.fullmatch(line):
        return None
    return GoingOn(call, "", leg, line, asked.get("answered") == "on")


def _ring(request: HttpRequest, said: dict[str, str]) -> HttpResponse:
    number, how = said["number"], said["how"]
    at = GoingOn(_new_sid(), number, _new_sid(), said["line"], how == "answered")
    try:
        heard = _tell("incoming", at.call, number, {"CallStatus": "ringing"})
        is_open = "<Hangup" not in heard
        if not is_open:
            _tell("status", at.call, number, _ENDS["hang_up"][1])
        else:
            heard += _rings(at, how)
    except NotTaken as error:
        messages.error(request, str(error))
        return redirect(request.path)
    words = " ".join(html.unescape(one) for one in _SAID.findall(heard))
    messages.success(request, f"You heard: {words}")
    goes_on = is_open and how in ("answered", "rings")
    return redirect(f"{request.path}?{at.query()}" if goes_on else request.path)


def _new_sid() -> str:
    return f"CA{secrets.token_hex(16)}"


def _rings(at: GoingOn, how: str) -> str:
    """Rings at the telephone, and tells of what becomes of it; what the caller hears then."""
    if at.line:
        _leg(at, "ringing")
    if how == "answered":
        _leg(at, "in-progress")
    elif how != "rings":
        if at.line:
            _leg(at, "canceled" if how == "gave_up" else "no-answer")
        return _tell(_ENDS[how][0], at.call, at.number, _ENDS[how][1])
    return ""


def _leg(at: GoingOn, status: str) -> None:
    fields = {"CallSid": at.leg, "ParentCallSid": at.call, "CallStatus": status}
    where = {"To": at.line} if at.line else {}
    _tell("status", at.call, at.number, {**fields, "Direction": "outbound-dial", **where})


def _goes_on(request: HttpRequest, at: GoingOn) -> HttpResponse:
    """The agent lifts the receiver; or the caller hangs up, before that or after it."""
    answers = "answer" in request.POST and not at.is_answered
    try:
        if answers:
            _leg(at, "in-progress")
        elif at.is_answered:
            _leg(at, "completed")
            _tell("status", at.call, at.number, _ENDS["hang_up"][1])
        else:
            if at.line:
                _leg(at, "canceled")
            _tell(_ENDS["gave_up"][0], at.call, at.number, _ENDS["gave_up"][1])
    except NotTaken as error:
        messages.error(request, str(error))
        return redirect(f"{request.path}?{at.query()}")
    if answers:
        return redirect(f"{request.path}?{replace(at, is_answered=True).query()}")
    messages.success(request, "You have hung up")
    return redirect(request.path)


def _tell(door: str, call: str, number: str, more: dict[str, str]) -> str:
    """Does what Twilio does: signs and posts over HTTP; the TwiML that comes back, if any."""
    if not settings.TWILIO_AUTH_TOKENS:
        raise NotTaken("Calls are switched off: TWILIO_AUTH_TOKEN is not set.")
    url = f"{settings.HUB_BASE_URL}{DOOR}{door}"
    fields = {
        "CallSid": call, "AccountSid": settings.TWILIO_ACCOUNT_SID, "From": number,
        "To": "+441632960000", "Direction": "inbound", "ApiVersion": "2010-04-01", **more,
    }  # fmt: skip
    try:
        answer = requests.post(
            url, fields, headers={"X-Twilio-Signature": twilio.sign(url, fields)},
            timeout=TIMEOUT_SECONDS, allow_redirects=False,
        )  # fmt: skip
    except requests.RequestException as error:
        raise NotTaken(f"The hub could not be reached at {settings.HUB_BASE_URL}.") from error
    if answer.status_code not in (200, 204):
        raise NotTaken(f"The hub answered {answer.status_code}. Ring again.")
    return answer.text
