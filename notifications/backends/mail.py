"""E-mail by SMTP to the server of an account, with a Message-ID that never changes."""

from __future__ import annotations

import re
import smtplib
from contextlib import suppress
from dataclasses import replace
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

import structlog
from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.core.mail.backends.smtp import EmailBackend

from core.privacy import redact_text
from notifications import threads
from notifications.backends import accounts, codes
from notifications.backends.accounts import Account
from notifications.backends.base import Handed, Later, Outgoing, Refused, Unclear

TIMEOUT_SECONDS = 8
_WELL = 250
# What a server may say of an e-mail's size as soon as it hears of it: that is no trouble of ours.
_TOO_LARGE = frozenset({"552", "5.2.3", "5.3.4"})
_STATUS = re.compile(r"[245]\.\d{1,3}\.\d{1,3}(?!\d)")

log = structlog.get_logger(__name__)


class _Broken(Later):
    """The connection broke before the text of the e-mail had gone."""


class _Talk(smtplib.SMTP):
    """A conversation that knows whether the text of an e-mail has gone, to its last dot."""

    text_is_gone = False

    def send(self, s: Any) -> None:
        """One command, or the text. Commands are words; only the text is bytes."""
        self.text_is_gone = False
        super().send(s)
        self.text_is_gone = isinstance(s, bytes)


class _TalkByTls(_Talk, smtplib.SMTP_SSL):
    """The same where TLS is spoken from the start."""


class _Server(EmailBackend):
    """Django's way to a server, by such conversations."""

    @property
    def connection_class(self) -> type[smtplib.SMTP]:
        """Which conversation is opened."""
        return _TalkByTls if self.use_ssl else _Talk


def server(url: str) -> EmailBackend:
    """The mail server that an address like smtp://user:word@mail.example:587 means.

    `smtps` speaks TLS from the start. `smtp` changes to TLS when there is a password to protect,
    or as `?starttls=1` or `?starttls=0` says.
    """
    parts = urlsplit(url)
    implicit = parts.scheme == "smtps"
    told = parse_qs(parts.query).get("starttls", [""])[0]
    starttls = not implicit and (told == "1" or (told == "" and bool(parts.password)))
    return _Server(
        host=parts.hostname or "localhost",
        port=parts.port or (465 if implicit else 587 if starttls else 25),
        username=unquote(parts.username or ""),
        password=unquote(parts.password or ""),
        use_ssl=implicit,
        use_tls=starttls,
        timeout=TIMEOUT_SECONDS,
    )


class MailBackend:
    """Hands e-mail to the SMTP server. SMTP cannot be asked later what it took."""

    name = "smtp"
    outside = True
    looks_up = False
    takes_files = True

    def __init__(self, account: Account | None = None) -> None:
        account = account or accounts.of_environment("smtp")
        self._url = str(account.secrets.get("url", ""))
        self._from = str(account.settings.get("from", "")) or settings.DEFAULT_FROM_EMAIL
        self._open: EmailBackend | None = None

    def send(self, message: Outgoing) -> Handed:
        """Sends it. What goes wrong before the text has gone is surely not sent."""
        try:
            return self._send(message)
        except Refused as trouble:
            if message.enclosed is None or trouble.code not in _TOO_LARGE:
                raise
            # Its words lead to the file as well.
            return self._send(replace(message, enclosed=None))

    def _send(self, message: Outgoing) -> Handed:
        identity = threads.message_id(message.reference)
        mail = EmailMultiAlternatives(
            subject=message.subject,
            body=message.body,
            from_email=self._from,
            to=[message.to],
            # Automatic mail: absence notices must not answer it (RFC 3834).
            headers={
                "Message-ID": identity,
                "Auto-Submitted": "auto-generated",
                **_thread(message),
            },
        )
        if message.html:
            mail.attach_alternative(message.html, "text/html")
        if message.enclosed is not None:
            mail.attach(message.enclosed.name, message.enclosed.body, "application/pdf")
        try:
            mail.message()
        except ValueError as error:
            raise Refused("It cannot be written as an e-mail", code="bad_message") from error
        if (kept := self._kept()) is not None:
            # A server may hang up at any time on who says nothing.
            with suppress(_Broken):
                self._say(kept, mail)
                return Handed(identity)
        connection = server(self._url)
        _open(connection)
        self._say(connection, mail)
        return Handed(identity)

    def _say(self, connection: EmailBackend, mail: EmailMultiAlternatives) -> None:
        try:
            connection.send_messages([mail])
            self._open = connection
        except smtplib.SMTPRecipientsRefused as error:
            code, words = next(iter(error.recipients.values()))
            raise _by_code(code, words) from error
        except smtplib.SMTPSenderRefused as error:
            raise _of_sender(error.smtp_code, error.smtp_error) from error
        except smtplib.SMTPResponseException as error:
            raise _by_code(error.smtp_code, error.smtp_error) from error
        except (smtplib.SMTPException, OSError) as error:
            raise _broke(connection, error) from error
        finally:
            if self._open is None:
                _close_quietly(connection)

    def rest(self) -> None:
        """Hangs up; the next e-mail opens a connection of its own."""
        kept, self._open = self._open, None
        if kept is not None:
            _close_quietly(kept)

    def _kept(self) -> EmailBackend | None:
        """The connection of the e-mail before, where the server still answers on it.

        Only an e-mail that was taken leaves it open: what has gone wrong is begun afresh.
        """
        kept, self._open = self._open, None
        if kept is not None:
            with suppress(smtplib.SMTPException, OSError):
                if kept.connection and kept.connection.rset()[0] == _WELL:
                    return kept
            _close_quietly(kept)
        return None

    def find(self, message: Outgoing) -> list[str]:
        """SMTP has no way to ask."""
        return []


def _thread(message: Outgoing) -> dict[str, str]:
    """Where an answer goes, and which thread it stands in."""
    found: dict[str, str] = {}
    if answers := threads.reply_to(message.reference):
        found["Reply-To"] = answers
    if message.about:
        of_case = threads.case_id(message.about)
        found["References"] = f"{message.answers} {of_case}".strip()
    if message.answers:
        found["In-Reply-To"] = message.answers
    return found


def _open(connection: EmailBackend) -> None:
    try:
        connection.open()
    except smtplib.SMTPAuthenticationError as error:
        raise _ours(_by_code(error.smtp_code, error.smtp_error)) from error
    except (smtplib.SMTPException, OSError) as error:
        raise Later(f"The mail server is away: {type(error).__name__}") from error


def _broke(connection: EmailBackend, error: Exception) -> Later | Unclear:
    """Once the text has gone, nobody can say whether it was taken."""
    talk = connection.connection
    if isinstance(talk, _Talk) and not talk.text_is_gone:
        return _Broken(f"The connection broke before sending: {type(error).__name__}")
    return Unclear(f"The connection broke while sending: {type(error).__name__}")


def _of_sender(code: int, words: bytes | str) -> Refused | Later:
    trouble = _by_code(code, words)
    return trouble if {str(code), trouble.code} & _TOO_LARGE else _ours(trouble)


def _ours(trouble: Refused | Later) -> Later:
    """Whatever its figures: it is our account that is in trouble, not the message."""
    return trouble if isinstance(trouble, Later) else Later(str(trouble), code=trouble.code)


def _by_code(code: int, words: bytes | str) -> Refused | Later:
    said = words.decode("utf-8", "replace") if isinstance(words, bytes) else str(words)
    # RFC 3463: the status says more than the reply's three figures, where a server gives one.
    found = _STATUS.match(said.strip())
    status = found[0] if found and found[0][0] == str(code)[:1] else ""
    log.info("mail.not_taken", code=code, status=status, said=redact_text(said)[:300])
    known = codes.meaning("smtp", *filter(None, [status, str(code), str(code)[:1]]))
    trouble = known.trouble(status or str(code))
    if isinstance(trouble, Refused) and code < 500:
        return Later(str(trouble), code=trouble.code)
    return trouble


def _close_quietly(connection: EmailBackend) -> None:
    # The answer to the message counts; a connection that breaks at "QUIT" changes nothing.
    connection.fail_silently = True
    connection.close()
