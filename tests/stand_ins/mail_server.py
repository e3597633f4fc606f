"""A mail server on loopback that can refuse, put off, and fall silent."""
# ruff: noqa: N802  the names of these methods are the protocols’ own

from __future__ import annotations

import socket
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import Message
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP


def words_of(letter: Message) -> str:
    """What a reader without HTML shows of a letter."""
    plain = next(one for one in letter.walk() if one.get_content_type() == "text/plain")
    payload = plain.get_payload(decode=True)
    return payload.decode() if isinstance(payload, bytes) else str(payload)


class _Smtp(SMTP):
    """As aiosmtpd speaks; here it can go wrong before the text, too."""

    async def smtp_DATA(self, arg: str) -> None:
        """Is told that the text comes."""
        if self.event_handler.at_text:
            step = self.event_handler.at_text.pop(0)
            transport: Any = self.transport
            if step == "lost":
                transport.abort()
            await self.push(step)
            return
        await super().smtp_DATA(arg)


class _Controller(Controller):
    def factory(self) -> SMTP:
        return _Smtp(self.handler, **self.SMTP_kwargs)


@dataclass
class MailServer:
    """`letters` is what it took; `plan` holds answers for the next letters, by where they fall."""

    letters: list[Message] = field(default_factory=list)
    at_sender: list[str] = field(default_factory=list)
    at_recipient: list[str] = field(default_factory=list)
    # Answers to the command after which the text comes; a "lost" at any place hangs up there.
    at_text: list[str] = field(default_factory=list)
    at_data: list[str] = field(default_factory=list)
    at_reset: list[str] = field(default_factory=list)
    # How many connections greeted it, and how many said goodbye.
    greetings: int = 0
    goodbyes: int = 0

    async def handle_EHLO(
        self, server: Any, session: Any, envelope: Any, hostname: str, responses: list[str]
    ) -> list[str]:
        """Greets back."""
        session.host_name = hostname
        self.greetings += 1
        return responses

    async def handle_QUIT(self, server: Any, session: Any, envelope: Any) -> str:
        """Says goodbye."""
        self.goodbyes += 1
        return "221 Bye"

    async def handle_RSET(self, server: Any, session: Any, envelope: Any) -> str:
        """Is asked whether it still listens; "lost" hangs up without a word."""
        step = self.at_reset.pop(0) if self.at_reset else "250 OK"
        if step == "lost":
            server.transport.abort()
        return step

    async def handle_MAIL(
        self, server: Any, session: Any, envelope: Any, address: str, options: list[str]
    ) -> str:
        """Takes a sender, unless told otherwise."""
        step = self.at_sender.pop(0) if self.at_sender else "250 OK"
        if step == "lost":
            server.transport.abort()
        envelope.mail_from = address
        return step

    async def handle_RCPT(
        self, server: Any, session: Any, envelope: Any, address: str, options: list[str]
    ) -> str:
        """Takes a recipient, unless told otherwise."""
        if self.at_recipient:
            step = self.at_recipient.pop(0)
            if step == "lost":
                server.transport.abort()
            return step
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        """Takes a letter; "lost" takes it and hangs up without a word."""
        step = self.at_data.pop(0) if self.at_data else ""
        if step and step != "lost":
            return step
        self.letters.append(message_from_bytes(envelope.content))
        if step == "lost":
            server.transport.abort()
        return "250 OK"

    def __enter__(self) -> MailServer:
        with socket.create_server(("127.0.0.1", 0)) as free:
            self._port: int = free.getsockname()[1]
        self._controller = _Controller(self, hostname="127.0.0.1", port=self._port)
        self._controller.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._controller.stop()

    @property
    def url(self) -> str:
        """Its address as EMAIL_URL."""
        return f"smtp://127.0.0.1:{self._port}"
