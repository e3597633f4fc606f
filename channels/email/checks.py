"""A mailbox that is half set up would lose mails without a word: the start says so."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, register
from django.core.checks import Warning as Caution

from channels.email import imap
from core import webhook_signing
from customers.contact import NotAnEmailAddress, read_email
from notifications import threads


@register()
def mailbox_is_whole(app_configs: Sequence[Any] | None, **_: object) -> list[CheckMessage]:
    """Whoever reads mails knows whose they are, and can be answered."""
    found = _address()
    if settings.IMAP_URL and not found:
        try:
            imap.place(settings.IMAP_URL)
        except ValueError as error:
            hint = "Write it as imaps://user:password@host/INBOX, or set IMAP_PASSWORD(_FILE)."
            found.append(Error(f"IMAP_URL: {error}.", hint=hint, id="channels.E021"))
    for secret in settings.MAIL_WEBHOOK_SECRETS:
        try:
            webhook_signing.key_of(secret)
        except ValueError as error:
            hint = "Make one: printf 'whsec_%s\\n' \"$(openssl rand -base64 32)\"."
            found.append(Error(f"MAIL_WEBHOOK_SECRET: {error}.", hint=hint, id="channels.E022"))
    reads = settings.IMAP_URL or settings.MAIL_WEBHOOK_SECRETS
    if reads and not settings.MAIL_AUTHSERV_ID:
        found.append(
            Caution(
                "Mails are read, and nobody says whether their senders are who they claim to be.",
                hint="Set MAIL_AUTHSERV_ID to the name that your mail server gives itself in "
                "Authentication-Results.",
                id="channels.W020",
            )
        )
    return found


def _address() -> list[CheckMessage]:
    address = settings.HUB_MAIL_ADDRESS
    if not address:
        if settings.IMAP_URL or settings.MAIL_WEBHOOK_SECRETS:
            hint = "Set it to the address of the mailbox that people write to."
            return [Error("HUB_MAIL_ADDRESS is not set.", hint=hint, id="channels.E020")]
        return []
    try:
        read_email(address)
    except NotAnEmailAddress:
        hint = "Write it as reply@example.gov.uk."
        return [Error("HUB_MAIL_ADDRESS is no address.", hint=hint, id="channels.E020")]
    if len(address.partition("@")[0]) > threads.LONGEST_NAME:
        return [
            Error(
                "HUB_MAIL_ADDRESS has too long a name before the @ for our mark of each message.",
                hint=f"Use one of {threads.LONGEST_NAME} characters or fewer, as reply@….",
                id="channels.E020",
            )
        ]
    return []
