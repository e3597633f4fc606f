"""E-mails as people and machines send them, and how a test hands one in."""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence
from email.message import EmailMessage
from io import BytesIO

from django.utils import timezone
from PIL import Image

from channels.email import receiving
from inbox.models import InboundMail
from notifications import threads
from notifications.models import Notification
from tests.outbox import run_outbox

MAILBOX = "reply@hub.example"
JO = "Jo Bloggs <jo@example.com>"
_numbers = itertools.count(1)


def write(
    words: str = "My bin was not emptied on Monday, at WR11 3DA.",
    *,
    subject: str = "Missed bin",
    sender: str = JO,
    to: str = f"Hub <{MAILBOX}>",
    html: str = "",
    files: Sequence[tuple[str, str, bytes]] = (),
    message_id: str | None = None,
    headers: Mapping[str, str] | None = None,
    top: Sequence[tuple[str, str]] = (),
) -> bytes:
    """A mail. `files` are (name, type, content); `top` are headers above all others."""
    mail = EmailMessage()
    for name, value in top:
        mail[name] = value
    mail["From"], mail["To"], mail["Subject"] = sender, to, subject
    if message_id is None:
        message_id = f"<{next(_numbers)}@mail.example.com>"
    if message_id:
        mail["Message-ID"] = message_id
    mail.set_content(words)
    if html:
        mail.add_alternative(html, subtype="html")
    for name, kind, content in files:
        main, sub = kind.split("/")
        mail.add_attachment(content, maintype=main, subtype=sub, filename=name)
    for name, value in (headers or {}).items():
        mail[name] = value
    return mail.as_bytes()


def drop(raw: bytes) -> InboundMail:
    """Puts a mail into the mailbox; nobody takes it yet."""
    now = timezone.now()
    receiving.keep(raw, size=len(raw), door="webhook", received_at=now, now=now)
    return InboundMail.objects.latest("pk")


def hand_in(raw: bytes) -> InboundMail:
    """Puts a mail into the mailbox, and lets everything be done that follows; the row after it."""
    mail = drop(raw)
    run_outbox()
    mail.refresh_from_db()
    return mail


def ours(event: str = "received") -> Notification:
    """The newest message of an event that we sent."""
    return Notification.objects.filter(event=event).latest("pk")


def address_of(message: Notification) -> str:
    """Where an answer to a message goes."""
    return threads.reply_to(str(message.public_id))


def references_of(message: Notification) -> dict[str, str]:
    """References and In-Reply-To of an answer to a message."""
    identity = threads.message_id(str(message.public_id))
    return {"References": f"<first@mail.example.com> {identity}", "In-Reply-To": identity}


def picture(width: int = 400) -> bytes:
    """A photo, larger than the pictures of a signature."""
    made = BytesIO()
    Image.effect_noise((width, 300), 90).convert("RGB").save(made, "JPEG", quality=90)
    return made.getvalue()


def bounced(message: Notification, *, status: str = "5.1.1", action: str = "failed") -> bytes:
    """What a mail server sends back for a message of ours (RFC 3464)."""
    identity = threads.message_id(str(message.public_id))
    return f"""From: MAILER-DAEMON@mx.example.com
To: hub@hub.example
Subject: Undelivered Mail Returned to Sender
Message-ID: <{next(_numbers)}@mx.example.com>
Auto-Submitted: auto-replied
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="b"

--b
Content-Type: text/plain

I could not deliver your message.

--b
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example.com

Final-Recipient: rfc822; {message.to}
Action: {action}
Status: {status}
Diagnostic-Code: smtp; 550 {status} No such user

--b
Content-Type: text/rfc822-headers

From: hub@hub.example
To: {message.to}
Message-ID: {identity}

--b--
""".encode()
