"""/demo/post-box/mail/: writes the hub an e-mail as a citizen would, or answers one. Demo only."""

from __future__ import annotations

import secrets
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, parseaddr
from urllib.parse import urlencode

import requests
from django import forms
from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

import notifications.actions
import notifications.queries
from core import webhook_signing
from core.errors import DomainError
from customers.contact import NotAnEmailAddress, read_email
from notifications import threads
from notifications.queries import Letter

TIMEOUT_SECONDS = 10
TRIES = 3
DOOR = "/channels/email/inbound"
BOX = "/demo/post-box/"
LONGEST_SUBJECT = 150


class MailForm(forms.Form):
    """One e-mail of a person."""

    sender = forms.CharField(
        label="Your email address",
        help_text="A made-up one, like jo@example.com",
        initial="jo@example.com",
        max_length=200,
        widget=forms.TextInput(
            attrs={"class": "govuk-input--width-20", "type": "email", "spellcheck": "false"}
        ),
        error_messages={"required": "Enter an email address, like jo@example.com"},
    )
    subject = forms.CharField(label="Subject", required=False, max_length=LONGEST_SUBJECT)
    words = forms.CharField(
        label="What your email says",
        required=False,
        strip=False,
        max_length=20_000,
        widget=forms.Textarea(attrs={"rows": 8, "data-rows": "8"}),
    )

    def clean_sender(self) -> str:
        """The address as we keep it."""
        try:
            return read_email(self.cleaned_data["sender"])
        except NotAnEmailAddress as error:
            raise forms.ValidationError(str(error)) from error

    def clean_subject(self) -> str:
        """One line: a header has no more."""
        return " ".join(self.cleaned_data["subject"].split())


class NotTaken(DomainError):
    """The hub did not take the e-mail."""

    code = "mail_not_taken"


@require_http_methods(["GET", "HEAD", "POST"])
def write(request: HttpRequest) -> HttpResponse:
    """A form for an e-mail. `answers` in the address names a message of the box: the e-mail then
    bears the mark that this message had, as a program for e-mail would send it back."""
    if not settings.HUB_DEMO:
        raise Http404
    answered = _answered(request.GET.get("answers", ""))
    form = MailForm(request.POST or None, initial=_begun(answered))
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        try:
            _send(said["sender"], said["subject"], said["words"], answered)
            return redirect(f"{BOX}?{urlencode({'with': said['sender']})}#conversation")
        except NotTaken as error:
            messages.error(request, str(error))
    context = {"form": form, "answered": answered, "mailbox": settings.HUB_MAIL_ADDRESS}
    return render(request, "web/post_box_mail.html", context)


def _answered(reference: str) -> Letter | None:
    """The message of the box that somebody answers; None for none. Raises Http404."""
    if not reference:
        return None
    letter = notifications.queries.in_postbox(reference)
    if letter is None or letter.medium != "email" or letter.is_inbound:
        raise Http404
    return letter


def _begun(answered: Letter | None) -> dict[str, str]:
    if answered is None:
        return {}
    return {"sender": answered.person, "subject": f"Re: {answered.subject}"[:LONGEST_SUBJECT]}


def _send(sender: str, subject: str, words: str, answered: Letter | None) -> None:
    """Keeps it for the page, then hands it in at the door where a mail server would."""
    if not (settings.MAIL_WEBHOOK_SECRETS and settings.HUB_MAIL_ADDRESS):
        raise NotTaken(
            "Emails are switched off: MAIL_WEBHOOK_SECRET and HUB_MAIL_ADDRESS are not both set."
        )
    name, now = secrets.token_hex(16), timezone.now()
    _hand_in(_mail(name, sender, subject, words, answered))
    notifications.actions.keep_mail(
        reference=f"in:{name}", sender=sender, subject=subject, body=words, now=now
    )


def _mail(name: str, sender: str, subject: str, words: str, answered: Letter | None) -> bytes:
    """The e-mail as it reaches us: what our mail server found out of its sender stands above."""
    mail = EmailMessage(policy=SMTP)
    if settings.MAIL_AUTHSERV_ID:
        result = f"{settings.MAIL_AUTHSERV_ID}; spf=pass; dkim=pass; dmarc=pass"
        mail["Authentication-Results"] = result
    mail["From"], mail["Subject"] = sender, subject
    mail["Date"] = format_datetime(timezone.now())
    mail["Message-ID"] = f"<{name}@post-box.demo>"
    if answered is None:
        mail["To"] = settings.HUB_MAIL_ADDRESS
    else:
        mail["To"] = threads.reply_to(answered.reference)
        mail["In-Reply-To"] = threads.message_id(answered.reference)
        mail["References"] = mail["In-Reply-To"]
        words = f"{words}\n\n{_quoted(answered)}"
    mail.set_content(words)
    return mail.as_bytes()


def _quoted(answered: Letter) -> str:
    """What they answer, as programs quote it."""
    who = parseaddr(settings.DEFAULT_FROM_EMAIL)[1]
    at = timezone.localtime(answered.at)
    lines = "\n".join(f"> {line}" for line in answered.body.splitlines())
    return f"On {at:%d %B %Y} at {at:%H:%M}, {who} wrote:\n{lines}"


def _hand_in(raw: bytes) -> None:
    """Does what a mail server does: signs, posts over HTTP, and comes again when told to."""
    trouble = ""
    for _ in range(TRIES):
        stamp, webhook_id = str(int(timezone.now().timestamp())), f"msg_{secrets.token_hex(12)}"
        signature = webhook_signing.signature(
            settings.MAIL_WEBHOOK_SECRETS[0], webhook_id=webhook_id, timestamp=stamp, body=raw
        )
        headers = {
            "Content-Type": "message/rfc822", "webhook-id": webhook_id,
            "webhook-timestamp": stamp, "webhook-signature": signature,
        }  # fmt: skip
        try:
            answer = requests.post(
                f"{settings.HUB_BASE_URL}{DOOR}", raw, headers=headers, timeout=TIMEOUT_SECONDS,
                allow_redirects=False,
            )  # fmt: skip
        except requests.RequestException:
            trouble = f"The hub could not be reached at {settings.HUB_BASE_URL}."
            continue
        if answer.status_code == 200:
            return
        trouble = f"The hub answered {answer.status_code}."
        if answer.status_code < 500:
            break
    raise NotTaken(f"{trouble} Your email was not taken; send it again.")
