"""/demo/post-box/: what would have gone out, and a telephone to text the hub with. Demo only."""

from __future__ import annotations

import html
import re
import secrets
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlencode

import requests
from django import forms
from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.utils import timezone
from django.views.decorators.http import require_http_methods

import notifications.actions
import notifications.queries
from channels import twilio
from core.errors import DomainError
from customers.contact import NotAPhoneNumber, read_phone, shown
from hub.postbox_calls import ring
from hub.postbox_mail import write
from notifications.queries import Letter

NEWEST = 50
TIMEOUT_SECONDS = 10
TRIES = 3
INBOUND = "/channels/sms/inbound"
FILTERS = {"": "Everything", "email": "Emails", "sms": "Texts"}
_MESSAGE = re.compile(r"<Message[^>]*>(.*?)</Message>", re.DOTALL)


class TextForm(forms.Form):
    """One text from a telephone."""

    number = forms.CharField(
        label="Your number",
        help_text="A made-up one, like 07700 900123",
        initial="07700 900123",
        widget=forms.TextInput(attrs={"class": "govuk-input--width-20", "inputmode": "tel"}),
        error_messages={"required": "Enter a phone number, like 07700 900123"},
    )
    words = forms.CharField(
        label="What your text says",
        required=False,
        strip=False,
        max_length=1600,
        widget=forms.Textarea(attrs={"rows": 4, "data-rows": "4"}),
    )

    def clean_number(self) -> str:
        """The number in E.164."""
        try:
            return read_phone(self.cleaned_data["number"])
        except NotAPhoneNumber as error:
            raise forms.ValidationError(str(error)) from error


@dataclass(frozen=True, slots=True)
class Card:
    """A message as the page shows it."""

    words: str
    at: datetime
    medium: str
    by: str
    subject: str
    ours: bool
    person: str
    is_text: bool
    # By which a visitor answers it; "" for what is not answered so.
    answer: str = ""


class NoAnswer(DomainError):
    """The hub did not take the text."""

    code = "text_not_taken"


@require_http_methods(["GET", "HEAD", "POST"])
def post_box(request: HttpRequest) -> HttpResponse:
    """Messages newest first; one conversation by text; and the form that lets a text in."""
    if not settings.HUB_DEMO:
        raise Http404
    form = TextForm(request.POST or None, initial=_number_of(request))
    if request.method == "POST" and form.is_valid():
        number = form.cleaned_data["number"]
        try:
            _text(number, form.cleaned_data["words"])
        except NoAnswer as error:
            messages.error(request, str(error))
        return redirect(f"{request.path}?{urlencode({'with': number})}#conversation")
    return render(request, "web/post_box.html", _context(request, form))


def _context(request: HttpRequest, form: TextForm) -> dict[str, object]:
    medium = request.GET.get("medium", "")
    medium = medium if medium in FILTERS else ""
    number = request.GET.get("with", "")
    talk = (
        [_card(letter) for letter in notifications.queries.conversation(number)] if number else []
    )
    letters = notifications.queries.postbox(NEWEST, medium or None)
    by = "email" if "@" in number else "sms"
    others = [one for one in letters if not (talk and one.medium == by and one.person == number)]
    return {
        "form": form,
        "cards": [_card(letter) for letter in others],
        "conversation": talk,
        # A text is answered at once, an e-mail by a worker.
        "waits_for": urlencode({"with": number})
        if talk and not talk[-1].ours and by == "email"
        else "",
        "talk": f"{'Emails' if by == 'email' else 'Texts'} with {_name(number)}" if talk else "",
        "number": shown(settings.HUB_SMS_NUMBER) if settings.HUB_SMS_NUMBER else "",
        "newest": NEWEST if len(letters) == NEWEST else 0,
        "filters": [
            {"text": words, "href": f"?medium={key}" if key else "?", "current": key == medium}
            for key, words in FILTERS.items()
        ],
    }


def _number_of(request: HttpRequest) -> dict[str, str]:
    number = request.GET.get("with", "")
    return {"number": shown(number)} if number and "@" not in number else {}


def _name(person: str) -> str:
    """An address as it is, a number as people write it."""
    return person if "@" in person else shown(person)


def _card(letter: Letter) -> Card:
    is_text = letter.medium == "sms"
    who = _name(letter.person)
    direction = "from" if letter.is_inbound else "to"
    return Card(
        words=letter.body.strip() or f"({'an empty text' if is_text else 'no words'})",
        at=letter.at,
        medium=f"{'Text' if is_text else 'Email'} {direction} {who}",
        by=f"about {letter.about}" if letter.about else "",
        subject=letter.subject,
        ours=not letter.is_inbound,
        person=letter.person,
        is_text=is_text,
        answer="" if is_text or letter.is_inbound else letter.reference,
    )


def _text(number: str, words: str) -> None:
    """Does what Twilio does when somebody texts: signs, posts over HTTP, reads the TwiML."""
    message = f"SM{secrets.token_hex(16)}"
    fields = {
        "MessageSid": message, "SmsSid": message, "SmsMessageSid": message,
        "AccountSid": settings.TWILIO_ACCOUNT_SID, "From": number, "To": settings.HUB_SMS_NUMBER,
        "Body": words, "NumMedia": "0", "NumSegments": "1", "SmsStatus": "received",
        "FromCountry": "GB", "ToCountry": "GB", "ApiVersion": "2010-04-01",
    }  # fmt: skip
    if not settings.TWILIO_AUTH_TOKENS:
        raise NoAnswer("Texts are switched off: TWILIO_AUTH_TOKEN is not set.")
    notifications.actions.keep_conversation(
        reference=f"in:{message}", phone=number, body=words, is_inbound=True, now=timezone.now()
    )
    twiml = _deliver(fields)
    for place, found in enumerate(_MESSAGE.findall(twiml)):
        notifications.actions.keep_conversation(
            reference=f"answer:{message}:{place}", phone=number, body=html.unescape(found),
            is_inbound=False, now=timezone.now(),
        )  # fmt: skip


def _deliver(fields: dict[str, str]) -> str:
    """Posts a text to the hub until it takes it, as often as Twilio is told to; the TwiML."""
    url = f"{settings.HUB_BASE_URL}{INBOUND}"
    trouble = ""
    for _ in range(TRIES):
        try:
            answer = requests.post(
                url, fields, headers={"X-Twilio-Signature": twilio.sign(url, fields)},
                timeout=TIMEOUT_SECONDS, allow_redirects=False,
            )  # fmt: skip
        except requests.RequestException:
            trouble = f"The hub could not be reached at {settings.HUB_BASE_URL}."
            continue
        if answer.status_code == 200:
            return answer.text
        trouble = f"The hub answered {answer.status_code}."
        if answer.status_code < 500:
            break
    raise NoAnswer(f"{trouble} Your text was not taken; send it again.")


urlpatterns = [
    path("", post_box, name="demo-post-box"),
    path("calls/", ring, name="demo-post-box-calls"),
    path("mail/", write, name="demo-post-box-mail"),
]
