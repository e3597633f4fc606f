"""/demo/post-box/calls/: a telephone to ring the hub with, and what its caller hears. Demo only."""

from __future__ import annotations

import html
import re
import secrets
from urllib.parse import urlencode

import requests
from django import forms
from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from channels import twilio
from core.errors import DomainError
from customers.contact import NotAPhoneNumber, read_phone

TIMEOUT_SECONDS = 10
DOOR = "/channels/voice/"
_SAID = re.compile(r"<Say[^>]*>(.*?)</Say>", re.DOTALL)
_SID = re.compile(r"CA[0-9a-f]{32}")
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
        ],
        initial="unanswered",
        widget=forms.RadioSelect,
        error_messages={"required": "Choose what happens"},
    )

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
    going_on = _SID.fullmatch(request.GET.get("call", ""))
    if request.method == "POST" and going_on:
        return _hang_up(request, going_on[0])
    form = RingForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        return _ring(request, form.cleaned_data["number"], form.cleaned_data["how"])
    context = {"form": form, "call": going_on[0] if going_on else ""}
    return render(request, "web/post_box_calls.html", context)


def _ring(request: HttpRequest, number: str, how: str) -> HttpResponse:
    call = f"CA{secrets.token_hex(16)}"
    try:
        heard = _tell("incoming", call, number, {"CallStatus": "ringing"})
        is_open = "<Hangup" not in heard
        if is_open and how == "answered":
            leg = {"CallSid": f"CA{secrets.token_hex(16)}", "ParentCallSid": call}
            _tell("status", call, number, {"CallStatus": "in-progress", **leg})
        elif is_open:
            heard += _tell(_ENDS[how][0], call, number, _ENDS[how][1])
        else:
            _tell("status", call, number, _ENDS["hang_up"][1])
    except NotTaken as error:
        messages.error(request, str(error))
        return redirect(request.path)
    said = " ".join(html.unescape(one) for one in _SAID.findall(heard))
    messages.success(request, f"You heard: {said}")
    goes_on = is_open and how == "answered"
    return redirect(f"{request.path}?{urlencode({'call': call})}" if goes_on else request.path)


def _hang_up(request: HttpRequest, call: str) -> HttpResponse:
    try:
        _tell("status", call, "", _ENDS["hang_up"][1])
    except NotTaken as error:
        messages.error(request, str(error))
    else:
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
